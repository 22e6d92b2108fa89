//! Portraits of invented people, drawn from numbers: for the demo and for tests, so that no real face is needed anywhere.
//!
//! A picture is a function of its pixel: backdrop, shoulders, neck, hair, head, features, each a soft-edged shape in poster
//! colors. Backdrop, clothes and face have a number each, so two pictures that differ in `face_seed` alone are a swapped face, and
//! two that share `backdrop_seed` alone are two people before one wall.
//!
//! To add a backdrop: an arm in `backdrop`. To add clothes: an arm in `cloth`.

use image::{Rgb, RgbImage};

/// Width of a portrait in pixels.
pub const WIDTH: u32 = 480;
/// Height of a portrait in pixels.
pub const HEIGHT: u32 = 560;

/// Who stands before what, in which clothes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scene {
    /// Head, features and hair.
    pub face_seed: u64,
    /// Shoulders and clothes.
    pub clothes_seed: u64,
    /// Backdrop; its kind is the remainder by [`BACKDROPS`].
    pub backdrop_seed: u64,
}

/// Number of backdrop kinds: plain, gradient, logo wall, shelf, bricks, lights, leaves, window.
pub const BACKDROPS: u64 = 8;

/// Draws a scene at [`WIDTH`] x [`HEIGHT`]. `seed` is the shot: pose, light and grain, so the same scene under another seed is
/// another photo of the same person.
#[must_use]
pub fn draw(seed: u64, scene: &Scene) -> RgbImage {
    draw_at(seed, scene, WIDTH)
}

/// The same at another width; the height follows.
#[must_use]
pub fn draw_at(seed: u64, scene: &Scene, width: u32) -> RgbImage {
    let mut shot = Chance(seed ^ 0x5151);
    let pose = Pose { x: 0.5 + shot.between(-0.04, 0.04), y: shot.between(-0.02, 0.02), tilt: shot.between(-0.06, 0.06) };
    let light = (shot.between(-0.12, 0.12), shot.between(0.94, 1.06));
    let face = Face::of(scene.face_seed);
    let clothes = Clothes::of(scene.clothes_seed);
    let wall = backdrop(scene.backdrop_seed);
    let grain = seed ^ scene.backdrop_seed.rotate_left(17);
    RgbImage::from_fn(width, width * HEIGHT / WIDTH, |px, py| {
        let (x, y) = ((px as f32 + 0.5) / width as f32, (py as f32 + 0.5) / width as f32);
        let mut color = wall(x, y);
        clothes.paint(&mut color, x - pose.x, y - pose.y);
        face.paint(&mut color, x, y, &pose);
        let lit = light.1 + light.0 * (x - 0.5);
        let noise = (scatter(grain, px as i32, py as i32) - 0.5) * 5.0;
        Rgb(color.map(|part| (part * lit + noise).clamp(0.0, 255.0) as u8))
    })
}

type Color = [f32; 3];

/// Where the head is, and how it is held.
struct Pose {
    x: f32,
    y: f32,
    tilt: f32,
}

/// Repeatable chance: splitmix64.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        (mixed(self.0) >> 40) as f32 / (1_u64 << 24) as f32
    }

    fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.next()
    }

    fn of(&mut self, colors: &[Color]) -> Color {
        let at = (self.next() * colors.len() as f32) as usize;
        colors.get(at).copied().unwrap_or([128.0; 3])
    }

    /// A muted color.
    fn color(&mut self, low: f32, high: f32) -> Color {
        let color = [self.between(low, high), self.between(low, high), self.between(low, high)];
        let gray = color.iter().sum::<f32>() / 3.0;
        mix(color, [gray; 3], 0.5)
    }
}

