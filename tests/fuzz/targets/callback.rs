//! A URL's fragment, as the answer to a request that waits for one.
#![no_main]

mod app;

use countersign::{
    error::ErrorCode,
    protocol::{authorize::Pending, callback::Callback, form, token},
};
use libfuzzer_sys::fuzz_target;

thread_local! {
    static WAITING: [(bool, Pending); 2] = [true, false].map(|sends_iss| (sends_iss, app::pending(sends_iss)));
}

fuzz_target!(|data: &[u8]| {
    let Ok(fragment) = str::from_utf8(data) else { return };
    let callback = Callback::parse(fragment);
    let bare = fragment.strip_prefix('#').unwrap_or(fragment);
    let again = Callback::parse(&format!("#{bare}"));
    assert_eq!(callback.as_ref().map(Callback::state), again.as_ref().map(Callback::state), "the # makes no difference");
    let Some(callback) = callback else { return };

    let parameters = form::decode(bare).expect("what was read can be read");
    let all = |wanted: &str| -> Vec<&str> {
        parameters.iter().filter(|(name, _)| name == wanted).map(|(_, value)| value.as_str()).collect()
    };
    assert_eq!(all("state").first(), Some(&callback.state().as_str()));
    assert!(!all("code").is_empty() || !all("error").is_empty());
    WAITING.with(|waiting| {
        for (sends_iss, pending) in waiting {
            match callback.verify(pending) {
                Ok(verified) => {
                    assert_eq!(all("state"), [app::STATE]);
                    assert!(all("iss").iter().all(|iss| *iss == app::ISSUER), "another issuer");
                    assert_eq!(
                        all("iss").len(),
                        usize::from(*sends_iss).max(all("iss").len().min(1)),
                        "the issuer that was promised"
                    );
                    assert!(all("error").is_empty());
                    assert_eq!(all("code"), [verified.code().reveal()]);
                    let form = token::code_grant(pending, &verified).form.expect("a code goes by POST");
                    let sent = form::decode(&form).expect("a form");
                    assert!(
                        sent.iter().any(|(name, value)| name == "code" && value == verified.code().reveal()),
                        "the code whole"
                    );
                }
                Err(error) => assert!(
                    matches!(
                        error.code,
                        ErrorCode::HashNotDeserialized
                            | ErrorCode::StateMismatch
                            | ErrorCode::IssuerMismatch
                            | ErrorCode::InteractionRequired
                            | ErrorCode::UserCancelled
                            | ErrorCode::ServerError
                            | ErrorCode::AuthorizationCodeMissingFromServerResponse
                    ),
                    "{error:?}"
                ),
            }
        }
    });
});
