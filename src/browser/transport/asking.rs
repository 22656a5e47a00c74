//! The user's turn. One question at a time, for whoever waits for its answer; in a task of its own, so that a request that is given up takes
//! nothing from the others.

use std::{cell::RefCell, rc::Rc};

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::Request;

use super::{Body, Thrown, Transport, exchange::asked_as};
use crate::{
    browser::{
        client::{Client, Token},
        flight::{Slot, first, outside},
    },
    error::{Error, ErrorCode},
    protocol::{list, secret::Secret},
    session::{config::InteractionType, login::LoginRequest, need::Need},
};

thread_local! {
    /// What the users of this page's sessions are being asked for.
    static ASKED: RefCell<Vec<Rc<Asked>>> = const { RefCell::new(Vec::new()) };
}

/// A question that is being asked.
#[derive(Debug)]
pub(super) struct Asked {
    session: Box<str>,
    need: Need,
    outcome: Rc<Slot<Result<Token, Thrown>>>,
    cancelled: Rc<Slot<()>>,
}

impl Asked {
    /// The one of this session.
    fn now(session: &str) -> Option<Rc<Self>> {
        ASKED.with_borrow(|all| all.iter().find(|asked| *asked.session == *session).cloned())
    }

    /// What came of it, for this need. `None`: it is no answer to that.
    pub(super) async fn outcome_for(&self, client: &Client, need: &Need) -> Option<Result<Token, Error>> {
        client.make_room().await;
        let told = self.told().await;
        need.takes(&self.need, &told).then_some(told)
    }

    /// It is not being asked any more.
    fn end(self: &Rc<Self>) {
        ASKED.with_borrow_mut(|all| list::retain(all, |other| !Rc::ptr_eq(other, self)));
    }

    /// What others are told of its outcome.
    async fn told(&self) -> Result<Token, Error> {
        self.outcome.get().await.map_err(|thrown| match thrown {
            Thrown::Ours(error) => error,
            // A value that was thrown at one caller is not another's.
            Thrown::Theirs(_) => ErrorCode::UserCancelled.into(),
        })
    }

    /// Error: `user_cancelled`, once the app gives it up.
    async fn cancelled<T>(&self) -> Result<T, Thrown> {
        self.cancelled.get().await;
        Err(ErrorCode::UserCancelled.into())
    }
}

/// The very same question, where the user is being asked it: the provider need not be asked first, it has said that it wants the user.
pub(super) fn asked(client: &Client, need: &Need) -> Option<Rc<Asked>> {
    Asked::now(client.session_id()).filter(|asked| asked.need == *need)
}

/// Gives up the question that waits for its turn, or for the app's own word.
pub fn cancel(client: &Client) {
    if let Some(asked) = Asked::now(client.session_id()) {
        asked.cancelled.put(());
    }
}

/// A question for the user.
pub(super) struct Asking {
    pub(super) client: Rc<Client>,
    pub(super) transport: Rc<Transport>,
    pub(super) need: Need,
    /// Why the user is asked, and the claims that the API and the provider want.
    pub(super) error: Error,
    /// For `onInteractionRequired`.
    pub(super) context: JsValue,
    pub(super) correlation_id: String,
    pub(super) request: Request,
    pub(super) body: Body,
    /// The token that was refused, where one was sent.
    pub(super) sent: Option<Secret>,
}

/// How the user is asked.
enum Way {
    Popup,
    Redirect,
}

impl Asking {
    /// Asks, when it is its turn: who waits for it takes the answer to another's question where that is enough. `may_catch_up`: so it does where that
    /// brought another token than the one that was refused, which is worth a try before the user is asked again; that one says that it is from the cache.
    pub(super) async fn outcome(self, may_catch_up: bool) -> Result<Token, Thrown> {
        while let Some(asked) = Asked::now(self.client.session_id()) {
            self.client.make_room().await;
            let told = asked.told().await;
            if self.need.takes(&asked.need, &told) {
                return Ok(told?);
            }
            if let Some(token) = self.newer().filter(|_| may_catch_up) {
                return Ok(token);
            }
        }
        let asked = Rc::new(Asked {
            session: self.client.session_id().into(),
            need: self.need.clone(),
            outcome: Slot::new(),
            cancelled: Slot::new(),
        });
        ASKED.with_borrow_mut(|all| all.push(Rc::clone(&asked)));
        let own = Rc::clone(&asked);
        wasm_bindgen_futures::spawn_local(async move {
            let outcome = self.ask(&own).await;
            self.client.with_questions(|questions| match &outcome {
                Ok(_) => questions.met(&self.need),
                Err(Thrown::Ours(error)) => questions.failed(&self.need, error),
                Err(Thrown::Theirs(_)) => {}
            });
            own.end();
            own.outcome.put(outcome);
        });
        asked.outcome.get().await
    }

