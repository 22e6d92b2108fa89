//! Everything that is tested from outside: the store on both databases, the layers of the source.

mod headers;
mod layers;
mod people;
mod store;
mod support;
