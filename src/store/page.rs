//! Pages of lists, and how far rows are counted.

/// Rows are counted up to here; a longer list says "more than".
pub const MOST_COUNTED: i64 = 10_000;

/// Which rows of a list are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest {
    /// Rows to pass over.
    pub offset: i64,
    /// Rows to give at most.
    pub limit: i64,
}

impl PageRequest {
    /// Page `number`, from 1, of `size` rows each.
    #[must_use]
    pub const fn of(number: i64, size: i64) -> Self {
        let before = if number > 1 { number - 1 } else { 0 };
        Self { offset: before.saturating_mul(size), limit: size }
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// How many there are in all, at most [`MOST_COUNTED`] + 1, which means "more than".
    pub total: i64,
}

impl<T> Page<T> {
    /// True when the list is longer than it was counted.
    #[must_use]
    pub const fn is_longer(&self) -> bool {
        self.total > MOST_COUNTED
    }
}
