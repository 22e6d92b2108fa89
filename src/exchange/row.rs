//! A row of a table as the JSON object it stands for, so that tables and JSON are judged by one reader; and the way back,
//! from the path of a fault to the column.

use serde_json::{Map, Value};

use super::document::WHOLE;
use crate::domain::intake::Fault;

/// The object of one row.
#[derive(Debug, Default)]
pub struct RowObject {
    object: Map<String, Value>,
    origins: Vec<(String, &'static str)>,
    faults: Vec<Fault>,
}

impl RowObject {
    /// Sets a key from a column.
    pub fn set(&mut self, key: &str, column: &'static str, value: Value) {
        self.origin(key, column);
        self.object.insert(key.to_owned(), value);
    }

    /// Adds a value to the list at a key.
    pub fn push(&mut self, key: &str, column: &'static str, value: Value) {
        let list = self.object.entry(key).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(list) = list {
            let path = format!("{key}[{}]", list.len());
            list.push(value);
            self.origins.push((path, column));
        }
    }

    /// Adds every value of a cell to the list at a key, each made by `make`.
    pub fn push_all<'c>(&mut self, key: &str, column: &'static str, cell: &'c str, make: impl Fn(&'c str) -> Value) {
        for value in values(cell) {
            self.push(key, column, make(value));
        }
        self.origin(key, column);
    }

    /// Says that faults below a path belong to a column.
    pub fn origin(&mut self, path: &str, column: &'static str) {
        self.origins.push((path.to_owned(), column));
    }

    /// Adds a fault found before the object was read.
    pub fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// Reads the object; faults bear the column and the line.
    ///
    /// # Errors
    /// Every fault of the row, each once.
    pub fn read<T>(self, line: u64, read: impl FnOnce(&Value) -> Result<T, Vec<Fault>>) -> Result<T, Vec<Fault>> {
        let Self { object, origins, mut faults } = self;
        let value = read(&Value::Object(object));
        let found = match value {
            Ok(value) if faults.is_empty() => return Ok(value),
            Ok(_) => Vec::new(),
            Err(found) => found,
        };
        for mut fault in found {
            if fault.path == WHOLE {
                "row".clone_into(&mut fault.path);
            } else if let Some(column) = column_of(&origins, &fault.path) {
                column.clone_into(&mut fault.path);
            }
            if !faults.contains(&fault) {
                faults.push(fault);
            }
        }
        Err(faults.into_iter().map(|fault| fault.on_line(line)).collect())
    }
}

/// The column of the longest path that holds this one.
fn column_of(origins: &[(String, &'static str)], path: &str) -> Option<&'static str> {
    let holds = |origin: &str| path.strip_prefix(origin).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
    origins.iter().filter(|(origin, _)| holds(origin)).max_by_key(|(origin, _)| origin.len()).map(|(_, column)| *column)
}

/// The values of a cell, between semicolons, blanks removed.
pub fn values(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(';').map(str::trim).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_go_back_to_the_column_they_came_from() {
        let mut row = RowObject::default();
        row.push_all("handles", "github", "a; b", Value::from);
        row.push_all("handles", "handles", "x:c", Value::from);
        let faults = row
            .read::<()>(7, |object| {
                assert_eq!(object["handles"].as_array().map(Vec::len), Some(3));
                let fault = |path| Fault::new(path, None, "p", "e");
                Err(vec![fault("handles[1].value"), fault("handles[1]"), fault("handles[2]"), fault("other")])
            })
            .unwrap_err();
        let paths: Vec<&str> = faults.iter().map(|f| f.path.as_str()).collect();
        assert_eq!(paths, ["github", "handles", "other"]);
        assert!(faults.iter().all(|f| f.line == Some(7)));
    }
}