fn mixed(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// A number from 0 to 1 for a place of a grid.
fn scatter(seed: u64, x: i32, y: i32) -> f32 {
    let place = (x as u32 as u64) << 32 | y as u32 as u64;
    (mixed(seed ^ mixed(place.wrapping_mul(0x9e37_79b9_7f4a_7c15))) >> 40) as f32 / (1_u64 << 24) as f32
}

/// Smooth noise of a cell size, 0 to 1.
fn cloud(seed: u64, x: f32, y: f32, cell: f32) -> f32 {
    let (x, y) = (x / cell, y / cell);
    let (left, upper) = (x.floor(), y.floor());
    let (dx, dy) = (smooth(0.0, 1.0, x - left), smooth(0.0, 1.0, y - upper));
    let at = |i: i32, j: i32| scatter(seed, left as i32 + i, upper as i32 + j);
    (at(0, 0) * (1.0 - dx) + at(1, 0) * dx) * (1.0 - dy) + (at(0, 1) * (1.0 - dx) + at(1, 1) * dx) * dy
}

fn smooth(low: f32, high: f32, value: f32) -> f32 {
    let t = ((value - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// Lays a color over another: `depth` is how far inside the shape the point lies, in widths of the picture.
fn over(color: &mut Color, paint: Color, depth: f32, soft: f32) {
    let share = smooth(-soft, soft, depth);
    for (part, paint) in color.iter_mut().zip(paint) {
        *part += (paint - *part) * share;
    }
}

fn shade(color: Color, by: f32) -> Color {
    color.map(|part| (part * by).min(255.0))
}

/// Depth inside an ellipse, roughly in widths of the picture.
fn ellipse(x: f32, y: f32, rx: f32, ry: f32) -> f32 {
    (1.0 - (x / rx).hypot(y / ry)) * rx.min(ry)
}

/// Depth inside a rectangle of half sides with round corners.
fn slab(x: f32, y: f32, rx: f32, ry: f32, round: f32) -> f32 {
    let (dx, dy) = (x.abs() - rx + round, y.abs() - ry + round);
    round - dx.max(0.0).hypot(dy.max(0.0)) - dx.max(dy).min(0.0)
}

const EDGE: f32 = 0.002;
/// Poster colors for faces: chosen to look like a print, not like anybody's skin.
const FACES: [Color; 8] = [
    [233.0, 196.0, 164.0],
    [198.0, 152.0, 122.0],
    [150.0, 108.0, 90.0],
    [222.0, 180.0, 172.0],
    [124.0, 92.0, 82.0],
    [228.0, 204.0, 166.0],
    [174.0, 138.0, 110.0],
    [206.0, 166.0, 134.0],
];
const HAIR: [Color; 7] = [
    [38.0, 32.0, 36.0],
    [84.0, 56.0, 40.0],
    [150.0, 98.0, 52.0],
    [206.0, 172.0, 108.0],
    [120.0, 120.0, 128.0],
    [66.0, 72.0, 110.0],
    [138.0, 58.0, 50.0],
];

/// A head with features and hair.
struct Face {
    skin: Color,
    hair: Color,
    size: (f32, f32),
    jaw: f32,
    eyes: (f32, f32, f32),
    brow: (f32, f32),
    nose: (f32, f32),
    mouth: (f32, f32, f32),
    fringe: (f32, f32),
    long_hair: f32,
    bald: bool,
    glasses: Option<f32>,
    beard: bool,
}

impl Face {
    fn of(seed: u64) -> Self {
        let mut chance = Chance(seed.wrapping_mul(3) ^ 0xface);
        Self {
            skin: chance.of(&FACES),
            hair: chance.of(&HAIR),
            size: (chance.between(0.130, 0.150), chance.between(0.172, 0.196)),
            jaw: chance.between(0.05, 0.35),
            eyes: (chance.between(0.048, 0.066), chance.between(-0.035, -0.008), chance.between(0.014, 0.022)),
            brow: (chance.between(0.030, 0.046), chance.between(-0.30, 0.10)),
            nose: (chance.between(0.014, 0.028), chance.between(0.035, 0.065)),
            mouth: (chance.between(0.034, 0.062), chance.between(0.082, 0.112), chance.between(0.4, 2.6)),
            fringe: (chance.between(-0.6, 0.6), chance.between(0.45, 0.75)),
            long_hair: chance.between(-0.1, 0.16).max(0.0),
            bald: chance.next() < 0.12,
            glasses: (chance.next() < 0.35).then(|| chance.between(0.3, 1.0)),
            beard: chance.next() < 0.3,
        }
    }

    fn paint(&self, color: &mut Color, x: f32, y: f32, pose: &Pose) {
        let (x, y) = (x - pose.x, y - 0.455 - pose.y);
        let (sin, cos) = pose.tilt.sin_cos();
        let (x, y) = (x * cos + y * sin, y * cos - x * sin);
        let (rx, ry) = self.size;
        let side = smooth(-rx, rx, x);
        let skin = shade(self.skin, 1.08 - 0.22 * side);
        let hair = shade(self.hair, 1.0 + 0.35 * cloud(7, x * 6.0 + y, y * 0.7, 0.03) - 0.15 * side);
        if !self.bald {
            over(color, shade(hair, 0.85), ellipse(x, y + 0.03 - self.long_hair / 2.0, rx * 1.22, ry * 1.10 + self.long_hair), EDGE);
        }
        over(color, shade(skin, 0.72), slab(x, y - ry * 1.05, rx * 0.46, 0.09, 0.03), EDGE);
        let narrow = 1.0 - self.jaw * smooth(0.0, ry, y);
        for ear in [-1.0, 1.0] {
            over(color, shade(skin, 0.88), ellipse(x - ear * rx * 0.98, y - 0.005, 0.022, 0.036), EDGE);
        }
        over(color, skin, ellipse(x / narrow, y, rx, ry), EDGE);
        over(color, shade(skin, 0.93), ellipse(x - rx * 0.5, y - 0.05, 0.035, 0.03), 0.02);
        if self.beard {
            let cheek = ellipse(x / narrow, y, rx, ry).min(y - 0.055 - 0.6 * (x / rx).powi(2) * -0.06);
            over(color, shade(self.hair, 0.95 + 0.3 * cloud(9, x, y, 0.008)), cheek, 0.006);
        }
        self.paint_features(color, x, y, skin);
        if !self.bald {
            let line = -ry * self.fringe.1 + self.fringe.0 * x * 0.5 + 1.4 * x * x;
            over(color, hair, ellipse(x, y + 0.02, rx * 1.12, ry * 1.10).min(line - y), 0.003);
        }
    }

    fn paint_features(&self, color: &mut Color, x: f32, y: f32, skin: Color) {
        let (apart, height, open) = self.eyes;
        for eye in [-1.0, 1.0] {
            let (ex, ey) = (x - eye * apart, y - height);
            over(color, shade(skin, 0.86), ellipse(ex, ey, open * 1.9, open * 1.4), 0.006);
            over(color, [245.0, 243.0, 238.0], ellipse(ex, ey, open * 1.35, open * 0.75), EDGE);
            over(color, [52.0, 60.0, 72.0], ellipse(ex, ey, open * 0.62, open * 0.70), EDGE);
            let slope = ey + open * 2.2 + self.brow.1 * ex * eye;
            over(color, shade(self.hair, 0.8), slab(ex, slope, self.brow.0 * 0.8, 0.0055, 0.004), EDGE);
            if let Some(dark) = self.glasses {
                let rim = slab(ex, ey - 0.004, 0.046, 0.034, 0.018);
                over(color, shade([70.0, 60.0, 64.0], dark), 0.004 - (rim - 0.004).abs(), 0.0015);
                over(color, shade([70.0, 60.0, 64.0], dark), slab(x, y - height, 0.012, 0.003, 0.002), 0.0015);
            }
        }
        let (width, length) = self.nose;
        let ridge = y - height;
        if ridge > 0.0 && ridge < length + 0.01 {
            over(color, shade(skin, 0.80), slab(x - width * 0.5, ridge - length * 0.5, 0.004, length * 0.5, 0.003), 0.004);
        }
        over(color, shade(skin, 0.78), ellipse(x, ridge - length, width, 0.008), 0.004);
        let (half, low, smile) = self.mouth;
        let lip = y - low + smile * x * x * 4.0;
        over(color, [158.0, 74.0, 76.0], slab(x, lip, half, 0.009, 0.008), EDGE);
        over(color, [96.0, 40.0, 46.0], slab(x, lip, half * 0.9, 0.0022, 0.002), EDGE);
    }
}

/// Shoulders in clothes.
struct Clothes {
    width: f32,
    slope: f32,
    collar: f32,
    base: Color,
    second: Color,
    pattern: u64,
    scale: f32,
    jacket: Option<f32>,
    seed: u64,
}

impl Clothes {
    fn of(seed: u64) -> Self {
        let mut chance = Chance(seed.wrapping_mul(5) ^ 0xc107);
        Self {
            width: chance.between(0.27, 0.39),
            slope: chance.between(0.4, 1.5),
            collar: chance.between(0.06, 0.10),
            base: chance.color(30.0, 215.0),
            second: chance.color(40.0, 240.0),
            pattern: (chance.next() * 5.0) as u64,
            scale: chance.between(0.028, 0.055),
            jacket: (chance.next() < 0.45).then(|| chance.between(0.25, 0.75)),
            seed,
        }
    }

    fn paint(&self, color: &mut Color, x: f32, y: f32) {
        let top = 0.70 + self.slope * x * x;
        let depth = (y - top).min(self.width + 0.12 * (y - 0.8) - x.abs());
        over(color, self.cloth(x, y), depth, EDGE);
        let neck = slab(x, y - 0.70, self.collar * 1.2, 0.05, 0.04).min(depth + 0.01);
        over(color, shade(self.second, 0.7), neck, EDGE);
        if let Some(lapel) = self.jacket {
            let open = (y - 0.70) * lapel + 0.02;
            over(color, shade(self.base, 0.45), depth.min(x.abs() - open + 0.04), EDGE);
            over(color, shade(self.base, 0.32), 0.004 - (x.abs() - open + 0.04).abs().max(-depth), EDGE);
        }
    }

    fn cloth(&self, x: f32, y: f32) -> Color {
        let fold = 0.88 + 0.24 * cloud(self.seed, x * 0.6 + y * 0.3, y * 0.5, 0.06);
        let wave = |value: f32| (value / self.scale * std::f32::consts::PI).sin();
        let mark = match self.pattern {
            0 => cloud(self.seed ^ 3, x, y, self.scale * 0.7) - 0.55,
            1 => wave(y),
            2 => wave(x),
            3 => wave(x) * wave(y),
            _ => wave(x + y).min(wave(x - y)),
        };
        let mut cloth = self.base;
        over(&mut cloth, self.second, mark * 0.02, 0.006);
        shade(cloth, fold)
    }
}

/// The color of each point of a backdrop.
fn backdrop(seed: u64) -> Box<dyn Fn(f32, f32) -> [f32; 3]> {
    let mut chance = Chance(seed.wrapping_mul(7) ^ 0xbac0);
    let (first, second, third) = (chance.color(90.0, 225.0), chance.color(40.0, 200.0), chance.color(120.0, 250.0));
    match seed % BACKDROPS {
        0 => Box::new(move |_, _| shade(first, 1.1)),
        1 => Box::new(move |x, y| mix(first, second, (0.8 * y + 0.2 * x).clamp(0.0, 1.0))),
        2 => Box::new(move |x, y| logo_wall(x, y, shade(second, 0.6), third)),
        3 => Box::new(move |x, y| shelf(seed, x, y, shade(second, 0.5))),
        4 => Box::new(move |x, y| bricks(seed, x, y, first)),
        5 => Box::new(move |x, y| lights(seed, x, y, shade(second, 0.5), third)),
        6 => Box::new(move |x, y| {
            let leaf = cloud(seed, x, y, 0.05) * 0.6 + cloud(seed ^ 5, x + y, y - x, 0.018) * 0.4;
            mix(shade(second, 0.35), third, smooth(0.3, 0.75, leaf))
        }),
        _ => Box::new(move |x, y| window(seed, x, y, first, third)),
    }
}

fn mix(a: Color, b: Color, share: f32) -> Color {
    std::array::from_fn(|i| a[i] + (b[i] - a[i]) * share)
}

fn logo_wall(x: f32, y: f32, wall: Color, mark: Color) -> Color {
    let row = (y / 0.13).floor();
    let shifted = x + 0.12 * (row as i32 % 2) as f32;
    let (dx, dy) = (shifted.rem_euclid(0.24) - 0.06, y - row * 0.13 - 0.065);
    let mut color = wall;
    over(&mut color, mark, 0.008 - (ellipse(dx, dy, 0.028, 0.028) - 0.006).abs(), EDGE);
    for (i, width) in [0.05, 0.034, 0.042].into_iter().enumerate() {
        over(&mut color, mark, slab(dx - 0.045 - width / 2.0, dy - 0.018 * (i as f32 - 1.0), width / 2.0, 0.005, 0.002), EDGE);
    }
    color
}

fn shelf(seed: u64, x: f32, y: f32, wood: Color) -> Color {
    let row = (y / 0.19).floor();
    let (dy, book) = (y - row * 0.19, (x / 0.034).floor());
    let of = |salt: u64| scatter(seed ^ salt, book as i32, row as i32);
    let mut color = shade(wood, 0.5);
    let top = 0.03 + 0.06 * of(1);
    let spine = [60.0 + 170.0 * of(2), 60.0 + 150.0 * of(3), 60.0 + 150.0 * of(4)];
    let (dx, half) = (x - (book + 0.5) * 0.034, 0.0145);
    over(&mut color, spine, slab(dx, dy - (top + 0.17) / 2.0, half, (0.17 - top) / 2.0, 0.003), EDGE);
    over(&mut color, shade(spine, 1.5), slab(dx, dy - top - 0.03, half, 0.004, 0.001), EDGE);
    over(&mut color, wood, dy - 0.172, EDGE);
    color
}

fn bricks(seed: u64, x: f32, y: f32, clay: Color) -> Color {
    let row = (y / 0.052).floor();
    let shifted = x + 0.065 * (row as i32 % 2) as f32;
    let brick = (shifted / 0.13).floor();
    let tone = 0.65 + 0.4 * scatter(seed, brick as i32, row as i32) + 0.15 * cloud(seed, x, y, 0.012);
    let mut color = shade(clay, 1.15);
    over(&mut color, shade(clay, tone), slab(shifted - (brick + 0.5) * 0.13, y - (row + 0.5) * 0.052, 0.06, 0.022, 0.004), EDGE);
    color
}

fn lights(seed: u64, x: f32, y: f32, dark: Color, bright: Color) -> Color {
    let mut color = shade(dark, 0.7 + 0.5 * cloud(seed, x, y, 0.3));
    for i in 0..26 {
        let of = |salt: i32| scatter(seed, i, salt);
        let (radius, tint) = (0.025 + 0.05 * of(2), shade(bright, 0.5 + 0.5 * of(3)));
        let mut glow = color;
        over(&mut glow, tint, ellipse(x - of(0), y - 1.2 * of(1), radius, radius), 0.004);
        color = mix(color, glow, 0.6);
    }
    color
}

fn window(seed: u64, x: f32, y: f32, wall: Color, sky: Color) -> Color {
    let house = (x / 0.075).floor();
    let roof = 0.25 + 0.35 * scatter(seed, house as i32, 1);
    let mut view = mix(shade(sky, 1.1), shade(sky, 0.7), y);
    if y > roof {
        let lit = scatter(seed, (x / 0.019).floor() as i32, (y / 0.024).floor() as i32 + 99) > 0.55;
        view = shade(wall, if lit { 0.95 } else { 0.35 + 0.2 * scatter(seed, house as i32, 2) });
    }
    over(&mut view, shade(wall, 1.1), 0.014 - ((x + 0.07).rem_euclid(0.36) - 0.18).abs(), EDGE);
    over(&mut view, shade(wall, 1.1), 0.012 - ((y + 0.1).rem_euclid(0.52) - 0.26).abs(), EDGE);
    view
}
