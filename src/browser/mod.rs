//! Effects. The only folder that names `web_sys`, `js_sys`, `gloo_net` and `getrandom`: one file for each Web API, and one small
//! driver that performs a [`Step`](crate::session::Step) and feeds the [`Input`](crate::session::Input) back.
//!
//! | file | Web API |
//! |---|---|
//! | `channel` | `BroadcastChannel` |
//! | `client` | none: the operations of a client, from the parts below |
//! | `clock` | `Date.now`, `setTimeout` |
//! | `digest` | `crypto.subtle.digest` |
//! | `driver` | none: performs steps |
//! | `events` | the app's event callbacks |
//! | `flight` | promises: many callers wait for one answer |
//! | `frame` | a hidden `iframe` |
//! | `location` | `location`, `history` |
//! | `net` | `fetch`, to the provider |
//! | `popup` | `window.open` |
//! | `random` | `crypto.getRandomValues` |
//! | `session` | none: the cache, and storage beside it |
//! | `signature` | `crypto.subtle.verify` |
//! | `storage` | `sessionStorage`, `localStorage` |
//! | `transport` | `fetch`, for the app |
//! | `vault` | IndexedDB, AES-GCM, Web Locks, `storage` events |

pub mod channel;
pub mod client;
pub mod clock;
pub mod digest;
pub mod driver;
pub mod events;
pub mod flight;
pub mod frame;
pub mod location;
pub mod net;
pub mod popup;
pub mod random;
pub mod session;
pub mod signature;
pub mod storage;
pub mod transport;
pub mod vault;
