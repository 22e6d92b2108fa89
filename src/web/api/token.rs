//! Who calls: `Authorization: Bearer bonafide_…`, a token with its user's rights. Cookies are never asked here, so no page of
//! another site can make a browser act.

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;

use crate::domain::user::{Action, Actor, User};
use crate::secrets::token_hash;
use crate::store::token::{self, ApiToken};
use crate::web::app::App;
use crate::web::error::WebError;

use super::problem::Problem;

/// A token is marked as used once a minute at most, because it costs a write.
const MARK_EVERY_MS: i64 = 60_000;

/// Longest text that is looked up; a token of ours has 52 characters.
const LONGEST: usize = 200;

/// The user of a live token.
#[derive(Debug, Clone)]
pub struct Caller {
    user: User,
}

impl Caller {
    /// Whose rights the call has.
    #[must_use]
    pub const fn user(&self) -> &User {
        &self.user
    }

    /// As the audit log names them.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::person(&self.user)
    }

    /// Refuses who may not do this.
    ///
    /// # Errors
    /// [`WebError::Forbidden`].
    pub fn must(&self, action: Action) -> Result<(), Problem> {
        if self.user.may(action) { Ok(()) } else { Err(WebError::Forbidden.into()) }
    }

    async fn of(request: HttpRequest) -> Result<Self, Problem> {
        let app = request.app_data::<Data<App>>().cloned().ok_or_else(|| WebError::Internal(anyhow::anyhow!("no state")))?;
        let text = bearer(&request).ok_or(WebError::SignInNeeded)?;
        let (store, now) = (&app.installation.store, app.installation.clock.now());
        let (token, user) = token::find_live(store, &token_hash(text), now).await?.ok_or(WebError::SignInNeeded)?;
        if is_mark_due(&token, now.as_ms()) {
            token::mark_used(store, &token.id, now).await?;
        }
        Ok(Self { user })
    }
}

fn is_mark_due(token: &ApiToken, now_ms: i64) -> bool {
    token.last_used_at.is_none_or(|used| used.plus_ms(MARK_EVERY_MS).as_ms() <= now_ms)
}

/// The token of the one `Authorization` header.
fn bearer(request: &HttpRequest) -> Option<&str> {
    let mut all = request.headers().get_all(header::AUTHORIZATION);
    let (one, None) = (all.next()?, all.next()) else { return None };
    let (scheme, token) = one.to_str().ok()?.trim().split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && token.len() <= LONGEST).then_some(token)
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        Box::pin(Self::of(request.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[rstest::rstest]
    #[case(&["Bearer bonafide_x"], Some("bonafide_x"))]
    #[case(&["bearer  bonafide_x "], Some("bonafide_x"))]
    #[case(&["Basic bonafide_x"], None)]
    #[case(&["Bearer"], None)]
    #[case(&["Bearer "], None)]
    #[case(&["Bearer a", "Bearer b"], None)]
    #[case(&[], None)]
    fn a_token_comes_in_one_bearer_header(#[case] headers: &[&str], #[case] token: Option<&str>) {
        let request = headers.iter().fold(TestRequest::default(), |request, value| request.append_header(("authorization", *value)));
        assert_eq!(bearer(&request.to_http_request()), token);
    }
}
