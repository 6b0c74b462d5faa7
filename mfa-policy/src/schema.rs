//! The JSON Schema of a policy file, made from the types that read it.

use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::draft::PolicyDraft;
use crate::method::Method;
use crate::settings::{
    CampaignDraft, ChallengeDraft, FreshnessDraft, LockoutDraft, PasswordLockoutDraft,
    QuestionsDraft, ReconfirmationDraft, RememberedDevicesDraft, ResetLimitsDraft,
    TemporaryPassDraft,
};
use crate::validate::{MOST_GATES, MOST_IN_POOL};

/// What every identifier is: 1 to 256 bytes without control characters. A schema counts characters, so it lets some longer ones
/// pass that the reader refuses.
const IDENTIFIER: &str = r"^[^\x00-\x1F\x7F-\x9F]{1,256}$";
const EXTERNAL_METHOD: &str = r"^external:[^\x00-\x1F\x7F-\x9F]{1,256}$";
/// A date, or a time as in RFC 3339. Whether there is such a day is for the formats to say.
const TIME: &str = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2}))?$";

/// The JSON Schema (draft 2020-12) of a policy file, in JSON or TOML.
///
/// It has the fields, the values they take, the ranges of the numbers and what each means, so an editor can complete a policy
/// and show what is wrong while it is written; the same text is published as `schema/policy.schema.json`. With Taplo a TOML
/// file asks for it in its first line: `#:schema ./policy.schema.json`. Rules that compare fields with each other are left to
/// [`PolicyDraft::check`](crate::PolicyDraft::check).
#[must_use]
pub fn json_schema() -> String {
    let mut schema = SchemaGenerator::default()
        .into_root_schema_for::<PolicyDraft>()
        .to_value();
    tidy(&mut schema);
    put(&mut schema, "", "title", "Policy".into());
    put(
        &mut schema,
        "",
        "description",
        "Which method of two-step verification counts for what. What is absent is the default, mostly \"off\".".into(),
    );
    put(&mut schema, "/properties/schema", "const", 1.into());
    ranges(&mut schema);
    names(&mut schema);
    // The same text, whether or not somebody else asks serde_json to keep the order of insertion.
    schema.sort_all_objects();
    // A value of JSON always prints.
    serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
}

/// The ranges of the numbers, from the same table that checks them.
fn ranges(schema: &mut Value) {
    let sections = [
        (CampaignDraft::schema_name(), CampaignDraft::ranges()),
        (ChallengeDraft::schema_name(), ChallengeDraft::ranges()),
        (FreshnessDraft::schema_name(), FreshnessDraft::ranges()),
        (LockoutDraft::schema_name(), LockoutDraft::ranges()),
        (
            PasswordLockoutDraft::schema_name(),
            PasswordLockoutDraft::ranges(),
        ),
        (QuestionsDraft::schema_name(), QuestionsDraft::ranges()),
        (
            ReconfirmationDraft::schema_name(),
            ReconfirmationDraft::ranges(),
        ),
        (
            RememberedDevicesDraft::schema_name(),
            RememberedDevicesDraft::ranges(),
        ),
        (ResetLimitsDraft::schema_name(), ResetLimitsDraft::ranges()),
        (
            TemporaryPassDraft::schema_name(),
            TemporaryPassDraft::ranges(),
        ),
        ("PoolDraft".into(), vec![("max", (1, MOST_IN_POOL))]),
        ("ResetDraft".into(), vec![("gates", (1, MOST_GATES))]),
        (
            "AdministratorResetDraft".into(),
            vec![("gates", (1, MOST_GATES))],
        ),
    ];
    for (section, fields) in sections {
        for (field, (least, most)) in fields {
            let place = format!("/$defs/{section}/properties/{field}");
            put(schema, &place, "minimum", least.into());
            put(schema, &place, "maximum", most.into());
        }
    }
    let own = "/$defs/QuestionsDraft/properties/own";
    put(schema, own, "maxItems", 20.into());
    put(schema, &format!("{own}/items"), "minLength", 3.into());
    put(schema, &format!("{own}/items"), "maxLength", 200.into());
}

