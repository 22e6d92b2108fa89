//! How long a submission, its screening and the list pages take with 10,000 earlier candidates and 10,000 personas.
//!
//! `cargo bench --bench journey` fills a SQLite file in a temporary folder, then measures and prints a table. Nothing here
//! fails on time: figures go to `docs/benchmarks.md` by hand, with the command and the machine.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bonafide::domain::email::EmailAddress;
use bonafide::domain::id::PhotoId;
use bonafide::domain::identifier::IdentifierKind;
use bonafide::domain::intake::{Intake, PhoneEntry, Picture};
use bonafide::domain::name::PersonName;
use bonafide::domain::phone::PhoneNumber;
use bonafide::domain::photo::{Hash256, PhotoKind};
use bonafide::domain::time::Clock;
use bonafide::domain::user::{Actor, Role};
use bonafide::domain::watchlist::Persona;
use bonafide::jobs::worker;
use bonafide::pipeline::installation::Installation;
use bonafide::pipeline::password::Passwords;
use bonafide::pipeline::portrait::{self, Scene};
use bonafide::pipeline::submit::{self, Origin, Sent};
use bonafide::pipeline::users::NewUser;
use bonafide::pipeline::watchlists;
use bonafide::screening::photo;
use bonafide::secrets::Secrets;
use bonafide::store::counter::{self, Counter};
use bonafide::store::photo::{NewPhoto, Readable};
use bonafide::store::{self, Store};
use bonafide::web::app::{App, WebSettings};

const EARLIER: u64 = 10_000;
const PERSONAS: u64 = 10_000;
const SUBMITTED: u64 = 200;
const PAGES: usize = 200;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(measure())
}

async fn measure() -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let store = Store::open(&format!("sqlite://{}", folder.path().join("bench.db").display())).await?;
    store::migrate::run(&store).await?;
    let installation = Installation::new(store, Clock::System, Arc::new(Secrets::from_bytes([7; 32])));
    println!("memory when idle                              {:>9} MB", memory_mb());

    let started = Instant::now();
    load_personas(&installation).await?;
    println!("load {PERSONAS} personas as one list version      {:>9.1?}", started.elapsed());
    let started = Instant::now();
    load_candidates(&installation).await?;
    println!("load {EARLIER} candidates with pictures           {:>9.1?}", started.elapsed());

    let mut submitting = Vec::new();
    let mut screening = Vec::new();
    for number in 0..SUBMITTED {
        let sent = newcomer(number)?;
        let started = Instant::now();
        submit::submit(&installation, sent, &Origin::of(Actor::program())).await?;
        submitting.push(started.elapsed());
        let started = Instant::now();
        worker::drain(&installation).await?;
        screening.push(started.elapsed());
    }
    row("submit with a 480x560 picture", &mut submitting);
    row("screen it, peers it touches included", &mut screening);

    let (url, cookie) = serve(&installation).await?;
    let client = reqwest::Client::new();
    for path in ["/candidates", "/candidates?attention=high", "/queue", "/candidates?page=100", "/watchlists", "/"] {
        let mut times = Vec::new();
        for _ in 0..PAGES {
            let started = Instant::now();
            let answer = client.get(format!("{url}{path}")).header("cookie", &cookie).send().await?;
            assert!(answer.status().is_success(), "{path}: {}", answer.status());
            answer.bytes().await?;
            times.push(started.elapsed());
        }
        row(&format!("page {path}"), &mut times);
    }
    println!("memory at the end                             {:>9} MB", memory_mb());
    Ok(())
}

fn row(what: &str, times: &mut [Duration]) {
    times.sort_unstable();
    let at = |share: usize| times[(times.len() - 1) * share / 100];
    println!("{what:<45} p50 {:>9.2?}  p95 {:>9.2?}  max {:>9.2?}", at(50), at(95), at(100));
}

