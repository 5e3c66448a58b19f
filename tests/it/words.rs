//! The fixed words of messages: every text of the source is in every language.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use regex::Regex;

type Words = HashMap<String, String>;

fn file(name: &str) -> Words {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/render/words").join(name);
    toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Modules of `render` without words for readers of Discord.
const NO_WORDS: [&str; 6] = ["tests", "fixtures", "limits", "terminal", "reasons", "text"];

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

/// The reasons that are made elsewhere.
fn reasons(found: &mut BTreeSet<String>) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/render/words/reasons.rs");
    let code = std::fs::read_to_string(file).unwrap();
    let list = code.split_once("ALL: &[&str] = &[").unwrap().1.split_once("\n];").unwrap().0;
    found.extend(literals(list));
}

fn literals(code: &str) -> Vec<String> {
    let literal = Regex::new(r#"(?s)"((?:[^"\\]|\\.)*)""#).unwrap();
    // A quotation mark that is a character opens none.
    literal.captures_iter(&code.replace("'\"'", "' '")).map(|found| unescaped(&found[1])).collect()
}

/// What is written into messages without being looked up: phrases and beginnings of sentences that no language has.
fn not_looked_up(folder: &Path, known: &BTreeSet<String>, found: &mut Vec<String>) {
    // Placeholders and what is no language: addresses, formats of dates, marks of Discord.
    let aside = Regex::new(r"\{[^}]*\}|https?://\S*|%\S+|dateline").unwrap();
    let phrase = Regex::new(r"\p{Alphabetic}{2,} \p{Alphabetic}{2,}|\p{Lu}\p{Ll}{2,}").unwrap();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            not_looked_up(&path, known, found);
        } else if path.extension().is_some_and(|ext| ext == "rs") && !NO_WORDS.contains(&name.as_str()) {
            let source = std::fs::read_to_string(&path).unwrap();
            let code = source.split("#[cfg(test)]").next().unwrap_or_default();
            let code: String = code
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"))
                .flat_map(|line| [line, "\n"])
                .collect();
            for literal in literals(&code) {
                if !known.contains(&literal) && phrase.is_match(&aside.replace_all(&literal, "")) {
                    found.push(format!("{name}: {literal}"));
                }
            }
        }
    }
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
    reasons(&mut used);
    let known = keys(&german);
    let missing: Vec<&String> = used.difference(&known).collect();
    assert!(missing.is_empty(), "without a translation: {missing:#?}");
    for (english, said) in german.iter().chain(&french) {
        assert_eq!(places(english), places(said), "{english}");
        assert!(!said.trim().is_empty(), "{english}");
    }
}

/// Of what is shown no more than names, codes and layout is the same in all languages.
#[test]
fn what_is_shown_is_looked_up() {
    let known = file("de.toml").into_keys().collect();
    let mut found = Vec::new();
    not_looked_up(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/render"), &known, &mut found);
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn no_text_is_translated_that_nothing_shows() {
    let mut source = String::new();
    read_all(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut source);
    let shown: BTreeSet<String> = literals(&source).into_iter().collect();
    let unused: Vec<String> = file("de.toml")
        .into_keys()
        .filter(|text| !shown.contains(text) && !source.contains(&format!("/// {text}\n")))
        .collect();
    assert!(unused.is_empty(), "{unused:#?}");
}

fn read_all(folder: &Path, code: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_all(&path, code);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            code.push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
}
