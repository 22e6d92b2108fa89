//! `candidate import`: all of a file or nothing of it, and every fault with its line.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::process::{printed, run};

/// Runs an import that must end with this code; gives its answer as JSON.
fn import(data: &Path, code: i32, file: &str, more: &[&str]) -> Value {
    let arguments = [&["candidate", "import", file, "--json"], more].concat();
    let output = run(data, &arguments, "");
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(code), "{text}{}", String::from_utf8_lossy(&output.stderr));
    text.lines().last().map_or(Value::Null, |line| serde_json::from_str(line).unwrap())
}

fn write(data: &Path, name: &str, bytes: &[u8]) -> String {
    let path = data.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, bytes).unwrap();
    path.display().to_string()
}

/// How many candidates are stored.
fn stored(data: &Path) -> usize {
    let text = printed(data, &["export", "--attention", "high,review,low,clear"], "");
    csv::Reader::from_reader(text.as_bytes()).records().count()
}

fn counts(answer: &Value) -> (i64, i64, i64) {
    let count = |name: &str| answer[name].as_i64().unwrap();
    (count("new"), count("changed"), count("known"))
}

#[test]
fn new_changed_and_known_candidates_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let file = write(data, "a.csv", b"external_id,name,emails\nA1,Ana Reyes,ana@mail.example\nA2,Bo Lind,bo@mail.example\n");
    assert_eq!(counts(&import(data, 0, &file, &["--dry-run"])), (2, 0, 0));
    assert_eq!(stored(data), 0);
    assert_eq!(counts(&import(data, 0, &file, &[])), (2, 0, 0));
    assert_eq!(counts(&import(data, 0, &file, &[])), (0, 0, 2));
    let file = write(
        data,
        "b.csv",
        b"external_id,name,emails\nA1,Ana Reyes,ana@mail.example\nA2,Bo Lind,bo@other.example\nA3,Cy Mora,cy@mail.example\n",
    );
    assert_eq!(counts(&import(data, 0, &file, &["--dry-run"])), (1, 1, 1));
    assert_eq!(counts(&import(data, 0, &file, &[])), (1, 1, 1));
    assert_eq!(counts(&import(data, 0, &file, &["--team", "other"])), (3, 0, 0), "an id names a candidate within a team");
    assert_eq!(stored(data), 6);
}

#[test]
fn one_fault_keeps_the_whole_file_out_and_every_fault_is_told_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let text = b"external_id,name,emails\nA1,Ana Reyes,ana@mail.example\nA2,,bo@mail.example\nA1,Cy Mora,cy@mail.example\nA4,Di Noe,di@\n";
    let answer = import(data, 1, &write(data, "a.csv", text), &[]);
    let told: Vec<(i64, &str)> =
        answer["faults"].as_array().unwrap().iter().map(|f| (f["line"].as_i64().unwrap(), f["path"].as_str().unwrap())).collect();
    assert_eq!(told, [(3, "name"), (4, "external_id"), (5, "emails")], "{answer}");
    assert!(answer["faults"][1]["problem"].as_str().unwrap().contains("line 2"), "{answer}");
    assert_eq!((stored(data), answer["stored"].as_bool()), (0, Some(false)));
    let unknown = write(data, "b.csv", b"name,emails,hair\nAna Reyes,ana@mail.example,red\n");
    assert_eq!(import(data, 1, &unknown, &[])["faults"][0]["path"], "hair");
    assert!(import(data, 1, &write(data, "empty.jsonl", b"\n"), &[])["faults"].is_array());
    let broken = write(data, "c.jsonl", b"{\"name\": \"Ana Reyes\", \"emails\": [\"ana@mail.example\"]}\n{\"name\": \n");
    assert_eq!(import(data, 1, &broken, &[])["faults"][0]["line"], 2);
    import(data, 2, &write(data, "a.txt", b"name\nx\n"), &[]);
    import(data, 3, "absent.csv", &[]);
    assert_eq!(stored(data), 0);
}

#[test]
fn pictures_lie_beside_the_file_and_nowhere_else() {
    let folder = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    let data = folder.path();
    let mut png = std::io::Cursor::new(Vec::new());
    let picture = image::RgbImage::from_fn(240, 280, |x, y| image::Rgb([(x * y % 251) as u8, (x ^ y) as u8, (x + 2 * y) as u8]));
    picture.write_to(&mut png, image::ImageFormat::Png).unwrap();
    let png = png.into_inner();
    write(data, "photos/ana.png", &png);
    write(data, "photos/text.png", b"no picture");
    write(data, "photos/half.png", &png[..png.len() / 2]);
    write(outside.path(), "out.png", &png);
    std::os::unix::fs::symlink(outside.path().join("out.png"), data.join("photos/link.png")).unwrap();
    std::os::unix::fs::symlink(outside.path(), data.join("elsewhere")).unwrap();
    let line = |file: &str| {
        let intake = json!({"name": "Ana Reyes", "emails": ["ana@mail.example"], "photos": [{"kind": "profile", "file": file}]});
        format!("{intake}\n")
    };
    let bad = [
        "photos/absent.png",
        "photos/link.png",
        "elsewhere/out.png",
        "../x.png",
        "/etc/passwd",
        "photos/text.png",
        "photos/half.png",
        "photos",
    ];
    let all: String = bad.iter().map(|file| line(file)).collect();
    let answer = import(data, 1, &write(data, "bad.jsonl", all.as_bytes()), &[]);
    let lines: Vec<i64> = answer["faults"].as_array().unwrap().iter().map(|fault| fault["line"].as_i64().unwrap()).collect();
    assert_eq!(lines, (1..=8).collect::<Vec<_>>(), "{answer}");
    assert!(answer["faults"].as_array().unwrap().iter().all(|fault| fault["path"].as_str().unwrap().starts_with("photos[0]")), "{answer}");
    assert_eq!(stored(data), 0);
    let good = write(data, "good.jsonl", line("photos/ana.png").as_bytes());
    assert_eq!(counts(&import(data, 0, &good, &[])), (1, 0, 0));
    let table = write(data, "good.csv", b"name,emails,photo_file\nBo Lind,bo@mail.example,photos/ana.png\n");
    assert_eq!(counts(&import(data, 0, &table, &[])), (1, 0, 0));
    let found = printed(data, &["export", "--rows", "findings", "--code", "photo.same-photo"], "");
    assert_eq!(csv::Reader::from_reader(found.as_bytes()).records().count(), 2, "{found}");
}