/// The names of methods, groups and pools, and times.
fn names(schema: &mut Value) {
    put(schema, "/$defs/Group", "pattern", IDENTIFIER.into());
    put(
        schema,
        "/properties/pools",
        "propertyNames",
        json!({ "pattern": IDENTIFIER }),
    );
    put(
        schema,
        "/$defs/Method/anyOf/1",
        "pattern",
        EXTERNAL_METHOD.into(),
    );
    put(
        schema,
        "/$defs/Method",
        "description",
        "A method; one of the organisation's own is written `external:NAME`.".into(),
    );
    // Each built-in method is a key of its own, so that an editor offers them.
    let rule = json!({ "$ref": "#/$defs/MethodDraft" });
    let built_in: Map<String, Value> = Method::BUILT_IN
        .iter()
        .map(|method| (method.to_string(), rule.clone()))
        .collect();
    put(schema, "/properties/methods", "properties", built_in.into());
    put(
        schema,
        "/properties/methods",
        "patternProperties",
        json!({ EXTERNAL_METHOD: rule }),
    );
    put(
        schema,
        "/properties/methods",
        "additionalProperties",
        false.into(),
    );
    let time = "/$defs/Timestamp";
    put(
        schema,
        time,
        "description",
        "A time as in RFC 3339, or a date for its midnight in UTC.".into(),
    );
    put(
        schema,
        time,
        "examples",
        json!(["2027-02-01", "2027-02-01T09:00:00Z"]),
    );
    put(schema, time, "pattern", TIME.into());
    put(
        schema,
        time,
        "anyOf",
        json!([{ "format": "date" }, { "format": "date-time" }]),
    );
}

/// Sets a keyword of the schema at that place. The tests see to it that every place is there.
fn put(schema: &mut Value, place: &str, keyword: &str, value: Value) {
    if let Some(Value::Object(part)) = schema.pointer_mut(place) {
        part.insert(keyword.to_owned(), value);
    }
}

/// Takes away what only Rust has a use for, and what the reader does not ask for.
fn tidy(schema: &mut Value) {
    match schema {
        Value::Object(part) => {
            if let Some(Value::String(text)) = part.get_mut("description") {
                *text = plain(text);
            }
            if part.get("format").is_some_and(|format| format == "int64") {
                part.remove("format");
            }
            // A list may name something twice; it counts once.
            part.remove("uniqueItems");
            part.values_mut().for_each(tidy);
        }
        Value::Array(parts) => parts.iter_mut().for_each(tidy),
        _ => (),
    }
}

