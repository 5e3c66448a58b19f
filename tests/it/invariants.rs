//! The invariants of ARCHITECTURE.md, held by a walk over `src/`.

use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

struct Rule {
    why: &'static str,
    forbidden: &'static str,
    /// Where the words are forbidden; everywhere when empty.
    within: &'static [&'static str],
    /// Where they are allowed all the same.
    except: &'static [&'static str],
}

const RULES: [Rule; 6] = [
    Rule {
        why: "only store contains SQL",
        forbidden: r#"\bsqlx\b|"\s*(SELECT .* FROM|INSERT INTO|UPDATE \w+ SET|DELETE FROM|PRAGMA|CREATE TABLE)\b"#,
        within: &[],
        except: &["store/"],
    },
    Rule {
        why: "only discord, sandbox and the lab's load servers name serenity, poise or axum",
        forbidden: r"\b(serenity|poise|axum)::",
        within: &[],
        except: &["discord/", "sandbox/", "bin/dateline-lab/load/"],
    },
    Rule {
        why: "only fetch, the model fetcher and discord's clients make HTTP requests",
        forbidden: r"\breqwest::",
        within: &[],
        except: &["fetch/", "reading/models/fetch", "discord/client.rs", "discord/files.rs"],
    },
    Rule {
        why: "only reading and what trains its heads name rust-bert or tch",
        forbidden: r"\b(rust_bert|tch|rust_tokenizers)::",
        within: &[],
        except: &["reading/", "bin/dateline-lab/"],
    },
    Rule {
        why: "domain, feeds, clean and render do no I/O and read no clock",
        forbidden: r"\b(std::(fs|net|io|process|env|thread)|tokio|SystemTime::now|Instant::now|Utc::now)\b",
        within: &["domain/", "feeds/", "clean/", "render/"],
        except: &[],
    },
    Rule {
        why: "no bare tokio::spawn outside lifecycle",
        forbidden: r"\btokio::(task::)?spawn\(",
        within: &[],
        except: &["lifecycle.rs"],
    },
];

#[test]
fn the_source_keeps_its_invariants() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut broken = Vec::new();
    for file in sources(&root) {
        let name = file.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(&file).unwrap();
        for rule in &RULES {
            let concerns = rule.within.is_empty() || rule.within.iter().any(|part| name.starts_with(part));
            if !concerns || rule.except.iter().any(|part| name.starts_with(part)) {
                continue;
            }
            let forbidden = Regex::new(rule.forbidden).unwrap();
            for (number, line) in text.lines().enumerate() {
                if !line.trim_start().starts_with("//") && forbidden.is_match(line) {
                    broken.push(format!("src/{name}:{}: {} ({})", number + 1, line.trim(), rule.why));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}
