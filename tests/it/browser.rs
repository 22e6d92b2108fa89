//! The main job in a real browser, against the built program: setup, submit, review, decide, export.
//!
//! `TEST_WEBDRIVER_URL` names a running chromedriver; unset, the test starts its own. Without a browser it fails and says how
//! to get one; `SKIP_BROWSER_TESTS=1` leaves it out and says so.

use std::time::Duration;

use fantoccini::{Client, Locator};

use crate::support::browser::{Browser, open};
use crate::support::drawing::portrait_file;
use crate::support::process::{Server, printed};

const PASSWORD: &str = "nine quiet lamps over stones";
const LISTED: &str = "silver.harbor@inbox.example";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_team_vets_two_candidates_who_share_a_picture_and_one_of_whom_is_listed() {
    let Some(browser) = open().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let picture = portrait_file(data);
    let server = Server::start(data);
    let page = Page { browser: &browser, url: &server.url };

    page.set_up(server.setup_link.as_deref().expect("the first start prints the setup link")).await;
    page.list_a_persona().await;
    page.sign_out().await;

    let recruiter = ["user", "add", "--email", "rae@bonafide.example", "--role", "recruiter", "--team", "default", "--password-stdin"];
    printed(data, &recruiter, &format!("{PASSWORD}\n"));
    page.sign_in("rae@bonafide.example").await;
    page.submit("Marcus Hale", "marcus.hale@mail.example", &picture).await;
    page.submit("Oscar Brennan", "Silver.Harbor+jobs@inbox.example", &picture).await;
    let seen = page.text().await;
    assert!(!seen.contains("Ethan Sorrel") && !seen.contains("osint"), "a recruiter sees the persona: {seen}");
    page.sign_out().await;

    page.sign_in("sam@bonafide.example").await;
    page.go("/queue").await;
    page.find("main tbody").await;
    assert!(page.text().await.contains("Oscar Brennan"));
    page.click_link("Oscar Brennan").await;
    let seen = page.text().await;
    for needed in ["Silver.Harbor+jobs@inbox.example", LISTED, "Ethan Sorrel", "osint", "plus tag removed", "Marcus Hale"] {
        assert!(seen.contains(needed), "{needed} is not on the page: {seen}");
    }
    page.click_link("Decide").await;
    page.click("input[name=verdict][value=confirmed-fake]").await;
    page.fill("#reason", "Listed mailbox, and the photo of another candidate").await;
    page.click("main form .button:not(.quiet)").await;
    page.wait_for_text("Confirmed fake").await;

    page.go("/exports").await;
    let fetch = "const done = arguments[0]; fetch('/export.csv').then(a => a.text()).then(done)";
    let file = browser.client.execute_async(fetch, vec![]).await.unwrap();
    let file = file.as_str().unwrap();
    assert!(file.starts_with("\"case_id\",\"candidate_id\""), "{file}");
    for needed in ["Oscar Brennan", "Marcus Hale", "confirmed-fake", "watchlist.email", "photo.same-photo", "Listed mailbox"] {
        assert!(file.contains(needed), "{needed} is not in the file: {file}");
    }
    browser.close().await;
}

struct Page<'a> {
    browser: &'a Browser,
    url: &'a str,
}

impl Page<'_> {
    fn client(&self) -> &Client {
        &self.browser.client
    }

    async fn go(&self, path: &str) {
        self.client().goto(&format!("{}{path}", self.url)).await.unwrap();
    }

    async fn find(&self, css: &str) -> fantoccini::elements::Element {
        match self.client().wait().at_most(Duration::from_secs(60)).for_element(Locator::Css(css)).await {
            Ok(element) => element,
            Err(error) => panic!("{css}: {error}: {}", self.text().await),
        }
    }

    async fn fill(&self, css: &str, text: &str) {
        self.find(css).await.send_keys(text).await.unwrap();
    }

    async fn click(&self, css: &str) {
        self.find(css).await.click().await.unwrap();
    }

    async fn click_link(&self, text: &str) {
        let link = self.client().wait().for_element(Locator::XPath(&format!("//main//a[contains(., '{text}')]"))).await.unwrap();
        link.click().await.unwrap();
    }

    /// The words on the page, folded parts included.
    async fn text(&self) -> String {
        let words = self.client().execute("return document.body.textContent", vec![]).await.unwrap();
        words.as_str().unwrap().to_owned()
    }

    /// Waits until the page says so: the page looks for news of a screening by itself.
    async fn wait_for_text(&self, needed: &str) {
        let wait = "const [needed, done] = arguments; const look = () => document.body.textContent.includes(needed) ? done(true) : setTimeout(look, 100); look();";
        for _ in 0..60 {
            // A page that reloads ends the script; then it is asked again.
            if self.client().execute_async(wait, vec![needed.into()]).await.is_ok() {
                return;
            }
        }
        panic!("{needed} does not come: {}", self.text().await);
    }

    async fn set_up(&self, link: &str) {
        self.client().goto(link).await.unwrap();
        self.fill("#name", "Sam Example").await;
        self.fill("#email", "sam@bonafide.example").await;
        self.fill("#password", PASSWORD).await;
        self.click("main form .button").await;
        self.wait_for_text("Sam Example").await;
    }

    async fn list_a_persona(&self) {
        self.go("/watchlists").await;
        self.fill("input[name=name]", "osint").await;
        self.click("main form .button").await;
        self.wait_for_text("osint").await;
        self.click_link("Add an entry").await;
        self.fill("[name=names]", "Ethan Sorrel").await;
        self.fill("[name=emails]", LISTED).await;
        self.click("main form .button:not(.quiet)").await;
        self.wait_for_text("Ethan Sorrel").await;
    }

    async fn sign_in(&self, email: &str) {
        self.go("/login").await;
        self.fill("#email", email).await;
        self.fill("#password", PASSWORD).await;
        self.click("main form .button").await;
        self.wait_for_text("Sign out").await;
    }

    async fn sign_out(&self) {
        self.click("form[action='/logout'] button").await;
        self.find("#password").await;
    }

    /// Submits a candidate by the form and waits for the screening.
    async fn submit(&self, name: &str, email: &str, picture: &str) {
        self.go("/candidates/new").await;
        self.fill("[name=name]", name).await;
        self.fill("[name='emails[0]']", email).await;
        self.fill("[name='photos[0].file']", picture).await;
        self.click("main form button.button:not(.quiet)").await;
        self.wait_for_text("Attention:").await;
    }
}
