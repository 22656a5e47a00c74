//! ID tokens: OpenID Connect Core section 3.1.3.7, for a token that came straight from the token endpoint over TLS.
//!
//! The signature is not looked at here, as point 6 of that section allows (`session::signature` is for apps that want it); an `alg` that cannot be right (`none`, `HS256`) is refused all the same. What is read of a token
//! is read from an [`IdToken`], and only [`IdToken::verify`] (fresh) makes one, [`IdToken::adopt`] (another library's), or the cache (verified when it was stored).

use super::{
    authority, base64url, claims, cut,
    json::Json,
    secret::Secret,
    time::{CLOCK_SKEW, UnixSeconds},
};
use crate::error::{Error, ErrorCode};

/// A verified ID token.
#[derive(Clone, Debug)]
pub struct IdToken {
    raw: Secret,
    payload: Box<str>,
    claims: Json,
}

/// What an ID token must agree with.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The issuer the request went to.
    pub issuer: &'a str,
    /// This client.
    pub client_id: &'a str,
    /// The nonce that was sent, where one was.
    pub nonce: Option<&'a str>,
    /// How long ago the user may have signed in, in seconds, where the request said so.
    pub max_age: Option<u64>,
    /// The `acr_values` that were sent, where one of them must have been met; empty: any will do.
    pub acr_values: &'a str,
    /// The claims request that was sent; empty: none.
    pub claims: &'a str,
    /// The present.
    pub now: UnixSeconds,
}

impl IdToken {
    /// Checks a token against what was asked.
    ///
    /// Errors, each with the claim as detail: `token_parsing_error`, `issuer_mismatch`, `audience_mismatch`, `id_token_expired`,
    /// `id_token_not_yet_valid`, `nonce_mismatch`; `auth_time_not_found` and `max_age_transpired` where the request had a `max_age` (points 9 to 13);
    /// `acr_mismatch` where it had an essential `acr`, or `acr_values` that must be met (RFC 9470 section 5).
    pub fn verify(raw: &str, expected: &Expected<'_>) -> Result<Self, Error> {
        let token = Self::read(raw)?;
        let text = |claim| token.claims.get(claim).and_then(Json::as_str);
        let broken = |claim| Error::about(ErrorCode::TokenParsingError, claim);
        let issuer = authority::of_tenant(expected.issuer, text("tid"));
        if Some(text("iss").ok_or_else(|| broken("iss"))?) != issuer.as_deref() {
            return Err(Error::about(ErrorCode::IssuerMismatch, "iss"));
        }
        token.is_for(expected.client_id)?;
        // What is there and is no moment is broken: it must not pass for not being there.
        let moment = |claim| match token.claims.get(claim) {
            None | Some(Json::Null) => Ok(None),
            Some(value) => value.as_seconds().map(|seconds| Some(UnixSeconds(seconds))).ok_or_else(|| broken(claim)),
        };
        if moment("exp")?.ok_or_else(|| broken("exp"))?.plus(CLOCK_SKEW) <= expected.now {
            return Err(Error::about(ErrorCode::IdTokenExpired, "exp"));
        }
        let past = |claim| match moment(claim)? {
            Some(moment) if moment > expected.now.plus(CLOCK_SKEW) => Err(Error::about(ErrorCode::IdTokenNotYetValid, claim)),
            moment => Ok(moment),
        };
        past("iat")?.ok_or_else(|| broken("iat"))?;
        past("nbf")?;
        if let Some(seconds) = expected.max_age {
            let auth_time = past("auth_time")?.ok_or(ErrorCode::AuthTimeNotFound)?;
            if auth_time.plus(seconds).plus(CLOCK_SKEW) < expected.now {
                return Err(ErrorCode::MaxAgeTranspired.into());
            }
        }
        let is_met = |acr: &str| cut::parts(expected.acr_values, b" ").any(|wanted| wanted == acr);
        let is_stepped_up = expected.acr_values.is_empty() || text("acr").is_some_and(is_met);
        if !is_stepped_up || !claims::allows_acr(expected.claims, text("acr")) {
            return Err(ErrorCode::AcrMismatch.into());
        }
        if text("sub").is_none_or(str::is_empty) {
            return Err(broken("sub"));
        }
        match (text("nonce"), expected.nonce) {
            (None, None) => {}
            // A refresh answers without one, or with that of the sign-in, which is no longer known (OpenID Connect Core section 12.2).
            (Some(_), None) => {}
            (Some(got), Some(sent)) if got == sent => {}
            _ => return Err(ErrorCode::NonceMismatch.into()),
        }
        Ok(token)
    }

