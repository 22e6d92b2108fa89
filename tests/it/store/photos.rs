//! Pictures.

use bonafide::domain::id::PhotoId;
use bonafide::domain::photo::{GrayThumbnail, Hash256, PhotoFeatures, PhotoKind, RegionHash};
use bonafide::domain::user::Scope;
use bonafide::store::counter::{self, Counter};
use bonafide::store::photo::{self, NewPhoto, Readable};
use bonafide::store::{Engine, StoreError, submission};
use rstest::rstest;

use super::seed;
use crate::support::{self, at};

fn readable(byte: u8) -> Readable {
    let region = |hash: u8, quality| RegionHash { hash: Hash256([hash; 32]), quality };
    Readable {
        features: PhotoFeatures {
            algorithm: "dct256".into(),
            whole: region(byte, 100),
            without_head: region(byte + 1, 0),
            head: region(255, 40),
            gray: GrayThumbnail { width: 3, height: 2, pixels: vec![byte, 0, 255, 1, 2, 3], coded: vec![byte, 7] },
        },
        jpeg: vec![0xff, 0xd8, byte],
    }
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn a_picture_reads_back_as_it_was_stored_and_an_unreadable_one_says_why(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let known = seed::candidate(&db.store, "a", "Sam One", 1).await;
    let submission = submission::latest(&db.store, known.number).await.unwrap().unwrap();
    let (good, bad) = (PhotoId::random(), PhotoId::random());
    let content = readable(7);
    let sha256 = "ab".repeat(32);
    let mut new = NewPhoto {
        id: &good,
        candidate: known.number,
        submission: submission.number,
        position: 0,
        kind: PhotoKind::Profile,
        sha256: &sha256,
        format: "jpeg",
        width: 640,
        height: 480,
        at: at(1),
        content: Ok(&content),
    };
    let mut write = db.store.begin_write().await.unwrap();
    for (id, position, content) in [(&good, 0, Ok(&content)), (&bad, 1, Err("ends early"))] {
        new = NewPhoto { id, position, content, ..new };
        let number = counter::next(&mut write, Counter::Photo).await.unwrap();
        photo::insert(&mut write, number, &new).await.unwrap();
    }
    write.commit().await.unwrap();

    let stored = photo::of_candidates(&db.store, &[known.number, 99]).await.unwrap();
    assert_eq!(
        stored.iter().map(|p| (p.number, p.position, p.kind)).collect::<Vec<_>>(),
        [(1, 0, PhotoKind::Profile), (2, 1, PhotoKind::Profile)]
    );
    let features = stored[0].features.as_ref().unwrap();
    assert_eq!(features.with_gray(content.features.gray.clone()), content.features);
    assert_eq!(features.gray, content.features.gray.coded);
    assert_eq!(stored[1].features, Err("ends early".to_owned()));
    assert_eq!((stored[0].id.clone(), stored[0].sha256.clone()), (good.clone(), sha256));
    assert_eq!(photo::by_numbers(&db.store, &[2, 1, 1, 77]).await.unwrap(), stored);

    let hashes = photo::hashes_above(&db.store, 0, 10).await.unwrap();
    assert_eq!(hashes.iter().map(|h| (h.number, h.candidate, h.whole.hash)).collect::<Vec<_>>(), [(1, known.number, Hash256([7; 32]))]);
    assert_eq!(photo::hashes_above(&db.store, 1, 10).await.unwrap(), []);

    let own = Scope::Team("a".into());
    assert_eq!(photo::served(&db.store, &own, &good).await.unwrap(), Some(content.jpeg));
    assert_eq!(photo::served(&db.store, &Scope::Team("b".into()), &good).await.unwrap(), None);
    assert_eq!(photo::served(&db.store, &own, &bad).await.unwrap(), None);

    db.tamper("UPDATE photo SET quality_whole = 300 WHERE number = 1").await;
    assert!(matches!(
        photo::hashes_above(&db.store, 0, 10).await,
        Err(StoreError::Inconsistent { table: "photo", column: "hash_whole", .. })
    ));
}
