//! Pictures of nobody, drawn by the program itself.

use std::path::Path;

use bonafide::pipeline::portrait::{Scene, draw};

/// Draws a portrait into a folder and gives the path of the file.
pub fn portrait_file(folder: &Path) -> String {
    let path = folder.join("portrait.png");
    draw(5, &Scene { face_seed: 5, clothes_seed: 5, backdrop_seed: 5 }).save(&path).unwrap();
    path.display().to_string()
}
