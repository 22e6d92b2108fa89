//! A headless Chromium, driven through chromedriver.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;

/// A browser window of its own.
pub struct Browser {
    /// What drives it.
    pub client: Client,
    driver: Option<Child>,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Closes the window.
    pub async fn close(self) {
        self.client.clone().close().await.unwrap();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(driver) = &mut self.driver {
            drop(driver.kill());
            drop(driver.wait());
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "where the driver is, and whether there is one, is told from outside")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Opens a window; none when `SKIP_BROWSER_TESTS` says so.
pub async fn open() -> Option<Browser> {
    if variable("SKIP_BROWSER_TESTS").is_some() {
        println!("SKIPPED: SKIP_BROWSER_TESTS is set");
        return None;
    }
    let (url, driver) = match variable("TEST_WEBDRIVER_URL") {
        Some(url) => (url, None),
        None => start_driver(),
    };
    let profile = tempfile::tempdir().unwrap();
    let mut arguments = vec!["--headless=new".to_owned(), "--disable-dev-shm-usage".to_owned(), "--window-size=1280,1000".to_owned()];
    arguments.push(format!("--user-data-dir={}", profile.path().display()));
    arguments
        .extend(["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"].map(str::to_owned));
    if is_root() {
        arguments.push("--no-sandbox".to_owned());
    }
    let wanted = serde_json::json!({"browserName": "chrome", "goog:chromeOptions": {"args": arguments}});
    let serde_json::Value::Object(wanted) = wanted else { unreachable!() };
    let client = ClientBuilder::new(HttpConnector::new()).capabilities(wanted).connect(&url).await.unwrap();
    client.update_timeouts(fantoccini::wd::TimeoutConfiguration::new(Some(std::time::Duration::from_secs(30)), None, None)).await.unwrap();
    Some(Browser { client, driver, _profile: profile })
}

fn is_root() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().any(|line| line.starts_with("Uid:\t0\t"))
}

fn start_driver() -> (String, Option<Child>) {
    let started = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut driver = started.expect("no browser: sudo apt-get install -y chromium chromium-driver (or SKIP_BROWSER_TESTS=1)");
    let lines = BufReader::new(driver.stdout.take().unwrap()).lines();
    let port = lines
        .map_while(Result::ok)
        .find_map(|line| {
            line.strip_prefix("ChromeDriver was started successfully on port ").map(|port| port.trim_end_matches('.').to_owned())
        })
        .expect("chromedriver ended before it listened");
    (format!("http://127.0.0.1:{port}"), Some(driver))
}
