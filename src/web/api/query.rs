//! Query parameters of an API address: known ones by name, unknown ones refused, because a misspelled filter would otherwise
//! answer another question than the one asked.

use actix_web::{HttpRequest, web::Query};

use crate::domain::intake::Fault;
use crate::web::error::WebError;
use crate::web::form::Form;

use super::problem::Problem;

/// Reads the query; its keys must be among `known`.
///
/// # Errors
/// [`Problem::Values`] with every unknown key.
pub fn read(request: &HttpRequest, known: &[&str]) -> Result<Form, Problem> {
    let pairs = Query::<Vec<(String, String)>>::from_query(request.query_string()).map_err(|_| WebError::Malformed)?.into_inner();
    let expected = if known.is_empty() { "no query parameter".to_owned() } else { format!("one of {}", known.join(", ")) };
    let unknown = pairs.iter().filter(|(name, _)| !known.contains(&name.as_str()));
    let faults: Vec<Fault> =
        unknown.map(|(name, value)| Fault::new(shown(name), Some(value), "is not a known parameter", &expected)).collect();
    if faults.is_empty() { Ok(Form::filled(pairs)) } else { Err(Problem::Values(faults)) }
}

/// Refuses any query parameter.
///
/// # Errors
/// As [`read`].
pub fn none(request: &HttpRequest) -> Result<(), Problem> {
    read(request, &[]).map(drop)
}

fn shown(name: &str) -> String {
    if name.is_empty() { "(empty name)".to_owned() } else { name.chars().filter(|c| !c.is_control()).take(60).collect() }
}
