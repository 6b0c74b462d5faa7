//! Changing fields of a policy by a piece of a policy file.

use serde::{Serialize, de::DeserializeOwned};
use toml::{Table, Value};

/// The value with the fields of the patch. A field that is `"absent"` is taken away.
pub(crate) fn patched<T: Serialize + DeserializeOwned>(value: &T, patch: &str) -> T {
    let mut table = Table::try_from(value).unwrap();
    lay_over(&mut table, patch.parse().unwrap());
    table.try_into().unwrap()
}

fn lay_over(table: &mut Table, patch: Table) {
    for (key, value) in patch {
        match (table.get_mut(&key), value) {
            (Some(Value::Table(inner)), Value::Table(patch)) => lay_over(inner, patch),
            (_, Value::String(text)) if text == "absent" => {
                table.remove(&key);
            }
            (_, value) => {
                table.insert(key, value);
            }
        }
    }
}
