//! Promises R1 and R2: an acknowledged submission is never lost, an interrupted screening is done, each finding exists once.
//!
//! The program is killed without warning while four senders submit. A handful of kills with every run; `TEST_KILLS=50` for the
//! long one.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::process::{Server, printed};

/// Longest wait after the last start before a screening counts as stuck. An abandoned job is taken over after 20 s; how long the
/// backlog takes after that is the machine's business.
const SETTLED_WITHIN: Duration = Duration::from_secs(600);

#[expect(clippy::disallowed_methods, reason = "how long this test runs is chosen from outside")]
fn kills() -> u64 {
    std::env::var("TEST_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(4)
}

/// Every third candidate shares a mailbox with the one before it, under another name, so that there is something to find.
fn intake(number: u64) -> Value {
    let mailbox = if number % 3 == 2 { number - 1 } else { number };
    let (first, last) = (word(number), word(number / 7 + 31));
    json!({"external_id": format!("kill-{number}"), "name": format!("{first} {last}"), "emails": [format!("box{mailbox}@mail.example")]})
}

/// A pronounceable word, different for different numbers.
fn word(number: u64) -> String {
    let syllables = ["ba", "de", "fi", "go", "lu", "ma", "ne", "pi", "ro", "su", "ta", "ve"];
    let mut rest = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20;
    (0..4)
        .map(|_| {
            let syllable = syllables[usize::try_from(rest % 12).unwrap()];
            rest /= 12;
            syllable
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_acknowledged_submission_is_lost_when_the_program_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let roles = ["--role", "hr-admin", "--role", "security"];
    printed(
        data,
        &[&["user", "add", "--email", "riley@bonafide.example"], &roles[..], &["--password-stdin"]].concat(),
        "nine lamps over stones\n",
    );
    let token = printed(data, &["token", "add", "--user", "riley@bonafide.example", "--name", "kill"], "");
    let token = token.split_whitespace().find(|word| word.len() > 40).unwrap_or_else(|| panic!("no token in {token}")).to_owned();

    let acknowledged = Arc::new(Mutex::new(Vec::new()));
    let next = Arc::new(AtomicU64::new(0));
    for round in 0..kills() {
        let mut server = Server::start(data);
        let stop = Arc::new(AtomicBool::new(false));
        let senders: Vec<_> = (0..4)
            .map(|_| {
                let (url, token, stop) = (server.url.clone(), token.clone(), stop.clone());
                let (next, acknowledged) = (next.clone(), acknowledged.clone());
                tokio::spawn(async move {
                    let client = reqwest::Client::new();
                    while !stop.load(Ordering::Relaxed) {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        let request = client.post(format!("{url}/api/v1/candidates")).bearer_auth(&token).json(&intake(number));
                        let Ok(answer) = request.send().await else { return };
                        if answer.status() == 201
                            && let Ok(body) = answer.json::<Value>().await
                        {
                            acknowledged.lock().unwrap().push((number, body["id"].as_str().unwrap().to_owned()));
                        }
                    }
                })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(120 + round * 97 % 500)).await;
        server.kill();
        stop.store(true, Ordering::Relaxed);
        for sender in senders {
            sender.await.unwrap();
        }
    }

    let acknowledged = acknowledged.lock().unwrap().clone();
    assert!(acknowledged.len() > 10, "only {} submissions were acknowledged", acknowledged.len());
    let server = Server::start(data);
    let client = reqwest::Client::new();
    let deadline = Instant::now() + SETTLED_WITHIN;
    let mut found = 0;
    for (number, id) in &acknowledged {
        let file = settled(&client, &server.url, &token, id, deadline).await;
        assert_eq!(file["external_id"], format!("kill-{number}"), "{file}");
        assert_eq!(file["intake"]["emails"], intake(*number)["emails"]);
        let findings = file["screening"]["findings"].as_array().unwrap();
        let distinct: BTreeSet<String> = findings.iter().map(|f| format!("{}{}", f["code"], f["evidence"]["candidate"])).collect();
        assert_eq!(distinct.len(), findings.len(), "a finding exists twice: {file}");
        found += findings.iter().filter(|finding| finding["code"] == "reuse.email").count();
    }
    assert!(found > 0, "the shared mailboxes were not found");
    println!("{} kills, {} acknowledged, 0 lost, {found} reused mailboxes found once each", kills(), acknowledged.len());
}

/// The candidate once its screening is done.
async fn settled(client: &reqwest::Client, url: &str, token: &str, id: &str, deadline: Instant) -> Value {
    loop {
        let answer = client.get(format!("{url}/api/v1/candidates/{id}")).bearer_auth(token).send().await.unwrap();
        assert_eq!(answer.status(), 200, "candidate {id} was acknowledged and is lost");
        let file: Value = answer.json().await.unwrap();
        if file["screening"]["state"] == "done" {
            return file;
        }
        assert!(Instant::now() < deadline, "the screening of {id} is stuck: {file}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
