//! Candidates as people send them by the form, and the screening that follows.

use bonafide::jobs::worker;
use reqwest::Response;
use reqwest::multipart::{Form, Part};

use super::web::{Browser, TestApp, location};

/// The form for a candidate, filled step by step.
#[must_use = "nothing is sent until `send`"]
pub struct CandidateForm {
    fields: Vec<(String, String)>,
    photos: Vec<(String, Vec<u8>)>,
}

/// A form with this name and e-mail.
pub fn candidate(name: &str, email: &str) -> CandidateForm {
    CandidateForm { fields: Vec::new(), photos: Vec::new() }.with("name", name).with("emails[0]", email)
}

impl CandidateForm {
    /// Fills a field.
    pub fn with(mut self, field: &str, value: &str) -> Self {
        self.fields.push((field.to_owned(), value.to_owned()));
        self
    }

    /// Chooses a profile picture, as `photos[0]` and so on.
    pub fn with_photo(mut self, row: &str, bytes: &[u8]) -> Self {
        self.photos.push((format!("{row}.file"), bytes.to_vec()));
        self.with(&format!("{row}.kind"), "profile")
    }

    /// The form as a browser sends it, with the token and number of a page.
    pub fn body(&self, token: &str, receipt: &str) -> Form {
        let start = Form::new().text("csrf", token.to_owned()).text("receipt", receipt.to_owned());
        let form = self.fields.iter().fold(start, |form, (name, value)| form.text(name.clone(), value.clone()));
        self.photos.iter().fold(form, |form, (name, bytes)| form.part(name.clone(), Part::bytes(bytes.clone()).file_name("portrait.png")))
    }

    /// Opens the page, fills the form and sends it.
    pub async fn send(&self, browser: &Browser) -> Response {
        let page = browser.text("/candidates/new").await;
        let (token, receipt) = (value_of(&page, "csrf"), value_of(&page, "receipt"));
        send_body(browser, self.body(&token, &receipt)).await
    }

    /// Sends the form and gives the address of the candidate.
    pub async fn sent(&self, browser: &Browser) -> String {
        let answer = self.send(browser).await;
        let to = location(&answer).to_owned();
        let status = answer.status();
        let page = answer.text().await.unwrap();
        assert_eq!(status, 303, "{}", page.split("data-errors").nth(1).unwrap_or(&page).split("</ul>").next().unwrap());
        to
    }
}

/// Sends a form as it is.
pub async fn send_body(browser: &Browser, body: Form) -> Response {
    browser.request(reqwest::Method::POST, "/candidates/new").multipart(body).send().await.unwrap()
}

/// The value of a hidden field on a page.
pub fn value_of(page: &str, field: &str) -> String {
    let start = format!("name=\"{field}\" value=\"");
    page.split(&start).nth(1).unwrap_or_else(|| panic!("no {field} on {page}")).split('"').next().unwrap().to_owned()
}

/// Runs every screening that waits.
pub async fn screened(app: &TestApp) {
    worker::drain(&app.state.installation).await.unwrap();
}

/// An invented portrait: a gradient with shapes of this seed, as PNG.
pub fn portrait(seed: u32) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(320, 320, |x, y| {
        let (x, y) = (x + seed * 37, y + seed * 91);
        let wave = ((x * x / 97 + y * 3 + seed * 53) % 256) as u8;
        image::Rgb([wave, ((x / 9 * 31) ^ (y / 7 * 17)) as u8, (y * (seed + 2) % 251) as u8])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}
