//! What a person typed into a form, and what is wrong with it: kept together, so that the page comes back with both.
//!
//! ```text
//! fn read(form: &mut Form) -> Option<NewUser> {
//!     let name = form.text("name", "Name", 200);                       // required, stripped, at most 200 characters
//!     let email = form.parsed("email", "E-mail", EmailAddress::parse); // the type's own words: "E-mail has no @: …"
//!     Some(NewUser { name: name?, email: email? })                     // all faults are noted before the first `?`
//! }
//! ```
//! In the template `{{ fields::text(form, "name", "Name", …) }}` shows label, hint, fault and value; the summary on top links to
//! each field.

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;

use super::csrf;
use super::error::WebError;
use super::visit::Visit;

/// Most bytes of a plain form.
const MOST_BYTES: usize = 64 << 10;
/// Most fields of a form.
const MOST_FIELDS: usize = 2_000;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Name of the field.
    pub field: String,
    /// What is wrong and what is expected.
    pub message: String,
}

/// Typed values and their faults. As a handler's argument it is a posted form whose token was checked.
#[derive(Debug, Clone, Default)]
pub struct Form {
    values: Vec<(String, String)>,
    faults: Vec<Fault>,
}

impl Form {
    /// An empty form.
    #[must_use]
    pub fn blank() -> Self {
        Self::default()
    }

    /// A form with these values.
    #[must_use]
    pub fn filled(values: impl IntoIterator<Item = (String, String)>) -> Self {
        Self { values: values.into_iter().collect(), faults: Vec::new() }
    }

    /// Sets the one value of a field.
    pub fn set(&mut self, field: &str, value: impl Into<String>) {
        self.values.retain(|(name, _)| name != field);
        self.values.push((field.to_owned(), value.into()));
    }

    /// The first value of the field as typed; empty when absent.
    #[must_use]
    pub fn value(&self, field: &str) -> &str {
        self.values.iter().find(|(name, _)| name == field).map_or("", |(_, value)| value)
    }

    /// All values of the field as typed.
    pub fn values<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a str> {
        self.values.iter().filter(move |(name, _)| name == field).map(|(_, value)| value.as_str())
    }

    /// Every name and value, in the order sent.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// True when the field has this value: for ticked boxes and chosen options.
    #[must_use]
    pub fn has(&self, field: &str, value: &str) -> bool {
        self.values(field).any(|typed| typed == value)
    }

    /// The field without blanks at its ends and without invisible characters; none when nothing is left.
    #[must_use]
    pub fn optional(&self, field: &str) -> Option<String> {
        let text = stripped(self.value(field));
        (!text.is_empty()).then_some(text)
    }

    /// A text that must be there, of at most `most` characters; `label` as it stands on the page.
    pub fn text(&mut self, field: &str, label: &str, most: usize) -> Option<String> {
        let Some(text) = self.optional(field) else {
            self.fault(field, format!("{label} is empty"));
            return None;
        };
        let length = text.chars().count();
        if length > most {
            self.fault(field, format!("{label} has {length} characters: expected at most {most}"));
            return None;
        }
        Some(text)
    }

    /// A value of a type that reads itself. Its error completes the sentence that the label begins.
    pub fn parsed<T, E: std::fmt::Display>(&mut self, field: &str, label: &str, parse: impl FnOnce(&str) -> Result<T, E>) -> Option<T> {
        let text = stripped(self.value(field));
        parse(&text).map_err(|error| self.fault(field, format!("{label} {error}"))).ok()
    }

    /// Notes that something is wrong with a field.
    pub fn fault(&mut self, field: &str, message: impl Into<String>) {
        self.faults.push(Fault { field: field.to_owned(), message: message.into() });
    }

    /// Everything that is wrong, in the order found.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// What is wrong with this field, if anything.
    #[must_use]
    pub fn fault_of(&self, field: &str) -> Option<&str> {
        self.faults.iter().find(|fault| fault.field == field).map(|fault| fault.message.as_str())
    }

    /// Reads an encoded body.
    pub(super) fn read(body: &str) -> Result<Self, WebError> {
        let pairs = web::Query::<Vec<(String, String)>>::from_query(body).map_err(|_| WebError::Malformed)?.into_inner();
        if pairs.len() > MOST_FIELDS {
            return Err(WebError::Malformed);
        }
        Ok(Self::filled(pairs))
    }

    /// Takes the token out and compares it.
    pub(super) fn check_token(&mut self, visit: &Visit) -> Result<(), WebError> {
        let fits = visit.owns_form(self.value(csrf::FIELD));
        self.values.retain(|(name, _)| name != csrf::FIELD);
        if fits { Ok(()) } else { Err(WebError::ForeignForm) }
    }
}

/// Without blanks at the ends, line ends as `\n`, and without characters that show nothing (they come with copied text and
/// help only who wants two equal texts to differ).
#[must_use]
pub fn stripped(text: &str) -> String {
    let visible: String = text.replace("\r\n", "\n").chars().filter(|&c| c == '\n' || c == '\t' || !shows_nothing(c)).collect();
    visible.trim().to_owned()
}

const fn shows_nothing(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

impl FromRequest for Form {
    type Error = WebError;
    type Future = LocalBoxFuture<'static, Result<Self, WebError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let mut payload = payload.take();
        Box::pin(async move {
            let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
            if !kind.starts_with("application/x-www-form-urlencoded") {
                return Err(if kind.is_empty() { WebError::ForeignForm } else { WebError::WrongType });
            }
            let visit = Visit::of(&request)?;
            let mut body = Vec::new();
            while let Some(chunk) = payload.next().await {
                let chunk = chunk.map_err(|_| WebError::Malformed)?;
                if body.len() + chunk.len() > MOST_BYTES {
                    return Err(WebError::TooLarge { limit: MOST_BYTES });
                }
                body.extend_from_slice(&chunk);
            }
            let body = std::str::from_utf8(&body).map_err(|_| WebError::Malformed)?;
            let mut form = Self::read(body)?;
            form.check_token(&visit)?;
            Ok(form)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::email::EmailAddress;

    #[test]
    fn every_fault_is_noted_and_what_was_typed_is_kept() {
        let mut form = Form::read("name=+%E2%80%8B+&email=riley%40&role=admin&role=auditor").unwrap();
        assert_eq!(form.text("name", "Name", 200), None);
        assert!(form.parsed("email", "E-mail", EmailAddress::parse).is_none());
        assert_eq!(form.fault_of("name"), Some("Name is empty"));
        assert_eq!(form.fault_of("email"), Some("E-mail has no domain: expected name@domain"));
        assert_eq!(form.faults().len(), 2);
        assert_eq!(form.value("email"), "riley@");
        assert!(form.has("role", "auditor") && !form.has("role", "recruiter"));
    }

    #[test]
    fn invisible_characters_are_dropped_without_a_complaint() {
        let mut form = Form::read("name=%E2%80%AEKim%C2%AD+Example%0D%0A").unwrap();
        assert_eq!(form.text("name", "Name", 200).as_deref(), Some("Kim Example"));
        assert_eq!(form.text("name", "Name", 5), None);
        assert_eq!(form.fault_of("name"), Some("Name has 11 characters: expected at most 5"));
    }

    proptest::proptest! {
        #[test]
        fn any_body_is_read_or_refused(body in ".{0,200}") {
            if let Ok(form) = Form::read(&body) {
                for (name, _) in form.pairs() {
                    let once = stripped(form.value(name));
                    proptest::prop_assert_eq!(stripped(&once), once);
                }
            }
        }
    }
}
