//! The end of a session: here, then at the provider.

use std::rc::Rc;

use wasm_bindgen::JsValue;

use super::{Client, Interaction};
use crate::{
    browser::{
        flight::first,
        location::{self, Left},
        random,
    },
    error::{Error, ErrorCode},
    protocol::{
        authority::Authority,
        logout::EndSession,
        state::{Flow, State},
    },
    session::account::Account,
};

/// What the app asks of a sign-out.
#[derive(Clone, Debug, Default)]
pub struct LogoutRequest {
    /// `postLogoutRedirectUri`; empty where it is `null`.
    pub post_logout_redirect_uri: Option<String>,
    /// `idTokenHint`.
    pub id_token_hint: Option<String>,
    /// `logoutHint`.
    pub logout_hint: Option<String>,
    /// `state`.
    pub state: Option<String>,
    /// `correlationId`.
    pub correlation_id: String,
    /// `authority`, in place of the configured one.
    pub authority: Option<Authority>,
    /// `extraQueryParameters`.
    pub extra: Vec<(String, String)>,
}

impl Client {
    /// Signs the user out here, then at the provider, by sending the page there. Errors: those of the network; `interaction_in_progress`;
    /// `user_cancelled` where the user came back with the back button, `timed_out` where the page stayed.
    pub async fn logout_redirect(&self, account: Option<&str>, request: &LogoutRequest) -> Result<(), Error> {
        self.refuse_while_interacting()?;
        self.emit("msal:logoutStart", Some("redirect"), &JsValue::NULL, &request.correlation_id);
        let outcome = self.end_session(account, request, request.state.as_deref()).await;
        let outcome = outcome.map_err(|error| error.of(&request.correlation_id));
        self.ended("redirect", &outcome, request);
        match outcome? {
            Some(url) => self.navigator.leave(&url).await.map(|_: Left| ()),
            None => Ok(()),
        }
    }

    /// Signs the user out here, then at the provider, in an open popup. The user who closes it has been signed out here all the same.
    ///
    /// Errors: those of the network; `timed_out`; `interaction_in_progress_cancelled`.
    pub async fn logout_popup(
        &self,
        interaction: Rc<Interaction>,
        account: Option<&str>,
        request: &LogoutRequest,
    ) -> Result<(), Error> {
        self.emit("msal:logoutStart", Some("popup"), &JsValue::NULL, &request.correlation_id);
        let failed = async { Err(interaction.popup.failed().await) };
        let outcome = first(failed, self.sign_out_in(&interaction, account, request)).await;
        self.close(&interaction, false);
        let outcome = match outcome {
            Err(error) if error.code == ErrorCode::UserCancelled => {
                // Whatever the provider was still to be asked: the user is signed out here.
                self.clear_cache(account).await;
                Ok(())
            }
            outcome => outcome,
        };
        let outcome = outcome.map_err(|error| error.of(&request.correlation_id));
        self.ended("popup", &outcome, request);
        outcome
    }

    async fn sign_out_in(&self, interaction: &Interaction, account: Option<&str>, request: &LogoutRequest) -> Result<(), Error> {
        let state = State::new(Flow::Popup, &random::seeds()?.state, request.state.as_deref());
        if let Some(url) = self.end_session(account, request, Some(state.as_str())).await? {
            interaction.popup.visit(&url, state.id()).await?;
        }
        Ok(())
    }

    /// Forgets the session, and gives the URL that ends it at the provider; `None` where the provider has none.
    async fn end_session(
        &self,
        account: Option<&str>,
        request: &LogoutRequest,
        state: Option<&str>,
    ) -> Result<Option<String>, Error> {
        // The hint goes with the account, so it is read first.
        let hint = self.read(|cache| {
            let account = account.map_or_else(|| cache.default_account(), |home| cache.account(home, None));
            account.as_ref().and_then(Account::login_hint).map(String::from)
        });
        // The user wants to be signed out, whether the provider can be reached or not.
        self.clear_cache(account).await;
        self.forget_redirect();
        let metadata = self.metadata(request.authority.as_ref().unwrap_or(&self.config.authority)).await?;
        let page = location::page().unwrap_or_default();
        let url = EndSession {
            client_id: &self.config.client_id,
            post_logout_redirect_uri: self.config.return_from_sign_out(request.post_logout_redirect_uri.as_deref(), &page),
            id_token_hint: request.id_token_hint.as_deref(),
            logout_hint: request.logout_hint.as_deref().or(hint.as_deref()),
            state,
            correlation_id: &request.correlation_id,
            extra: &request.extra,
        }
        .encode(&metadata, self.config.authority.mode());
        Ok(url)
    }

    /// Tells the app how it went.
    fn ended<T>(&self, interaction: &str, outcome: &Result<T, Error>, request: &LogoutRequest) {
        match outcome {
            Ok(_) => self.emit("msal:logoutSuccess", Some(interaction), &JsValue::NULL, &request.correlation_id),
            Err(error) => self.emit_failure("msal:logoutFailure", interaction, error),
        }
        self.emit("msal:logoutEnd", Some(interaction), &JsValue::NULL, &request.correlation_id);
    }
}
