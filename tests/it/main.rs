//! Native tests, one binary. Time, randomness, network, storage and the user are values here: see `world`.
#![expect(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "tests may format and search, and fail"
)]

mod accounts;
mod arrival;
mod authority;
mod base64url;
mod cache;
mod cache_storage;
mod callback;
mod challenge;
mod challenge_corpus;
mod challenge_properties;
mod claims;
mod clouds;
mod config;
mod conformance;
mod cut;
mod demand;
mod demands;
mod error_codes;
mod form;
mod hydrate;
mod id_token;
mod json;
mod login_popup;
mod login_redirect;
mod login_request;
mod logout;
mod machines;
mod main_job;
mod memo;
mod pending;
mod popup_watch;
mod questions;
mod reference;
mod refresh;
mod resend;
mod resources;
mod retry;
mod retry_user;
mod scopes;
mod secrets;
mod signature;
mod silent_order;
mod state;
mod take_over;
mod take_over_not;
mod throttle;
mod token_endpoint;
mod trust;
mod url;
mod world;
