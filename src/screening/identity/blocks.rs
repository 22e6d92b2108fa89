//! The key table in memory, for answers without a database. It finds what the stored table finds.
//!
//! Idea: (key, item) pairs in one sorted column, searched by halves. Identifier blocks are read whole; name blocks rarest
//! first until the row budget is reached, because a block that half the world shares finds nobody. Cost: 16 bytes a key;
//! a lookup is a binary search a key.
//!
//! To add a rule of reading: here and in the stored table, with the test that both find the same.

use super::keys::Questions;

/// The keys of many items.
#[derive(Debug, Clone, Default)]
pub struct Blocks {
    rows: Vec<(i64, usize)>,
}

/// What a lookup came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Indices of the items, sorted, each once.
    pub items: Vec<usize>,
    /// False when the row budget left name blocks unread.
    pub complete: bool,
}

impl Blocks {
    /// The table of items, each given by its keys.
    pub fn of<K: AsRef<[i64]>>(items: impl IntoIterator<Item = K>) -> Self {
        let mut rows: Vec<(i64, usize)> = Vec::new();
        for (item, keys) in items.into_iter().enumerate() {
            rows.extend(keys.as_ref().iter().map(|key| (*key, item)));
        }
        rows.sort_unstable();
        rows.dedup();
        Self { rows }
    }

    /// The items that share a key: all of the exact ones, and those of names rarest block first until `row_budget` rows.
    #[must_use]
    pub fn find(&self, questions: &Questions, row_budget: usize) -> Found {
        let mut items: Vec<usize> = questions.exact.iter().flat_map(|key| self.block(*key)).map(|(_, item)| *item).collect();
        let mut blocks: Vec<(usize, i64)> =
            questions.names.iter().map(|key| (self.block(*key).len(), *key)).filter(|(rows, _)| *rows > 0).collect();
        blocks.sort_unstable();
        let mut read = 0;
        let mut complete = true;
        for (rows, key) in blocks {
            if read + rows > row_budget {
                complete = false;
                break;
            }
            read += rows;
            items.extend(self.block(key).iter().map(|(_, item)| *item));
        }
        items.sort_unstable();
        items.dedup();
        Found { items, complete }
    }

    fn block(&self, key: i64) -> &[(i64, usize)] {
        let start = self.rows.partition_point(|(known, _)| *known < key);
        let end = self.rows.partition_point(|(known, _)| *known <= key);
        self.rows.get(start..end).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_blocks_are_read_whole_and_name_blocks_rarest_first() {
        let items: Vec<Vec<i64>> = (0..10).map(|i| if i < 8 { vec![1, 7] } else { vec![2] }).collect();
        let blocks = Blocks::of(&items);
        let by_name = Questions { exact: Vec::new(), names: vec![1, 2] };
        assert_eq!(blocks.find(&by_name, 100), Found { items: (0..10).collect(), complete: true });
        assert_eq!(blocks.find(&by_name, 5), Found { items: vec![8, 9], complete: false });
        let exact = Questions { exact: vec![7], names: Vec::new() };
        assert_eq!(blocks.find(&exact, 0), Found { items: (0..8).collect(), complete: true });
    }

    #[test]
    fn unknown_keys_find_nobody() {
        let blocks = Blocks::of([vec![1], vec![2]]);
        assert_eq!(blocks.find(&Questions { exact: vec![3], names: vec![4] }, 10), Found { items: Vec::new(), complete: true });
        assert!(Blocks::default().find(&Questions::default(), 10).items.is_empty());
    }
}
