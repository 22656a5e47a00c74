//! The user at the provider: in a popup, or in this very page, and the way back.

use std::{cell::RefCell, rc::Rc};

use wasm_bindgen::JsValue;
use web_sys::Window;

use super::{Client, Token};
use crate::{
    browser::{
        clock,
        driver::Stage,
        flight::{Slot, first, outside},
        location,
        popup::{self, Popup, Shape},
        storage,
        transport::resend_to_js,
        vault::Lock,
    },
    error::{Error, ErrorCode},
    protocol::{authorize::Pending, callback::Callback, cut, list, state::Flow},
    session::{
        Input,
        arrival::{self, Arrival, Return as GoBack},
        login::{Login, LoginRequest},
        questions,
        resend::Resend,
    },
};

thread_local! {
    /// The popup of each client id that has one open, whichever of its clients opened it. It is the interaction lock: it ends with the page.
    static INTERACTIONS: RefCell<Vec<Rc<Interaction>>> = const { RefCell::new(Vec::new()) };

    /// Where this page is being left for the one that a redirect began on: full once it turns out that it stays.
    static LEAVING: RefCell<Option<Rc<Slot<()>>>> = const { RefCell::new(None) };
}

/// A popup that is open.
#[derive(Debug)]
pub struct Interaction {
    client_id: Box<str>,
    pub(super) popup: Popup,
    over: Rc<Slot<()>>,
}

/// What the page knows of how it started.
#[derive(Debug, Default)]
pub struct Return {
    /// The fragment that the app gives.
    pub hash: Option<String>,
    /// The page's fragment when the client was made: before a router could take it away.
    pub early: Option<String>,
    /// Where a link or a redirect led here from.
    pub referrer: Option<String>,
    /// Whether the user stays on this page, whichever was left.
    pub stays: bool,
}

impl Client {
    /// Opens a popup, in the click. A popup that reads closed makes room for the new one; so does any, where the app says so.
    ///
    /// Errors: `interaction_in_progress`, `popup_window_error`.
    pub fn open_popup(&self, shape: &Shape, is_override: bool, correlation_id: &str) -> Result<Rc<Interaction>, Error> {
        self.claim_interaction(is_override)?;
        self.watch_popup(popup::open(shape)?, correlation_id)
    }

    /// [`Client::open_popup`] for a task.
    pub async fn open_popup_in_task(&self, correlation_id: &str) -> Result<Rc<Interaction>, Error> {
        self.claim_interaction(false)?;
        self.watch_popup(outside(|| popup::open(&Shape::default())).await?, correlation_id)
    }

    fn claim_interaction(&self, is_override: bool) -> Result<(), Error> {
        if let Some(current) = self.interaction() {
            if !(is_override || current.popup.is_closed()) {
                return Err(ErrorCode::InteractionInProgress.into());
            }
            current.popup.cancel(ErrorCode::InteractionInProgressCancelled);
            leave(&current);
        }
        Ok(())
    }

    fn watch_popup(&self, window: Window, correlation_id: &str) -> Result<Rc<Interaction>, Error> {
        let interaction = Rc::new(Interaction {
            client_id: self.config.client_id.clone(),
            popup: Popup::watch(window, self.config.popup_timeout)?,
            over: Slot::new(),
        });
        INTERACTIONS.with_borrow_mut(|all| all.push(Rc::clone(&interaction)));
        self.emit("msal:popupOpened", Some("popup"), &JsValue::NULL, correlation_id);
        Ok(interaction)
    }

    /// Signs the user in, in an open popup. Errors: those of `Login::step`, of the popup, of the network, `cache_quota_exceeded`.
    pub async fn login_popup(&self, interaction: Rc<Interaction>, request: LoginRequest) -> Result<Token, Error> {
        self.emit("msal:acquireTokenStart", Some("popup"), &JsValue::NULL, &request.correlation_id);
        let failed = async { Err(interaction.popup.failed().await.of(&request.correlation_id)) };
        let stage = Stage::Popup(&interaction.popup);
        let outcome = first(failed, self.login(&request, Flow::Popup, &stage)).await;
        let outcome = outcome.and_then(|token| token.ok_or_else(|| ErrorCode::UnexpectedError.into()));
        self.close(&interaction, outcome.is_ok());
        self.emit_outcome("popup", &outcome);
        outcome
    }

    /// [`Client::login_popup`] for the app itself. The requests of other tabs wait for it before they ask.
    pub async fn login_popup_by_app(&self, interaction: Rc<Interaction>, request: LoginRequest) -> Result<Token, Error> {
        let over = Slot::new();
        let (session, until) = (Rc::clone(&self.session), Rc::clone(&over));
        wasm_bindgen_futures::spawn_local(async move {
            let turn = session.question_turn().await;
            until.get().await;
            drop(turn);
        });
        let outcome = self.login_popup(interaction, self.asked_by_app(request)).await;
        over.put(());
        self.with_questions(|questions| match &outcome {
            Ok(_) => questions.app_succeeded(),
            Err(error) => questions.app_failed(error),
        });
        outcome
    }

