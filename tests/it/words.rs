//! The fixed words of messages: every text of the source is in every language.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use regex::Regex;

type Words = HashMap<String, String>;

fn file(name: &str) -> Words {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/render/words").join(name);
    toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The texts of our own source that are looked up where they stand; those in variables and constants are not seen.
fn texts_of_source(folder: &Path, found: &mut BTreeSet<String>) {
    let calls = Regex::new(
        r#"(?s)(?:^|[^.\w])(?:say|fill|count|user|user_with|told)\(\s*(?:[\w.*]+(?:\(\))?,\s*)*"((?:[^"\\]|\\.)*)"(?:,\s*"((?:[^"\\]|\\.)*)")?"#,
    )
    .unwrap();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts_of_source(&path, found);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            let source = std::fs::read_to_string(&path).unwrap();
            let code = source.split("#[cfg(test)]").next().unwrap_or_default();
            if path.file_stem().is_some_and(|stem| stem != "tests") {
                for call in calls.captures_iter(code) {
                    found.extend(call.iter().skip(1).flatten().map(|text| unescaped(text.as_str())));
                }
            }
        }
    }
}

/// A literal as it is at run time: a backslash at the end of a line takes the white space after it away.
fn unescaped(literal: &str) -> String {
    let joined = Regex::new(r"\\\n\s*").unwrap().replace_all(literal, "").into_owned();
    joined.replace("\\\"", "\"").replace("\\n", "\n")
}

fn places(text: &str) -> BTreeSet<String> {
    Regex::new(r"\{\w+\}").unwrap().find_iter(text).map(|place| place.as_str().to_owned()).collect()
}

#[test]
fn every_language_has_every_text() {
    let (german, french) = (file("de.toml"), file("fr.toml"));
    let keys = |words: &Words| words.keys().cloned().collect::<BTreeSet<String>>();
    assert_eq!(keys(&german), keys(&french));
    let mut used = BTreeSet::new();
    for folder in ["src/render", "src/discord", "src/desk", "src/tasks/deliver"] {
        texts_of_source(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut used);
    }
    let known = keys(&german);
    let missing: Vec<&String> = used.difference(&known).collect();
    assert!(missing.is_empty(), "without a translation: {missing:#?}");
    for (english, said) in german.iter().chain(&french) {
        assert_eq!(places(english), places(said), "{english}");
        assert!(!said.trim().is_empty(), "{english}");
    }
}
