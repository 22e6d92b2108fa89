//! Everything that is tested from outside: the store on both databases, the layers of the source.

mod layers;
mod store;
mod support;
