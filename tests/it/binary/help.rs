//! What the binary says of itself, and what README says of it.

use regex::Regex;

use crate::program::Bench;

const COMMANDS: [&str; 13] = [
    "run", "sandbox", "digest", "clean", "annotate", "cluster", "feeds", "search", "why", "invite", "doctor",
    "backup", "models",
];

#[tokio::test]
async fn every_command_explains_itself_with_an_example() {
    let bench = Bench::new();
    let help = bench.run(&["--help"]).await;
    assert_eq!((help.code, help.err.as_str()), (Some(0), ""));
    for command in COMMANDS {
        assert!(help.out.contains(&format!("\n  {command}  ")), "{command} is not in\n{}", help.out);
        let help = bench.run(&[command, "--help"]).await;
        assert_eq!(help.code, Some(0), "{command}");
        let example = format!("  dateline {command}");
        let (_, examples) = help.out.split_once("Example").unwrap_or_default();
        assert!(examples.contains(&example), "{command}: {}", help.out);
    }
    for action in ["fetch", "verify", "list"] {
        let help = bench.run(&["models", action, "--help"]).await;
        assert!(help.out.contains("Example"), "models {action}: {}", help.out);
    }
    let version = bench.run(&["--version"]).await;
    assert_eq!(version.out, concat!("dateline ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[tokio::test]
async fn the_readme_names_commands_that_exist() {
    let readme = include_str!("../../../README.md");
    let named = Regex::new(r"(?m)(?:`|^|target/release/)dateline ([a-z]+)").unwrap();
    let mut found: Vec<&str> = named.captures_iter(readme).filter_map(|c| Some(c.get(1)?.as_str())).collect();
    assert!(found.len() >= 3, "{found:?}");
    found.retain(|command| !COMMANDS.contains(command));
    assert_eq!(found, [""; 0]);
}