    /// [`Client::login_redirect`] for the app itself.
    pub async fn login_redirect_by_app(&self, request: LoginRequest) -> Result<(), Error> {
        self.login_redirect(self.asked_by_app(request)).await
    }

    fn asked_by_app(&self, request: LoginRequest) -> LoginRequest {
        self.look();
        let account = self.default_account();
        self.with_questions(|questions| questions.asked_by_app(request, account.as_deref()))
    }

    /// Waits until no other tab of this session asks its user, where tabs share sessions. It is this tab's turn until that is dropped.
    pub async fn question_turn(&self) -> Option<Rc<Lock>> {
        self.session.question_turn().await
    }

    /// Sends the page to the provider. It returns with an error, or where the app did not let the page go: those of `login_popup`,
    /// `storage_not_supported`, `redirect_in_iframe`, `user_cancelled` where the user came back with the back button, `timed_out` where the page
    /// stayed.
    pub async fn login_redirect(&self, mut request: LoginRequest) -> Result<(), Error> {
        self.refuse_while_interacting()?;
        if location::is_framed() && !self.config.may_redirect_in_frame {
            return Err(ErrorCode::RedirectInIframe.into());
        }
        self.emit("msal:acquireTokenStart", Some("redirect"), &JsValue::NULL, &request.correlation_id);
        request.start_page = request.start_page.or_else(location::href).map(arrival::without_answer_in);
        let key = self.session.key(PENDING);
        // An answer to an earlier one that nobody took up.
        forget(&self.session.key(RESPONSE))?;
        let outcome = self.login(&request, Flow::Redirect, &Stage::Page(&key, &self.navigator)).await;
        if let Err(error) = &outcome {
            self.emit_failure("msal:acquireTokenFailure", "redirect", error);
        }
        outcome.map(drop)
    }

    /// Gives up the popup that is open, if there is one.
    pub fn cancel_interaction(&self) {
        if let Some(current) = self.interaction() {
            current.popup.cancel(ErrorCode::UserCancelled);
        }
    }

    /// Where the open popup reads closed and the user is acting in this page right now, the popup is given up: the user has turned away from it.
    pub async fn make_room(&self) {
        let abandoned = || self.interaction().filter(|current| current.popup.may_be_abandoned());
        let Some(current) = abandoned().filter(|_| location::is_user_acting()) else { return };
        // One that has closed itself has an answer on its way.
        clock::sleep(GRACE).await;
        if abandoned().is_some_and(|still| Rc::ptr_eq(&still, &current)) {
            current.popup.cancel(ErrorCode::InteractionInProgressCancelled);
        }
    }

    /// Waits until no popup is open.
    pub async fn until_no_popup(&self) {
        while let Some(current) = self.interaction() {
            self.make_room().await;
            current.over.get().await;
        }
    }

