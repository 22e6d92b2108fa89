//! A program that calls the API with a token, and what it sends.

use bonafide::domain::user::User;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

use super::web::TestApp;

/// A caller with a token.
pub struct Program {
    client: reqwest::Client,
    url: String,
    /// Its token.
    pub token: String,
}

impl Program {
    /// A program with a fresh token of this user.
    pub async fn of(app: &TestApp, user: &User) -> Self {
        let actor = bonafide::domain::user::Actor::person(user);
        let (_, token) = app.state.people().add_token(&actor, &user.id, "test", 1).await.unwrap();
        Self::with_token(app, &token)
    }

    /// A program with this text for a token.
    pub fn with_token(app: &TestApp, token: &str) -> Self {
        Self { client: reqwest::Client::new(), url: app.url.clone(), token: token.to_owned() }
    }

    /// A request to be changed before it is sent.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url)).bearer_auth(&self.token)
    }

    /// Asks.
    pub async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.unwrap()
    }

    /// Sends JSON.
    pub async fn post(&self, path: &str, body: &Value) -> Response {
        self.request(Method::POST, path).json(body).send().await.unwrap()
    }

    /// Submits a candidate and gives its id.
    pub async fn submitted(&self, intake: &Value) -> String {
        let answer = self.post("/api/v1/candidates", intake).await;
        let status = answer.status();
        let body: Value = answer.json().await.unwrap();
        assert_eq!(status, 201, "{body}");
        body["id"].as_str().unwrap().to_owned()
    }

    /// What is known of a candidate.
    pub async fn read(&self, id: &str) -> Value {
        self.get(&format!("/api/v1/candidates/{id}")).await.json().await.unwrap()
    }
}

/// The smallest intake.
pub fn intake(name: &str, email: &str) -> Value {
    json!({"name": name, "emails": [email]})
}

/// Checks that an answer is a problem document of this status, and gives it.
pub async fn problem(answer: Response, status: u16) -> Value {
    assert_eq!(answer.status(), status, "{}", answer.url());
    let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    assert_eq!(header("content-type").as_deref(), Some("application/problem+json"));
    let id = header("x-request-id");
    let text = answer.text().await.unwrap();
    let body: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}"));
    for key in ["type", "title", "detail"] {
        assert!(body[key].as_str().is_some_and(|text| !text.is_empty()), "{key} of {body}");
    }
    assert_eq!((body["status"].as_u64(), body["instance"].as_str()), (Some(u64::from(status)), id.as_deref()), "{body}");
    for error in body["errors"].as_array().map(Vec::as_slice).unwrap_or_default() {
        for key in ["path", "problem", "expected"] {
            assert!(error[key].as_str().is_some_and(|text| !text.is_empty()), "{key} of {error}");
        }
    }
    body
}
