//! The store, every test on both databases.

mod audit;
mod candidates;
mod demo;
mod foundation;
mod job;
mod keys;
mod listings;
mod people;
mod photos;
mod receipts;
mod review;
mod screenings;
mod seed;
mod watchlists;
