//! What the requests of Microsoft's dialect say beside the standards' parameters.
//!
//! Parameters, not headers: a header would cost a CORS preflight. The names are those MSAL sends.

use super::{authority::ProtocolMode, cut};

/// Its parameters. In the other dialect none has a value.
///
/// `anchor` is [`anchor_of_account`] or [`anchor_of_hint`]: it lets Microsoft answer from the region the user is at home in.
pub fn parameters<'a>(
    mode: ProtocolMode,
    correlation_id: &'a str,
    anchor: Option<&'a str>,
) -> [(&'static str, Option<&'a str>); 5] {
    let only = |value: Option<&'a str>| value.filter(|_| mode == ProtocolMode::Aad);
    [
        ("client_info", only(Some("1"))),
        ("client-request-id", only(Some(correlation_id))),
        ("x-client-SKU", only(Some("countersign.js"))),
        ("x-client-VER", only(Some(env!("CARGO_PKG_VERSION")))),
        ("X-AnchorMailbox", only(anchor)),
    ]
}

/// `X-AnchorMailbox` of an account. `None`: its home account id is no `uid.utid`.
pub fn anchor_of_account(home_account_id: &str) -> Option<String> {
    let (uid, utid) = cut::first(home_account_id, ".")?;
    Some(["Oid:", uid, "@", utid].concat())
}

/// `X-AnchorMailbox` of whom the app's `loginHint` names.
pub fn anchor_of_hint(login_hint: &str) -> String {
    ["UPN:", login_hint].concat()
}
