//! Forms with files, through a handler of the test's own.

use actix_web::middleware::from_fn;
use actix_web::web::{self, Data};
use actix_web::{App, HttpServer};
use bonafide::store::Engine;
use bonafide::web::error::{self, Answer};
use bonafide::web::form::Form;
use bonafide::web::session;
use bonafide::web::upload::{Upload, UploadLimits};
use bonafide::web::visit::Visit;
use reqwest::multipart::{Form as Parts, Part};

use crate::support::web::spawn_app;

const LIMITS: UploadLimits = UploadLimits { files: &["photo"], file_bytes: 1_000, all_bytes: 4_000 };

async fn show(visit: Visit) -> String {
    visit.csrf().to_owned()
}

async fn take(visit: Visit, upload: Upload) -> Answer {
    let (form, files) = upload.read(&LIMITS).await?;
    let fields: Vec<String> = form.pairs().map(|(name, value)| format!("{name}={value}")).collect();
    let files: Vec<String> =
        files.iter().map(|file| format!("{}:{}:{}:{}", file.field, file.name, file.bytes.len(), file.is_too_large)).collect();
    visit.go(&format!("/{}/{}", fields.join("&"), files.join("&")), "")
}

async fn panics(_: Form) -> String {
    panic!("the handler broke");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_with_files_is_read_under_its_limits() {
    let app = spawn_app(Engine::Sqlite).await.unwrap();
    let state: Data<_> = app.state.clone();
    let server = HttpServer::new(move || {
        App::new()
            .app_data(state.clone())
            .wrap(from_fn(session::middleware))
            .wrap(from_fn(error::middleware))
            .route("/", web::get().to(show))
            .route("/", web::post().to(take))
            .route("/panics", web::post().to(panics))
    })
    .workers(1)
    .disable_signals()
    .bind("127.0.0.1:0")
    .unwrap();
    let url = format!("http://{}", server.addrs()[0]);
    tokio::spawn(server.run());
    let user = app.add_user_of_team(&[bonafide::domain::user::Role::Recruiter], "default", None).await;
    let session = app.state.people().sign_in_by_link(&app.state.people().sign_in_link(&user.id).await.unwrap(), None).await.unwrap().token;
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let cookie = format!("session={session}");
    let token = client.get(&url).header("cookie", &cookie).send().await.unwrap().text().await.unwrap();
    let send = async |parts: Parts| {
        let answer = client.post(&url).header("cookie", &cookie).multipart(parts).send().await.unwrap();
        let to = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
        (answer.status().as_u16(), to.unwrap_or_default())
    };
    let file = |size: usize, name: &str| Part::bytes(vec![7; size]).file_name(name.to_owned());
    let with_token = || Parts::new().text("csrf", token.clone());

    let whole = with_token().text("name", "Kim").part("photo", file(900, "../../etc/passwd")).text("role", "Engineer");
    assert_eq!(send(whole).await, (303, "/name=Kim&role=Engineer/photo:passwd:900:false".into()));
    let nothing_chosen = with_token().part("photo", file(0, ""));
    assert_eq!(send(nothing_chosen).await, (303, "//".into()));
    let too_large = with_token().text("name", "Kim").part("photo", file(1_001, "a.jpg"));
    assert_eq!(send(too_large).await, (303, "/name=Kim/photo:a.jpg:0:true".into()));
    assert_eq!(send(with_token().part("photo", file(9_000, "a.jpg"))).await.0, 413);
    assert_eq!(send(Parts::new().text("name", "Kim").text("csrf", token.clone())).await.0, 403, "the token comes first");
    assert_eq!(send(Parts::new().text("csrf", "wrong").text("name", "Kim")).await.0, 403);
    assert_eq!(send(Parts::new()).await.0, 400, "no part at all");
    let broken =
        client.post(&url).header("cookie", &cookie).header("content-type", "multipart/form-data; boundary=x").body("--x\r\nnonsense");
    assert_eq!(broken.send().await.unwrap().status(), 400);

    let form = [("csrf", token.as_str())];
    let broke = client.post(format!("{url}/panics")).header("cookie", &cookie).form(&form).send().await.unwrap();
    assert_eq!(broke.status(), 500);
    assert!(broke.headers().contains_key("content-security-policy"));
    let text = broke.text().await.unwrap();
    assert!(text.contains("Something went wrong on our side") && !text.contains("broke"), "{text}");
    assert_eq!(client.get(&url).header("cookie", &cookie).send().await.unwrap().status(), 200, "the server goes on");
}
