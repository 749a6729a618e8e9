//! A list of values inside a statement: `… where org_id = $1 and meeting_id in ($2, $3)`.
//! May touch: values. Knows no table and no engine. Rules: few lengths, so few texts are prepared.

use crate::{ToValue, Value};
use std::fmt::Write;

/// The values of a statement whose last ones are a list, and the places of that list, to stand
/// within `in (…)`. The list is filled up with its last value to a power of two, so that lists of
/// any length share a handful of prepared statements; an empty one is a null, which nothing equals.
///
/// ```
/// let (places, v) = db::listed(db::values![7_i64], [3_i64, 4, 5]);
/// assert_eq!(places, "$2, $3, $4, $5");
/// assert_eq!(v, db::values![7_i64, 3_i64, 4_i64, 5_i64, 5_i64]);
/// ```
pub fn listed<T: ToValue>(before: &[Value], list: impl IntoIterator<Item = T>) -> (String, Vec<Value>) {
    let mut values: Vec<Value> = before.to_vec();
    values.extend(list.into_iter().map(|x| x.to_value()));
    let last = if values.len() > before.len() { values.last().cloned() } else { None }.unwrap_or(Value::Null);
    let length = (values.len() - before.len()).next_power_of_two();
    values.resize(before.len() + length, last);
    let mut places = String::with_capacity(length * 5);
    for n in before.len() + 1..=values.len() {
        // Writing into a text does not fail.
        let _ = write!(places, "{}${n}", if places.is_empty() { "" } else { ", " });
    }
    (places, values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values;

    #[test]
    fn lists_of_many_lengths_share_few_texts() {
        let texts: std::collections::BTreeSet<String> = (0..=64i64).map(|n| listed(values![1i64], 0..n).0).collect();
        assert_eq!(texts.len(), 7);
    }

    #[test]
    fn an_empty_list_is_a_null() {
        assert_eq!(listed::<i64>(&[], []), ("$1".to_owned(), vec![Value::Null]));
        assert_eq!(listed(values![1i64, 2i64], [9i64]).0, "$3");
    }
}