    /// Takes up what the page was left for. `None`: the URL holds no answer for this client.
    ///
    /// Errors: those of `Login::step` and of the network; `hash_empty_error`, `no_state_in_hash`; `unable_to_parse_token_request_cache_error`.
    pub async fn handle_redirect(&self, start: Return) -> Result<Option<Token>, Error> {
        if let Some(channel) = arrival::signed_out(&location::query()) {
            return if popup::answer(&channel, "")? { std::future::pending().await } else { Ok(None) };
        }
        while let Some(stayed) = LEAVING.with_borrow(Clone::clone) {
            // Another client of this page has sent the user on, with the answer: it is taken up there.
            stayed.get().await;
        }
        let (key, sent_on) = (self.session.key(PENDING), self.session.key(RESPONSE));
        let kept = storage::session().ok().and_then(|storage| storage.get_item(&sent_on).ok().flatten());
        if kept.is_some() {
            forget(&sent_on)?;
        }
        let stays = start.stays || kept.is_some();
        // A wrapper gives whatever its router calls the fragment, on the page that the answer was sent on to, too.
        let given = start.hash.map_or_else(location::fragment, Ok)?;
        let fragment = arrival::choose(&[kept, Some(given), start.early]);
        let pending = || Ok(storage::session()?.get_item(&key).ok().flatten());
        let (pending, callback) = match arrival::arrive(&fragment, start.referrer.as_deref(), clock::now(), pending)? {
            Arrival::Nothing => {
                if let Some(resend) = self.unanswered.take() {
                    self.tell_waiting("countersign:challengeDeclined", &resend, "");
                }
                return Ok(None);
            }
            Arrival::Forged(_) if arrival::is_waited_for(&fragment, storage::waiting(PENDING)) => return Ok(None),
            Arrival::Forged(error) => return Err(error),
            Arrival::Broken(error) => {
                forget(&key)?;
                if Callback::parse(&fragment).is_some() {
                    location::clear_fragment(&fragment)?;
                }
                return Err(error);
            }
            Arrival::ForOpener(flow, channel) => {
                location::clear_fragment(&fragment)?;
                let is_closing = popup::answer(&channel, &fragment)?;
                if is_closing || (flow == Flow::Silent && location::is_framed()) {
                    // The window closes, the frame is taken away: the app must not start in it.
                    std::future::pending::<()>().await;
                }
                return Ok(None);
            }
            Arrival::Expected(pending, callback) => (pending, callback),
        };
        location::clear_fragment(&fragment)?;
        match arrival::go_back(pending.start_page(), &location::href().unwrap_or_default()) {
            // Where there is no room to send the answer on, it is taken up here.
            GoBack::Go(url) if !stays && storage::session()?.set_item(&sent_on, &fragment).is_ok() => {
                let stayed = Slot::new();
                LEAVING.set(Some(Rc::clone(&stayed)));
                self.navigator.move_on(&url).await;
                LEAVING.set(None);
                stayed.put(());
                // This page is still there: the app's own router went there without a new one, or the user did not let it go. The answer is
                // taken up here.
                forget(&sent_on)?;
            }
            // Without a fragment there is nothing to show: the answer's is gone already.
            GoBack::Here(Some(url)) if !stays && cut::find(&url, "#").is_some() => location::show(&url)?,
            _ => {}
        }
        forget(&key)?;
        let correlation_id = String::from(pending.correlation_id());
        let jwks_uri = String::from(pending.jwks_uri());
        let resend = pending.resend().and_then(|text| Resend::from_text(text, &self.config));
        let mut login = Login::resume(*pending);
        let granted = self.run(&mut login, &Stage::Silent, Input::Returned(callback), &jwks_uri).await;
        let outcome = match granted {
            Ok(Some(granted)) => self.keep_sign_in(granted).await,
            Ok(None) => Err(ErrorCode::UnexpectedError.into()),
            Err(error) => Err(error),
        };
        let outcome = outcome.map_err(|error| error.of(&correlation_id));
        if outcome.is_ok() {
            self.hope();
        }
        self.emit_outcome("redirect", &outcome);
        if let Some(resend) = resend {
            self.returned(&resend, Some(outcome.as_ref().map(drop)));
            match &outcome {
                Ok(_) => self.tell_waiting("countersign:challengeAnswered", &resend, &correlation_id),
                Err(error) if questions::is_denial(error) => {
                    self.tell_waiting("countersign:challengeDeclined", &resend, &correlation_id);
                }
                Err(_) => {}
            }
        }
        outcome.map(Some)
    }

    /// Looks at what the page was left for: its answer is in this fragment, or on its way here, or there is none.
    pub(super) fn judge_return(&self, fragment: &str) {
        let kept = |name| storage::session().ok()?.get_item(&self.session.key(name)).ok()?;
        let resend = || {
            let pending = Pending::from_text(&kept(PENDING)?).filter(|pending| !pending.is_expired(clock::now()))?;
            Resend::from_text(pending.resend()?, &self.config)
        };
        let Some(resend) = resend() else { return };
        let is_answered = kept(RESPONSE).is_some() || Callback::parse(fragment).is_some();
        self.returned(&resend, is_answered.then_some(Ok(())));
        if !is_answered {
            self.unanswered.replace(Some(resend));
        }
    }

    fn returned(&self, resend: &Resend, outcome: Option<Result<(), &Error>>) {
        self.with_questions(|questions| questions.returned(&resend.need, &resend.url, outcome, clock::now()));
    }

    /// Tells the app what became of the request that the page was left for.
    fn tell_waiting(&self, event: &str, resend: &Resend, correlation_id: &str) {
        self.emit(event, Some("redirect"), &resend_to_js(resend), correlation_id);
    }

    /// What waits for a user who went to the provider and came back without an answer waits no more: another way was taken.
    pub(super) fn forget_redirect(&self) {
        // Where storage is blocked nothing waits.
        let _ = forget(&self.session.key(PENDING));
    }

    pub(super) fn refuse_while_interacting(&self) -> Result<(), Error> {
        match self.interaction() {
            Some(current) if !current.popup.is_closed() => Err(ErrorCode::InteractionInProgress.into()),
            _ => Ok(()),
        }
    }

    /// The popup is of no more use.
    pub(super) fn close(&self, interaction: &Rc<Interaction>, was_signed_in: bool) {
        if was_signed_in {
            self.hope();
            self.forget_redirect();
        }
        leave(interaction);
    }

    fn interaction(&self) -> Option<Rc<Interaction>> {
        INTERACTIONS.with_borrow(|all| all.iter().find(|one| one.client_id == self.config.client_id).cloned())
    }
}

fn leave(interaction: &Rc<Interaction>) {
    INTERACTIONS.with_borrow_mut(|all| list::retain(all, |other| !Rc::ptr_eq(other, interaction)));
    interaction.over.put(());
}

fn forget(key: &str) -> Result<(), Error> {
    storage::session()?.remove_item(key).map_err(|_| ErrorCode::StorageNotSupported.into())
}

/// How long an answer may take from the popup to this page, in milliseconds.
const GRACE: u64 = 500;

/// What a sign-in by redirect waits under.
const PENDING: &str = "pending";

/// The answer to it, on its way to the page that was left.
const RESPONSE: &str = "response";