/// A doc comment as plain text: links without their targets, paragraphs in one line each.
fn plain(comment: &str) -> String {
    let mut text = String::new();
    let mut rest = comment;
    while let Some((before, after)) = rest.split_once('[') {
        let Some((label, after)) = after.split_once(']') else {
            break;
        };
        text.push_str(before);
        text.push_str(label);
        rest = match after
            .strip_prefix('(')
            .and_then(|target| target.split_once(')'))
        {
            Some((_, after)) => after,
            None => after,
        };
    }
    text.push_str(rest);
    let paragraphs = text
        .split("\n\n")
        .map(|paragraph| paragraph.replace('\n', " "));
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use boon::{Compiler, SchemaIndex, Schemas};
    use serde_json::{Value, json};

    use super::json_schema;
    use crate::PolicyDraft;

    /// An independent validator, which checks formats too.
    struct Validator {
        schemas: Schemas,
        index: SchemaIndex,
    }

    impl Validator {
        fn new() -> Self {
            let mut schemas = Schemas::new();
            let mut compiler = Compiler::new();
            compiler.enable_format_assertions();
            let schema = serde_json::from_str(&json_schema()).unwrap();
            compiler.add_resource("policy.schema.json", schema).unwrap();
            let index = compiler
                .compile("policy.schema.json", &mut schemas)
                .unwrap();
            Self { schemas, index }
        }

        fn accepts(&self, document: &Value) -> bool {
            self.schemas.validate(document, self.index).is_ok()
        }
    }

    /// Whether the reader takes the document, and its numbers are in range.
    fn reader_accepts(document: &Value) -> bool {
        PolicyDraft::from_json(&document.to_string()).is_ok_and(|draft| {
            let report = draft.check();
            let mut problems = report.problems().iter();
            !problems.any(|problem| ["schema", "out_of_range"].contains(&problem.code()))
        })
    }

    fn every_part(value: &Value, path: &str, visit: &mut impl FnMut(&str, &Value)) {
        visit(path, value);
        let children: Vec<(String, &Value)> = match value {
            Value::Object(map) => map
                .iter()
                .map(|(key, value)| (key.clone(), value))
                .collect(),
            Value::Array(list) => list
                .iter()
                .enumerate()
                .map(|(i, v)| (i.to_string(), v))
                .collect(),
            _ => vec![],
        };
        for (key, child) in children {
            every_part(child, &format!("{path}/{key}"), visit);
        }
    }

    #[test]
    fn the_published_schema_is_up_to_date() {
        crate::published::compare("schema/policy.schema.json", &json_schema());
    }

    #[test]
    fn every_number_has_a_range_and_every_object_is_closed() {
        let schema: Value = serde_json::from_str(&json_schema()).unwrap();
        let (mut numbers, mut objects) = (0, 0);
        every_part(&schema, "", &mut |path, part| {
            let types = part.get("type").map(Value::to_string).unwrap_or_default();
            if types.contains("\"integer\"") {
                numbers += 1;
                let bounded = part.get("minimum").is_some() && part.get("maximum").is_some();
                assert!(bounded || part.get("const").is_some(), "{path}");
            }
            if types.contains("\"object\"") {
                objects += 1;
                let closed = part.get("additionalProperties") == Some(&json!(false));
                assert!(closed || part.get("propertyNames").is_some(), "{path}");
            }
            if let Some(Value::String(text)) = part.get("description") {
                assert!(
                    !text.contains(['[', ']']) && !text.contains("::"),
                    "{path}: {text}"
                );
            }
        });
        assert!(
            numbers > 40 && objects > 15,
            "{numbers} numbers, {objects} objects"
        );
    }

    #[test]
    fn every_preset_fits_the_schema() {
        let validator = Validator::new();
        for preset in crate::Preset::ALL {
            let document: Value = toml::from_str(preset.text()).unwrap();
            assert!(validator.accepts(&document), "{preset:?}");
        }
    }

    #[test]
    fn schema_and_reader_agree() {
        let validator = Validator::new();
        let mut refused = 0;
        let mut agree = |document: &Value| {
            let expected = reader_accepts(document);
            assert_eq!(validator.accepts(document), expected, "{document}");
            refused += i32::from(!expected);
        };
        for document in [
            json!({}),
            json!([]),
            json!(null),
            json!({ "schema": 0 }),
            json!({ "schema": 1 }),
            json!({ "schema": 2 }),
            json!({ "schema": "1" }),
            json!({ "schema": null }),
            json!({ "schema": 1, "colour": "red" }),
            json!({ "schema": 1, "name": "a" }),
            json!({ "schema": 1, "name": null }),
            json!({ "schema": 1, "name": 1 }),
        ] {
            agree(&document);
        }
        let long = "x".repeat(257);
        for (pointer, values) in [
            ("name", vec![json!("a"), json!(null), json!(1)]),
            (
                "ranking",
                vec![
                    json!([]),
                    json!(null),
                    json!(["text", "security_key", "external:certificate"]),
                    json!(["text", "text"]),
                    json!(["Text"]),
                    json!(["external:"]),
                    json!(["external"]),
                    json!(["external:a\nb"]),
                    json!([format!("external:{long}")]),
                    json!("text"),
                ],
            ),
            (
                "methods",
                vec![
                    json!({}),
                    json!(null),
                    json!([]),
                    json!({ "text": {} }),
                    json!({ "external:certificate": { "enabled": true } }),
                    json!({ "external:": {} }),
                    json!({ "fax": {} }),
                    json!({ "text": null }),
                    json!({ "text": { "on": true } }),
                ],
            ),
            (
                "pools",
                vec![
                    json!({}),
                    json!({ "devices": { "methods": ["text"], "max": 5 } }),
                    json!({ "": { "methods": ["text"], "max": 5 } }),
                    json!({ "a\u{7}": { "methods": ["text"], "max": 5 } }),
                    json!({ long.as_str(): { "methods": ["text"], "max": 5 } }),
                    json!({ "devices": { "methods": ["text"] } }),
                    json!({ "devices": { "max": 5 } }),
                    json!({ "devices": { "methods": ["text"], "max": 0 } }),
                    json!({ "devices": { "methods": ["text"], "max": 256 } }),
                    json!({ "devices": { "methods": ["text"], "max": 257 } }),
                    json!({ "devices": { "methods": ["text"], "max": null } }),
                ],
            ),
            (
                "requirements",
                vec![
                    json!([]),
                    json!([{ "purpose": "two_step" }]),
                    json!([{ "purpose": "two_step", "strength": "passwordless", "role": "administrator" }]),
                    json!([{ "purpose": "two_step", "strength": null, "include": ["a"], "exclude": null }]),
                    json!([{}]),
                    json!([{ "purpose": "two-step" }]),
                    json!([{ "purpose": "two_step", "role": "Administrator" }]),
                    json!([{ "purpose": "two_step", "include": [""] }]),
                    json!([{ "purpose": "two_step", "include": [long] }]),
                ],
            ),
            (
                "reset",
                vec![
                    json!({ "gates": 1 }),
                    json!({ "gates": 4, "administrators": { "gates": 4, "without": ["email"] } }),
                    json!({ "gates": 5 }),
                    json!({ "gates": 0 }),
                    json!({ "administrators": { "gates": 5 } }),
                    json!({ "administrators": { "gates": 0 } }),
                    json!({ "counts_once": [["text", "call_mobile"]] }),
                    json!({ "counts_once": ["text"] }),
                ],
            ),
            (
                "questions",
                vec![
                    json!({ "own": ["why"] }),
                    json!({ "own": ["éé"] }),
                    json!({ "own": ["é".repeat(200)] }),
                    json!({ "own": ["é".repeat(201)] }),
                    json!({ "own": (0..20).map(|i| format!("question {i}")).collect::<Vec<_>>() }),
                    json!({ "own": (0..21).map(|i| format!("question {i}")).collect::<Vec<_>>() }),
                ],
            ),
        ] {
            for value in values {
                agree(&json!({ "schema": 1, pointer: value }));
            }
        }
        for (field, values) in [
            (
                "enabled",
                vec![json!(true), json!(null), json!("yes"), json!(1)],
            ),
            (
                "include",
                vec![json!(["a"]), json!([]), json!("a"), json!([1])],
            ),
            (
                "purposes",
                vec![
                    json!(["two_step"]),
                    json!(["two_step", "two_step"]),
                    json!(["none"]),
                ],
            ),
            ("strength", vec![json!("two_step"), json!("strong")]),
            (
                "registration",
                vec![
                    json!("self_service"),
                    json!("administrator"),
                    json!("nobody"),
                ],
            ),
            ("unique", vec![json!("organisation"), json!("world")]),
            ("sending", vec![json!("ask_first"), json!("never")]),
            ("needs", vec![json!(["text"]), json!(["fax"])]),
            (
                "freshness",
                vec![json!({ "add": 5 }), json!({ "ad": 5 }), json!(null)],
            ),
            (
                "sunset",
                vec![
                    json!("2027-02-01"),
                    json!("2028-02-29T09:00:00Z"),
                    json!("2027-02-01T09:00:00.5+01:00"),
                    json!("2027-02-01t09:00:00z"),
                    json!("2027-02-29"),
                    json!("2027-02-29T09:00:00Z"),
                    json!("2027-13-01"),
                    json!("2027-02-01T25:00:00Z"),
                    json!("1 February 2027"),
                    json!("next year"),
                    json!(1_800_000_000),
                    json!(""),
                ],
            ),
        ] {
            for value in values {
                agree(&json!({ "schema": 1, "methods": { "text": { field: value } } }));
            }
        }
        assert!(refused > 50, "{refused}");
    }

    #[test]
    fn schema_and_reader_agree_at_both_ends_of_every_range() {
        let validator = Validator::new();
        let schema: Value = serde_json::from_str(&json_schema()).unwrap();
        let mut ends = 0;
        for (section, part) in schema["properties"].as_object().unwrap() {
            let Some(name) = part["$ref"]
                .as_str()
                .and_then(|path| path.rsplit('/').next())
            else {
                continue;
            };
            for (field, part) in schema["$defs"][name]["properties"].as_object().unwrap() {
                let (Some(least), Some(most)) =
                    (part["minimum"].as_i64(), part["maximum"].as_i64())
                else {
                    continue;
                };
                for value in [i64::MIN, least - 1, least, most, most + 1, i64::MAX] {
                    let mut document = json!({ "schema": 1, section: { field: value } });
                    if section == "temporary_pass" && field.ends_with("minutes") {
                        // These are compared with each other too; here they shall not be at odds.
                        for other in ["least_minutes", "most_minutes", "minutes"] {
                            document[section][other] = json!(value.clamp(least, most));
                        }
                        document[section][field] = json!(value);
                    }
                    let expected = (least..=most).contains(&value);
                    assert_eq!(validator.accepts(&document), expected, "{document}");
                    assert_eq!(reader_accepts(&document), expected, "{document}");
                    ends += 1;
                }
            }
        }
        assert!(ends > 200, "{ends}");
    }
}
