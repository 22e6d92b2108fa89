//! The store, every test on both databases.

mod audit;
mod foundation;
mod job;
mod people;
mod receipts;
