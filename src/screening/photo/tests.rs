//! Pictures end to end: what is refused, what is found, and what honest people must not be told.

use std::io::Cursor;
use std::sync::LazyLock;

use image::imageops::{self, FilterType};
use image::{DynamicImage, ImageFormat, RgbImage, RgbaImage};
use rstest::rstest;

use crate::domain::photo::{PhotoFeatures, Verdict};

use super::portrait::{BACKDROPS, HEIGHT, Scene, WIDTH, draw, draw_at};
use super::{PhotoFault, compare, decode, enroll, features_of};

const SHELF: u64 = 3;
const LOGO_WALL: u64 = 2;

fn scene(face_seed: u64, clothes_seed: u64, backdrop_seed: u64) -> Scene {
    Scene { face_seed, clothes_seed, backdrop_seed }
}

fn shot(seed: u64, scene: Scene) -> RgbImage {
    draw_at(seed, &scene, 320)
}

fn portrait() -> RgbImage {
    static PORTRAIT: LazyLock<RgbImage> = LazyLock::new(|| shot(1, scene(4, 7, SHELF)));
    PORTRAIT.clone()
}

fn coded(picture: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(picture.clone()).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn jpeg(picture: &RgbImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(picture).unwrap();
    bytes
}

fn features(picture: &RgbImage) -> PhotoFeatures {
    features_of(picture).unwrap()
}

fn cropped(picture: &RgbImage, share: f64) -> RgbImage {
    let (width, height) = picture.dimensions();
    let (dx, dy) = ((f64::from(width) * share) as u32, (f64::from(height) * share) as u32);
    imageops::crop_imm(picture, dx / 2, dy / 2, width - dx, height - dy).to_image()
}

fn framed(picture: &RgbImage) -> RgbImage {
    let mut page = RgbImage::from_pixel(picture.width() + 60, picture.height() + 80, image::Rgb([255; 3]));
    imageops::replace(&mut page, picture, 30, 40);
    page
}

#[test]
fn a_scene_is_drawn_alike_every_time_and_at_every_size() {
    let one = scene(4, 7, SHELF);
    let full = draw(1, &one);
    assert_eq!(full.dimensions(), (WIDTH, HEIGHT));
    assert_eq!(draw_at(1, &one, 64), draw_at(1, &one, 64));
    assert_eq!(compare(&features(&full), &features(&portrait())).verdict, Verdict::SamePhoto);
}

#[test]
fn a_picture_is_itself() {
    let picture = features(&portrait());
    let comparison = compare(&picture, &picture);
    assert_eq!((comparison.verdict, comparison.distance, comparison.mirrored), (Verdict::SamePhoto, Some(0), false));
    assert_eq!((comparison.outside_match, comparison.inliers), (Some(1.0), None));
    assert!(comparison.coverage.unwrap() > 0.99 && comparison.face_match.unwrap() > 0.99);
    let map = comparison.tiles.unwrap();
    assert!(map.tiles.iter().any(|tile| tile.head) && map.tiles.len() <= 20 * 20);
}

#[rstest]
#[case::recompressed(|p: &RgbImage| decode::decode(&jpeg(p, 25)).unwrap().picture, false)]
#[case::smaller(|p: &RgbImage| imageops::resize(p, 120, 140, FilterType::Triangle), false)]
#[case::larger(|p: &RgbImage| imageops::resize(p, 480, 560, FilterType::CatmullRom), false)]
#[case::mirrored(imageops::flip_horizontal, true)]
#[case::cropped(|p: &RgbImage| cropped(p, 0.12), false)]
#[case::framed(framed, false)]
#[case::brighter(|p: &RgbImage| imageops::brighten(p, 30), false)]
fn an_edited_copy_is_the_same_photo(#[case] edit: fn(&RgbImage) -> RgbImage, #[case] mirrored: bool) {
    let comparison = compare(&features(&edit(&portrait())), &features(&portrait()));
    assert_eq!((comparison.verdict, comparison.mirrored), (Verdict::SamePhoto, mirrored), "{}", comparison.sentence);
}

#[rstest]
#[case::shelf(SHELF)]
#[case::bricks(4)]
#[case::leaves(6)]
fn a_swapped_face_is_called_one(#[case] backdrop: u64) {
    let original = features(&shot(1, scene(4, 7, backdrop)));
    let swapped = features(&shot(1, scene(23, 7, backdrop)));
    let comparison = compare(&swapped, &original);
    assert_eq!(comparison.verdict, Verdict::FaceSwapped, "{}", comparison.sentence);
    assert!(comparison.outside_match.unwrap() >= 0.75 && comparison.outside.compared >= 12);
    assert!(comparison.sentence.starts_with("Background, clothes and pose match the other photo ("));
}

#[rstest]
#[case::plain(0)]
#[case::gradient(1)]
#[case::logo_wall(LOGO_WALL)]
fn two_people_before_one_drawn_backdrop_are_unrelated(#[case] backdrop: u64) {
    for (one, two) in [(4, 9), (5, 11), (2, 14)] {
        let first = features(&shot(one, scene(one, one, backdrop)));
        let second = features(&shot(two, scene(two, two, backdrop)));
        let comparison = compare(&first, &second);
        assert_eq!(comparison.verdict, Verdict::Unrelated, "{one} and {two}: {}", comparison.sentence);
    }
}

#[test]
fn different_people_elsewhere_and_two_photos_of_one_person_are_unrelated() {
    let first = features(&portrait());
    for (seed, other) in [(1, scene(9, 12, 5)), (2, scene(4, 7, 6)), (8, scene(30, 31, BACKDROPS))] {
        assert_eq!(compare(&first, &features(&shot(seed, other))).verdict, Verdict::Unrelated);
    }
}

#[test]
fn flat_pictures_and_other_algorithms_are_not_compared() {
    let flat = features(&RgbImage::from_pixel(300, 300, image::Rgb([240; 3])));
    assert_eq!(compare(&flat, &flat).verdict, Verdict::Unrelated);
    let other = PhotoFeatures { algorithm: "another/1".to_owned(), ..flat.clone() };
    assert_eq!(compare(&flat, &other).distance, None);
}

#[rstest]
#[case::jpeg(ImageFormat::Jpeg)]
#[case::png(ImageFormat::Png)]
#[case::webp(ImageFormat::WebP)]
fn every_taken_format_enrolls_alike(#[case] format: ImageFormat) {
    let enrolled = enroll(&coded(&portrait(), format)).unwrap();
    assert_eq!((enrolled.width, enrolled.height, enrolled.animated), (320, 373, false));
    assert_eq!(enrolled.sha256.len(), 64);
    assert!(enrolled.features.whole.hash.distance(&features(&portrait()).whole.hash) <= 4);
}

/// A TIFF block with the orientation alone, as cameras write it.
fn with_orientation(picture: &RgbImage, orientation: u8) -> Vec<u8> {
    let plain = jpeg(picture, 92);
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend_from_slice(&[orientation, 0, 0, 0, 0, 0, 0]);
    let mut bytes = plain[..2].to_vec();
    bytes.extend_from_slice(&[0xff, 0xe1, 0, exif.len() as u8 + 2]);
    bytes.extend_from_slice(&exif);
    bytes.extend_from_slice(&plain[2..]);
    bytes
}

#[rstest]
fn every_orientation_comes_out_upright(#[values(1, 2, 3, 4, 5, 6, 7, 8)] orientation: u8) {
    let upright = imageops::thumbnail(&portrait(), 96, 112);
    let stored = match orientation {
        1 => upright.clone(),
        2 => imageops::flip_horizontal(&upright),
        3 => imageops::rotate180(&upright),
        4 => imageops::flip_vertical(&upright),
        5 => imageops::flip_horizontal(&imageops::rotate90(&upright)),
        6 => imageops::rotate270(&upright),
        7 => imageops::flip_horizontal(&imageops::rotate270(&upright)),
        _ => imageops::rotate90(&upright),
    };
    let enrolled = enroll(&with_orientation(&stored, orientation)).unwrap();
    assert_eq!((enrolled.width, enrolled.height), (96, 112));
    let served = image::load_from_memory(&enrolled.served).unwrap().into_rgb8();
    let error: u64 = served.iter().zip(upright.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    assert!(error / u64::from(96 * 112 * 3_u32) < 12, "orientation {orientation}: {error}");
}

#[test]
fn nothing_of_the_original_bytes_is_served() {
    let mut bytes = with_orientation(&portrait(), 1);
    let planted = b"\xff\xfe\0\x2aGPS 52.5200 <script>alert(1)</script> !!!!!!";
    bytes.splice(2..2, planted[..44].iter().copied());
    bytes.extend_from_slice(b"<html>trailing</html>");
    let served = enroll(&bytes).unwrap().served;
    for secret in [b"script".as_slice(), b"GPS", b"html", b"Exif"] {
        assert!(!served.windows(secret.len()).any(|window| window == secret));
    }
    let huge = RgbImage::from_pixel(2_400, 300, image::Rgb([9, 90, 200]));
    let served = image::load_from_memory(&enroll(&jpeg(&huge, 80)).unwrap().served).unwrap();
    assert_eq!((served.width(), served.height()), (1_600, 200));
}

#[test]
fn transparent_pixels_are_white() {
    let clear = RgbaImage::from_pixel(40, 40, image::Rgba([0, 0, 0, 0]));
    let mut bytes = Cursor::new(Vec::new());
    clear.write_to(&mut bytes, ImageFormat::Png).unwrap();
    let decoded = decode::decode(&bytes.into_inner()).unwrap();
    assert!(decoded.picture.pixels().all(|pixel| pixel.0 == [255; 3]));
}

/// A PNG header that claims a size, and pixels that hold next to nothing.
fn png_claiming(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = coded(&RgbImage::new(16, 16), ImageFormat::Png);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = crc(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&sum.to_be_bytes());
    bytes
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

#[rstest]
#[case::long_sides(40_000, 40_000)]
#[case::one_long_side(12_001, 20)]
#[case::many_pixels(11_000, 11_000)]
#[case::flat(16, 1)]
fn a_size_over_the_limits_is_refused_by_the_header(#[case] width: u32, #[case] height: u32) {
    let fault = enroll(&png_claiming(width, height)).unwrap_err();
    assert_eq!(fault, PhotoFault::Size { width, height });
    assert!(fault.to_string().contains(": expected a JPEG, PNG or WebP picture"), "{fault}");
}

#[test]
fn a_patched_jpeg_header_is_refused() {
    let mut bytes = jpeg(&portrait(), 80);
    let frame = bytes.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    bytes[frame + 5..frame + 9].copy_from_slice(&[0xfd, 0xe8, 0xfd, 0xe8]);
    assert_eq!(enroll(&bytes).unwrap_err(), PhotoFault::Size { width: 65_000, height: 65_000 });
}

#[rstest]
fn half_a_picture_is_refused(#[values(ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP)] format: ImageFormat) {
    let bytes = coded(&imageops::thumbnail(&portrait(), 96, 112), format);
    for share in [1, 4, 7] {
        let fault = enroll(&bytes[..bytes.len() * share / 8]).unwrap_err();
        assert!(matches!(fault, PhotoFault::Truncated | PhotoFault::Damaged), "{share}: {fault:?}");
    }
}

#[test]
fn no_bytes_and_too_many_are_refused() {
    assert_eq!(enroll(b"").unwrap_err(), PhotoFault::Empty);
    assert_eq!(enroll(&vec![0; 9_000_000]).unwrap_err(), PhotoFault::TooManyBytes(9_000_000));
    assert_eq!(enroll(b"not a picture").unwrap_err(), PhotoFault::UnknownFormat);
}

#[test]
fn text_that_would_unpack_to_gigabytes_never_reaches_the_decoder() {
    let bytes = coded(&imageops::thumbnail(&portrait(), 96, 112), ImageFormat::Png);
    let body = [b"iCCPx\0\0".as_slice(), &[0x78; 60_000]].concat();
    let mut chunk = (body.len() as u32 - 4).to_be_bytes().to_vec();
    chunk.extend_from_slice(&body);
    chunk.extend_from_slice(&crc(&body).to_be_bytes());
    let laden = [&bytes[..33], &chunk, &bytes[33..]].concat();
    assert_eq!(enroll(&laden).unwrap().features, enroll(&bytes).unwrap().features);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]
    #[test]
    fn flipped_bytes_never_panic(at in proptest::collection::vec((0.0_f64..1.0, proptest::prelude::any::<u8>()), 1..6), which in 0_usize..3) {
        let format = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP][which];
        let picture = RgbImage::from_fn(48, 40, |x, y| image::Rgb([(x * 5) as u8, (y * 6) as u8, (x ^ y) as u8]));
        let mut bytes = coded(&picture, format);
        let length = bytes.len() as f64;
        for (place, value) in at {
            bytes[(place * length) as usize] = value;
        }
        if let Err(fault) = enroll(&bytes) {
            proptest::prop_assert!(fault.to_string().contains(": expected "));
        }
    }
}
