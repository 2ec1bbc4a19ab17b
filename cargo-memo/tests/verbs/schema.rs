//! Documents for programs have the form that the schemas in `schema/` give
//! them: every document that any test here sees is held against its schema.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use jsonschema::{Registry, Validator};
use serde_json::{Value, json};

use crate::bench::Bench;

/// What several schemas refer to.
const COMMON: &str = "common";

/// The schemas, by the names of their files.
static SCHEMAS: LazyLock<BTreeMap<String, Value>> = LazyLock::new(|| {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema");
    let read = |entry: std::io::Result<fs::DirEntry>| {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&path).unwrap();
        (name, serde_json::from_str(&text).unwrap())
    };
    fs::read_dir(dir).unwrap().map(read).collect()
});

static REGISTRY: LazyLock<Registry<'static>> = LazyLock::new(|| {
    let common = SCHEMAS[COMMON].clone();
    let registry = Registry::new().add(place(COMMON), common).unwrap();
    registry.prepare().unwrap()
});

static VALIDATORS: LazyLock<BTreeMap<&str, Validator>> = LazyLock::new(|| {
    let validator = |(name, schema): (&'static String, &Value)| {
        let validator = jsonschema::options()
            .with_registry(&REGISTRY)
            .with_base_uri(place(name))
            .build(schema)
            .unwrap();
        (name.as_str(), validator)
    };
    SCHEMAS.iter().map(validator).collect()
});

fn place(name: &str) -> String {
    format!("file:///schema/{name}.json")
}

fn validator(document: &Value) -> &'static Validator {
    let command = document["command"].as_str().unwrap();
    &VALIDATORS[command]
}

/// Holds a document against the schema of its verb; other text is passed
/// over.
#[track_caller]
pub(crate) fn check(text: &str) {
    if !text.starts_with("{\n  \"schema_version\"") {
        return;
    }
    let document: Value = serde_json::from_str(text).unwrap();
    let problems = validator(&document).iter_errors(&document);
    let problems = problems.map(|problem| format!("{} at {}", problem, problem.instance_path()));
    let problems: Vec<String> = problems.collect();
    assert!(problems.is_empty(), "{}\n{text}", problems.join("\n"));
}

/// The documents that the verbs answer with on a store with something in it.
fn documents() -> Vec<Value> {
    let bench = Bench::filled();
    let id = &bench.ids(&["train"])[0];
    let package = bench.beside("lab");
    fs::create_dir_all(package.join("src")).unwrap();
    fs::write(package.join("src/lib.rs"), "").unwrap();
    fs::write(
        package.join("Cargo.toml"),
        "[package]\nname = \"lab\"\nedition = \"2024\"\n\n[workspace.metadata.memo]\ndirr = \"x\"\n",
    )
    .unwrap();
    let manifest = package.join("Cargo.toml");
    let manifest = manifest.to_str().unwrap();
    let verbs: [&[&str]; 14] = [
        &["status"],
        &["list"],
        &["show", id, "--value"],
        &["log"],
        &["why", "train"],
        &["verify"],
        &["doctor"],
        &["config", "--manifest-path", manifest],
        &["init", "-n", "--manifest-path", manifest],
        &["new", "made", "--vcs", "none"],
        &["sweep", "-n", "lr=1,2", "--", "true"],
        &["gc", "--max-entries", "2", "-n"],
        &["clear", "train", "-n"],
        &["clear", "--all", "--yes"],
    ];
    let answers = verbs.map(|verb| bench.memo(&[&["--format", "json"], verb].concat()).json());
    answers.into()
}

#[test]
fn every_verb_that_answers_with_a_document_has_a_schema() {
    let mut answered: Vec<String> = documents()
        .iter()
        .map(|document| document["command"].as_str().unwrap().to_owned())
        .collect();
    answered.push(COMMON.to_owned());
    answered.sort();
    answered.dedup();
    let known: Vec<&String> = SCHEMAS.keys().collect();
    assert_eq!(known, answered.iter().collect::<Vec<_>>());
}

#[test]
fn the_schemas_are_schemas() {
    for (name, schema) in &*SCHEMAS {
        assert!(
            jsonschema::draft202012::meta::is_valid(schema),
            "{name} is no schema"
        );
    }
}

/// The places of all objects in a document.
fn objects(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            found.push(at.to_owned());
            for (name, field) in fields {
                objects(field, &format!("{at}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                objects(item, &format!("{at}/{number}"), found);
            }
        }
        _ => {}
    }
}

#[test]
fn no_object_has_room_for_a_field_that_is_not_described() {
    let mut tried = 0;
    for document in documents() {
        let mut places = Vec::new();
        objects(&document, "", &mut places);
        // Metrics go by the names that programs give them.
        places.retain(|place| !place.ends_with("/metrics"));
        for place in places {
            let mut other = document.clone();
            other.pointer_mut(&place).unwrap()["stranger"] = json!(1);
            assert!(
                !validator(&other).is_valid(&other),
                "{} {place}",
                document["command"]
            );
            tried += 1;
        }
    }
    assert!(tried > 80, "{tried}");
}