/// A number that looks random and is the same on every run.
fn mixed(number: u64) -> u64 {
    let mut value = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

/// Names are drawn from 150 given names and 400 surnames, so that namesakes are as common as among people.
fn name(number: u64) -> String {
    let word = |seed: u64, syllables: u64| -> String {
        let parts = ["ba", "ren", "fi", "gor", "lu", "mas", "ne", "pil", "ro", "sun", "ta", "vel", "kir", "do", "hal"];
        let text: String = (0..syllables).map(|i| parts[(mixed(seed * 8 + i) % 15) as usize]).collect();
        text[..1].to_uppercase() + &text[1..]
    };
    format!("{} {}", word(mixed(number) % 150, 2), word(mixed(number + 1_000_000) % 400 + 1_000, 3))
}

fn intake(number: u64) -> Outcome<Intake> {
    let name = name(number);
    let mut intake = Intake::of(PersonName::parse(&name)?);
    intake.external_id = Some(format!("bench-{number}"));
    intake.emails.push(EmailAddress::parse(&format!("{}{number}@mail.example", name.to_lowercase().replace(' ', ".")))?);
    intake.phones.push(PhoneEntry { number: PhoneNumber::parse(&format!("+1 512 {:07}", 2_000_000 + number))?, line_type: None });
    Ok(intake)
}

fn newcomer(number: u64) -> Outcome<Sent> {
    let mut intake = intake(2_000_000 + number)?;
    // Every tenth shares a mailbox with an earlier candidate.
    if number.is_multiple_of(10) {
        intake.emails = self::intake(number)?.emails;
    }
    let picture = portrait::draw(number, &Scene { face_seed: number, clothes_seed: number, backdrop_seed: number });
    let mut bytes = Vec::new();
    picture.write_to(&mut std::io::Cursor::new(&mut bytes), image::ImageFormat::Png)?;
    intake.photos.push(bonafide::domain::intake::PhotoClaim { kind: PhotoKind::Profile, sha256: None, exif: None, taken_at: None });
    Ok(Sent { intake, pictures: vec![Picture { index: 0, bytes }], team: "bench".to_owned() })
}

async fn load_personas(installation: &Installation) -> Outcome<()> {
    let personas = (0..PERSONAS)
        .map(|number| {
            let intake = intake(5_000_000 + number)?;
            let phones = intake.phones.into_iter().map(|phone| phone.number).collect();
            Ok(Persona { id: Some(format!("P-{number}")), names: vec![intake.name], emails: intake.emails, phones, ..Persona::default() })
        })
        .collect::<Outcome<Vec<_>>>()?;
    assert!(personas.iter().all(|persona| persona.identifiers().iter().any(|i| i.kind == IdentifierKind::Email)));
    let proposal = watchlists::propose_personas(installation, "bench", personas, false, Vec::new()).await?;
    watchlists::apply(installation, &Actor::program(), proposal, "bench", true, false).await?;
    worker::drain(installation).await?;
    Ok(())
}

/// Earlier candidates as an import keeps them, each with a picture of random hashes; their own screenings are left out.
async fn load_candidates(installation: &Installation) -> Outcome<()> {
    let mut sample = photo::enroll(&newcomer(1)?.pictures.remove(0).bytes)?;
    for first in (0..EARLIER).step_by(500) {
        let mut prepared = Vec::new();
        for number in first..first + 500 {
            prepared.push((
                number,
                submit::prepare(installation, Sent { intake: intake(number)?, pictures: Vec::new(), team: "bench".into() }).await?,
            ));
        }
        let mut write = installation.store.begin_write().await?;
        let mut kept = Vec::new();
        for (number, prepared) in prepared {
            kept.push((number, submit::keep(installation, &mut write, prepared, &Origin::of(Actor::program())).await?.candidate));
        }
        write.commit().await?;
        let mut write = installation.store.begin_write().await?;
        for (number, id) in kept {
            let candidate = store::candidate::find(&installation.store, &bonafide::domain::user::Scope::All, &id).await?.ok_or("gone")?;
            let submission = store::submission::latest(&installation.store, candidate.number).await?.ok_or("gone")?;
            for (region, salt) in [(&mut sample.features.whole, 1), (&mut sample.features.without_head, 2), (&mut sample.features.head, 3)]
            {
                let mut bytes = [0; 32];
                for (i, chunk) in bytes.chunks_exact_mut(8).enumerate() {
                    chunk.copy_from_slice(&mixed(number * 100 + salt * 10 + i as u64).to_le_bytes());
                }
                region.hash = Hash256(bytes);
            }
            let content = Readable { features: sample.features.clone(), jpeg: sample.served.clone() };
            let photo = NewPhoto {
                id: &PhotoId::random(),
                candidate: candidate.number,
                submission: submission.number,
                position: 0,
                kind: PhotoKind::Profile,
                sha256: &sample.sha256,
                format: sample.format.as_str(),
                width: sample.width,
                height: sample.height,
                at: installation.clock.now(),
                content: Ok(&content),
            };
            let feed = counter::next(&mut write, Counter::Photo).await?;
            store::photo::insert(&mut write, feed, &photo).await?;
        }
        write.commit().await?;
    }
    let started = Instant::now();
    let screened = worker::drain(installation).await?;
    println!("screen {screened} of them in one worker                {:>9.1?}", started.elapsed());
    Ok(())
}

/// Starts a server on this installation and signs a reviewer in; gives its address and the cookie.
async fn serve(installation: &Installation) -> Outcome<(String, String)> {
    let app = App::new(installation.clone(), Passwords::with_slots(1)?, WebSettings::default());
    let app = actix_web::web::Data::new(app);
    let roles = vec![Role::HrAdmin, Role::Security, Role::Recruiter];
    let new = NewUser { name: "Riley Example".into(), email: EmailAddress::parse("riley@bonafide.example")?, roles, team: "bench".into() };
    let (user, _) = app.people().add(&Actor::program(), new, None).await.map_err(|error| error.to_string())?;
    let token = app.people().sign_in_link(&user.id).await.map_err(|error| error.to_string())?;
    let running = bonafide::web::server::start(app, "127.0.0.1:0", false)?;
    let url = format!("http://{}", running.address);
    tokio::spawn(running.server);
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).cookie_store(true).build()?;
    let page = client.get(format!("{url}/login?token={token}")).send().await?.text().await?;
    let csrf = page.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).ok_or("no form")?.to_owned();
    let answer = client.post(format!("{url}/login")).form(&[("csrf", csrf.as_str()), ("token", token.as_str())]).send().await?;
    let cookies: Vec<&str> = answer.headers().get_all("set-cookie").iter().filter_map(|c| c.to_str().ok()?.split(';').next()).collect();
    Ok((url, cookies.join("; ")))
}

/// Resident memory of this process.
fn memory_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) / 1024
}