    /// Takes a token that another library got from the provider, at some time. Whom it is for, from and about is checked; when, and what the request was,
    /// is not known any more. `is_issuer`: whether a token with this `iss` and `tid` is the provider's.
    pub fn adopt(raw: &str, client_id: &str, is_issuer: impl FnOnce(&str, Option<&str>) -> bool) -> Option<Self> {
        let token = Self::read(raw).ok()?;
        token.is_for(client_id).ok()?;
        token.text("sub").filter(|subject| !subject.is_empty())?;
        is_issuer(token.text("iss")?, token.text("tid")).then_some(token)
    }

    /// Checks that this token, which a refresh brought, tells of the sign-in that `original` tells of (section 12.2). `aud` is this client in both.
    ///
    /// Errors: `account_mismatch` with another subject, `issuer_mismatch`, `auth_time_mismatch`, `nonce_mismatch`.
    pub fn continues(&self, original: &Self) -> Result<(), Error> {
        let differs = |claim: &str| self.claims.get(claim) != original.claims.get(claim);
        // What should not be there, or need not, must be the sign-in's if it is.
        let is_other = |claim: &str| differs(claim) && self.claims.get(claim).is_some() && original.claims.get(claim).is_some();
        if differs("sub") {
            return Err(ErrorCode::AccountMismatch.into());
        }
        if differs("iss") {
            return Err(Error::about(ErrorCode::IssuerMismatch, "iss"));
        }
        if is_other("auth_time") {
            return Err(ErrorCode::AuthTimeMismatch.into());
        }
        if is_other("nonce") {
            return Err(ErrorCode::NonceMismatch.into());
        }
        Ok(())
    }

    /// Takes back a token that was verified before it was stored.
    pub fn from_cache(raw: &str) -> Option<Self> {
        Self::read(raw).ok()
    }

    /// The token as it came.
    pub fn raw(&self) -> &Secret {
        &self.raw
    }

    /// Its claims as JSON text.
    pub fn payload(&self) -> &str {
        &self.payload
    }

    /// One claim, where it is a text.
    pub fn text(&self, claim: &str) -> Option<&str> {
        self.claims.get(claim).and_then(Json::as_str)
    }

    /// Checks that the token is for this client, and for it alone.
    fn is_for(&self, client_id: &str) -> Result<(), Error> {
        let wrong = |claim| Err(Error::about(ErrorCode::AudienceMismatch, claim));
        match self.claims.get("aud").ok_or_else(|| Error::about(ErrorCode::TokenParsingError, "aud"))? {
            Json::String(audience) if audience == client_id => {}
            // Another audience beside us is one we do not know, hence do not trust (point 3).
            Json::Array(all) if all.iter().all(|one| one.as_str() == Some(client_id)) && !all.is_empty() => {}
            _ => return wrong("aud"),
        }
        match self.claims.get("azp") {
            None | Some(Json::Null) => Ok(()),
            Some(azp) if azp.as_str() == Some(client_id) => Ok(()),
            _ => wrong("azp"),
        }
    }

    fn read(raw: &str) -> Result<Self, Error> {
        let broken = |part| Error::about(ErrorCode::TokenParsingError, part);
        let mut parts = cut::parts(raw, b".");
        let (Some(header), Some(payload), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
            return Err(broken("id_token"));
        };
        let header = decode(header).and_then(|text| Json::parse(&text)).ok_or_else(|| broken("header"))?;
        match header.get("alg").and_then(Json::as_str) {
            // A public client has no secret that `HS256` could be made with (section 3.1.3.7 point 8).
            Some(alg) if !(alg.eq_ignore_ascii_case("none") || alg.starts_with("HS")) => {}
            _ => return Err(broken("alg")),
        }
        let payload = decode(payload).ok_or_else(|| broken("payload"))?;
        let claims = Json::parse(&payload).filter(|json| json.as_object().is_some()).ok_or_else(|| broken("payload"))?;
        Ok(Self { raw: Secret::new(raw), payload: payload.into(), claims })
    }
}

/// One part of a JWT, or `client_info`: base64url of UTF-8 text.
pub fn decode(part: &str) -> Option<String> {
    String::from_utf8(base64url::decode(part)?).ok()
}
