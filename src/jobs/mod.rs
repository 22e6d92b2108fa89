//! Work that outlives the request that asked for it: one call into `pipeline` a job.
//!
//! To add a job: its kind and `run` in the journey it belongs to, a line in [`worker`]'s table.

pub mod worker;
