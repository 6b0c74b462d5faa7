//! Writes JSON with the members of objects and the entries of lists in another order.

use serde::Serialize;
use serde_json::Value;

/// A source of numbers that is good enough to disorder things, and the same every time.
pub(crate) struct Shuffle(u64);

impl Shuffle {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The value as text. Only `ranking` keeps its order, which has a meaning.
    pub(crate) fn json(&mut self, value: &impl Serialize) -> String {
        self.text(&serde_json::to_value(value).unwrap())
    }

    fn text(&mut self, value: &Value) -> String {
        match value {
            Value::Object(members) => {
                let members = members.iter().map(|(name, value)| {
                    let value = match name.as_str() {
                        "ranking" => value.to_string(),
                        _ => self.text(value),
                    };
                    format!("{}:{value}", Value::from(name.as_str()))
                });
                let members = members.collect();
                format!("{{{}}}", self.shuffled(members))
            }
            Value::Array(entries) => {
                let entries = entries.iter().map(|entry| self.text(entry)).collect();
                format!("[{}]", self.shuffled(entries))
            }
            other => other.to_string(),
        }
    }

    fn shuffled(&mut self, texts: Vec<String>) -> String {
        let mut keyed: Vec<_> = texts.into_iter().map(|text| (self.next(), text)).collect();
        keyed.sort();
        let texts: Vec<_> = keyed.into_iter().map(|(_, text)| text).collect();
        texts.join(",")
    }

    /// `SplitMix64`, by Sebastiano Vigna.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = self.0;
        number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        number ^ (number >> 31)
    }
}
