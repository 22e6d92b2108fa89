//! Everything that is tested from outside: the store on both databases, the layers of the source, the pages.
//!
//! `cfg(test)` is always so here; it tells clippy that helpers beside the tests may unwrap, too.

#[cfg(test)]
mod api;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod candidates;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod durability;
#[cfg(test)]
mod exports;
#[cfg(test)]
mod headers;
#[cfg(test)]
mod imports;
#[cfg(test)]
mod layers;
#[cfg(test)]
mod malformed;
#[cfg(test)]
mod people;
#[cfg(test)]
mod review;
#[cfg(test)]
mod servers;
#[cfg(test)]
mod store;
#[cfg(test)]
mod support;
#[cfg(test)]
mod upload;
#[cfg(test)]
mod watchlists;
