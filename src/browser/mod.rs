//! Effects. The only folder that names `web_sys`, `js_sys`, `gloo_net` and `getrandom`: one file for each Web API, and one small
//! driver that performs a [`Step`](crate::session::Step) and feeds the [`Input`](crate::session::Input) back.
//!
//! | file | Web API |
//! |---|---|
//! | `client` | none: the operations of a client, from the parts below |
//! | `clock` | `Date.now` |
//! | `digest` | `crypto.subtle.digest` |
//! | `driver` | none: performs steps |
//! | `events` | the app's event callbacks |
//! | `flight` | promises: many callers wait for one answer |
//! | `location` | `location`, `history` |
//! | `net` | `fetch`, to the provider |
//! | `popup` | `window.open`, `BroadcastChannel` |
//! | `random` | `crypto.getRandomValues` |
//! | `storage` | `sessionStorage` |
//! | `transport` | `fetch`, for the app |

pub mod client;
pub(crate) mod clock;
pub(crate) mod digest;
pub(crate) mod driver;
pub(crate) mod events;
pub(crate) mod flight;
pub(crate) mod location;
pub(crate) mod net;
pub(crate) mod popup;
pub(crate) mod random;
pub(crate) mod storage;
pub(crate) mod transport;
