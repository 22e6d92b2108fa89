//! Findings on pictures: their evidence, who is told what, and what stays a link or context.

use std::sync::LazyLock;

use crate::domain::finding::{Code, Severity};
use crate::domain::photo::{PhotoFeatures, PhotoKind};
use crate::domain::screening::Outcome;
use crate::domain::time::Timestamp;
use crate::screening::context::{Context, Organization, Raised};
use crate::screening::profile::{Profile, ProfilePhoto};

use super::portrait::{Scene, draw_at};
use super::{Neighbor, features_of, screen};

fn features(face_seed: u64) -> PhotoFeatures {
    features_of(&draw_at(1, &Scene { face_seed, clothes_seed: 7, backdrop_seed: 3 }, 320)).unwrap()
}

static ORIGINAL: LazyLock<PhotoFeatures> = LazyLock::new(|| features(4));
static SWAPPED: LazyLock<PhotoFeatures> = LazyLock::new(|| features(23));

fn photo(place: usize, kind: PhotoKind, features: Result<PhotoFeatures, String>) -> ProfilePhoto {
    ProfilePhoto { path: format!("photos[{place}]"), shown: format!("/photos/p{place}"), kind, sha256: "0".repeat(64), features }
}

fn profile(photos: Vec<ProfilePhoto>) -> Profile {
    Profile::of("c-1", &[], photos)
}

fn neighbor(id: &str, features: &PhotoFeatures) -> Neighbor {
    let photo = photo(0, PhotoKind::Profile, Ok(features.clone()));
    Neighbor { profile_id: id.to_owned(), name: format!("Name of {id}"), same_person: false, photo }
}

fn screened(photos: Vec<ProfilePhoto>, neighbors: &[Neighbor]) -> Raised {
    let as_of = Timestamp::parse("2026-11-20T00:00:00Z").unwrap();
    let context = Context { as_of, organization: Organization::default(), list_versions: Vec::new() };
    screen(&profile(photos), neighbors, &context)
}

fn own(features: &PhotoFeatures) -> Vec<ProfilePhoto> {
    vec![photo(0, PhotoKind::Profile, Ok(features.clone()))]
}

fn outcome(raised: &Raised, code: Code) -> Outcome {
    raised.checks.iter().find(|check| check.code == code).unwrap().outcome
}

#[test]
fn the_same_photo_under_another_name_is_a_finding_with_both_pictures_and_the_numbers() {
    let raised = screened(own(&ORIGINAL), &[neighbor("c-2", &ORIGINAL)]);
    let [finding] = raised.findings.as_slice() else { panic!("{:?}", raised.findings) };
    assert_eq!((finding.code, finding.severity), (Code::PhotoSamePhoto, Severity::High));
    let evidence = &finding.evidence;
    let other = evidence.other.as_ref().unwrap();
    assert_eq!((evidence.candidate.path.as_str(), evidence.candidate.value.as_deref()), ("photos[0]", Some("/photos/p0")));
    assert_eq!(
        (other.id.as_deref(), other.name.as_deref(), other.value.as_deref()),
        (Some("c-2"), Some("Name of c-2"), Some("/photos/p0"))
    );
    assert_eq!((evidence.level.as_deref(), evidence.numbers["distance"].as_u64()), (Some("same-photo"), Some(0)));
    assert!(evidence.numbers["outside_tiles"].as_u64().unwrap() > 100);
    assert_eq!(outcome(&raised, Code::PhotoSamePhoto), Outcome::Match);
    assert_eq!(outcome(&raised, Code::PhotoFaceSwapped), Outcome::NoMatch);
}

#[test]
fn several_pictures_of_one_candidate_make_one_finding() {
    let mut photos = own(&ORIGINAL);
    photos.push(photo(1, PhotoKind::Interview, Ok(ORIGINAL.clone())));
    let raised = screened(photos, &[neighbor("c-2", &ORIGINAL)]);
    assert_eq!(raised.findings.len(), 1);
    assert_eq!(raised.findings[0].evidence.more.len(), 1);
    assert_eq!(raised.findings[0].evidence.more[0].candidate.path, "photos[1]");
}

#[test]
fn one_persons_own_photo_is_a_link_and_never_a_finding() {
    let same = Neighbor { same_person: true, ..neighbor("c-2", &ORIGINAL) };
    let raised = screened(own(&ORIGINAL), &[same]);
    assert!(raised.findings.is_empty());
    assert_eq!(raised.links.len(), 1);
    assert_eq!(raised.links[0].candidate, "c-2");
}

#[test]
fn a_swap_with_three_people_is_their_shared_backdrop_and_with_two_it_is_a_swap() {
    let pool: Vec<Neighbor> = ["c-2", "c-3", "c-4"].map(|id| neighbor(id, &ORIGINAL)).to_vec();
    let two = screened(own(&SWAPPED), &pool[..2]);
    assert!(two.findings.iter().all(|finding| finding.code == Code::PhotoFaceSwapped) && two.findings.len() == 2);
    let three = screened(own(&SWAPPED), &pool);
    assert_eq!(three.findings.len(), 3);
    for finding in &three.findings {
        assert_eq!((finding.code, finding.severity), (Code::PhotoSharedBackdrop, Severity::Low));
        assert!(finding.sentence.contains("3 people"), "{}", finding.sentence);
    }
}

#[test]
fn a_document_is_compared_with_documents_only() {
    let document = vec![photo(0, PhotoKind::Document, Ok(ORIGINAL.clone()))];
    assert!(screened(document.clone(), &[neighbor("c-2", &ORIGINAL)]).findings.is_empty());
    let other = Neighbor { photo: document[0].clone(), ..neighbor("c-2", &ORIGINAL) };
    assert_eq!(screened(document, &[other]).findings.len(), 1);
}

#[test]
fn a_photo_that_could_not_be_read_is_said_and_never_clear() {
    let raised = screened(vec![photo(0, PhotoKind::Profile, Err("is truncated: expected a whole picture".to_owned()))], &[]);
    assert_eq!(raised.findings[0].code, Code::ScreeningIncomplete);
    assert!(raised.findings[0].sentence.contains("photos[0]") && raised.findings[0].sentence.contains("truncated"));
    assert_eq!(outcome(&raised, Code::PhotoSamePhoto), Outcome::Incomplete);
}

#[test]
fn without_a_photo_there_is_no_data() {
    let raised = screened(Vec::new(), &[neighbor("c-2", &ORIGINAL)]);
    assert!(raised.findings.is_empty() && raised.links.is_empty());
    assert_eq!(raised.checks.iter().map(|check| check.outcome).collect::<Vec<_>>(), [Outcome::NoData; 3]);
}
