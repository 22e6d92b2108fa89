//! Pictures of a submission: decoded in a pool of two, under a time limit, never on the threads that answer requests.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use crate::domain::intake::{Fault, Picture};
use crate::screening::photo::{self, Enrolled};

/// Decoders at once: each may hold a picture of 40 megapixels.
const DECODERS: usize = 2;

/// Longest time for one picture.
const DECODE_LIMIT: Duration = Duration::from_secs(5);

/// Longest wait for a free decoder before the sender is asked to come back.
const WAIT_LIMIT: Duration = Duration::from_secs(10);

/// Why pictures could not be read.
#[derive(Debug)]
pub enum PictureError {
    /// Some picture is no good; one fault each.
    Faults(Vec<Fault>),
    /// All decoders are busy.
    Busy,
}

/// The pool of decoders of one process.
#[derive(Debug, Clone)]
pub struct Decoders(Arc<Semaphore>);

impl Default for Decoders {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(DECODERS)))
    }
}

impl Decoders {
    /// Reads every picture, in the order given.
    ///
    /// # Errors
    /// [`PictureError::Faults`] with `photos[i]` for each that cannot be read; [`PictureError::Busy`] when no decoder is free.
    pub async fn enroll(&self, pictures: Vec<Picture>) -> Result<Vec<(usize, Enrolled)>, PictureError> {
        let mut enrolled = Vec::with_capacity(pictures.len());
        let mut faults = Vec::new();
        for Picture { index, bytes } in pictures {
            let permit = tokio::time::timeout(WAIT_LIMIT, self.0.clone().acquire_owned()).await;
            let Ok(Ok(permit)) = permit else { return Err(PictureError::Busy) };
            // The permit moves into the task: a picture given up on still holds its decoder until it is done.
            let task = tokio::task::spawn_blocking(move || {
                let answer = photo::enroll(&bytes);
                drop(permit);
                answer
            });
            match tokio::time::timeout(DECODE_LIMIT, task).await {
                Ok(Ok(Ok(picture))) => enrolled.push((index, picture)),
                Ok(Ok(Err(fault))) => faults.push(Fault::from_error(format!("photos[{index}]"), None, &fault)),
                Ok(Err(_)) => faults.push(unreadable(index, "could not be read")),
                Err(_) => faults.push(unreadable(index, "took longer than 5 seconds to read")),
            }
        }
        if faults.is_empty() { Ok(enrolled) } else { Err(PictureError::Faults(faults)) }
    }
}

fn unreadable(index: usize, problem: &str) -> Fault {
    Fault::new(format!("photos[{index}]"), None, problem, "a JPEG, PNG or WebP picture as a camera or phone makes it")
}