    async fn ask(&self, asked: &Rc<Asked>) -> Result<Token, Thrown> {
        // A popup that the app opened itself comes first, and may bring what is needed.
        if let Some(token) = self.after_popup(asked).await? {
            return Ok(token);
        }
        let way = first(asked.cancelled(), self.choose()).await?;
        // After the choice: a button that nobody presses in one tab must not keep the others from theirs.
        let _turn = first(asked.cancelled(), async { Ok(self.client.question_turn().await) }).await?;
        // The app has asked in its own way, or another tab while this one waited. That counts as the question.
        if let Some(token) = self.after_popup(asked).await? {
            return Ok(Token { is_from_cache: false, ..token });
        }
        match way {
            Way::Redirect => {
                self.leave().await?;
                // The app did not let the page go: it knows now what is wanted.
                Err(self.error.clone().into())
            }
            Way::Popup => {
                let opened = self.client.open_popup_in_task(&self.correlation_id).await;
                let interaction = opened.map_err(|error| error.asking(self.error.claims.clone()))?;
                Ok(self.client.login_popup(interaction, self.request()).await?)
            }
        }
    }

    /// Waits until no popup is open, and looks for what that has brought.
    async fn after_popup(&self, asked: &Asked) -> Result<Option<Token>, Thrown> {
        let is_free = async {
            self.client.until_no_popup().await;
            Ok(())
        };
        first(asked.cancelled(), is_free).await?;
        Ok(self.newer())
    }

    /// Sends the page to the provider. The request waits for the page that the user comes back to; without its body where that is too much.
    async fn leave(&self) -> Result<(), Error> {
        let mut resend = self.body.resend(&self.request, self.need.clone(), self.transport.is_apps_own).await;
        let gone = self.client.login_redirect(LoginRequest { resend: Some(resend.to_text()), ..self.request() }).await;
        match gone {
            Err(error) if error.code == ErrorCode::CacheQuotaExceeded && resend.body.take().is_some() => {
                self.client.login_redirect(LoginRequest { resend: Some(resend.to_text()), ..self.request() }).await
            }
            gone => gone,
        }
    }

    fn request(&self) -> LoginRequest {
        let request = asked_as(&self.correlation_id);
        LoginRequest { claims: self.error.claims.as_deref().map(String::from), ..self.need.interactive(request) }
    }

    /// A cached token that is not the one that was refused.
    fn newer(&self) -> Option<Token> {
        self.client.newer(&self.need.plain(), self.sent.as_ref())
    }

    /// What the app chooses, else what it configured. Error: `user_cancelled` where it chooses not to ask.
    async fn choose(&self) -> Result<Way, Thrown> {
        let configured = match self.transport.policy.interaction {
            InteractionType::Redirect => Way::Redirect,
            InteractionType::None | InteractionType::Popup => Way::Popup,
        };
        let Some(ask) = self.transport.on_interaction_required.clone() else { return Ok(configured) };
        let context = self.context.clone();
        let answer = outside(move || ask.call1(&JsValue::UNDEFINED, &context)).await?;
        let answer = JsFuture::from(Promise::resolve(&answer)).await?;
        match answer.as_string().as_deref() {
            Some("popup") => Ok(Way::Popup),
            Some("redirect") => Ok(Way::Redirect),
            _ => {
                self.client.with_questions(|questions| questions.refused(&self.need));
                Err(ErrorCode::UserCancelled.into())
            }
        }
    }
}
