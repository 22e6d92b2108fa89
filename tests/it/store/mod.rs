//! The store, every test on both databases.

mod foundation;
