//! Abstractive summaries from page to answer, with the tiny BART of `tests/fixtures/bart`: what it knows by
//! heart passes the guard, what it makes up of other texts does not.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::program::{Bench, Ended, models, run};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/bart")
}

/// A folder of models with the encoder and the tiny BART.
fn tiny_models(bench: &Bench) -> PathBuf {
    let folder = bench.path("models");
    std::fs::create_dir(&folder).unwrap();
    for (from, name) in
        [(models().join("all-MiniLM-L6-v2"), "all-MiniLM-L6-v2"), (fixtures().join("tiny-bart"), "tiny-bart")]
    {
        std::os::unix::fs::symlink(std::fs::canonicalize(from).unwrap(), folder.join(name)).unwrap();
    }
    folder
}

async fn digest(
    bench: &Bench,
    models: &Path,
    settings: &[(&str, &str)],
    arguments: &[&str],
    input: &str,
) -> Ended {
    let mut command = bench.dateline(&[&["digest"], arguments].concat());
    command.env("MODELS_DIR", models).envs(settings.iter().copied());
    run(command, input).await
}

#[tokio::test]
async fn what_the_model_writes_is_shown_if_the_article_bears_it_out() {
    let bench = Bench::new();
    let models = tiny_models(&bench);
    let texts: Vec<Value> =
        serde_json::from_str(&std::fs::read_to_string(fixtures().join("texts.json")).unwrap()).unwrap();
    let known: Vec<&Value> = texts.iter().filter(|text| text["split"] == "train").collect();
    let unknown = "Mount Pinatubo on the island of Luzon blew off its top on Saturday while a typhoon passed over it. \
        Roofs gave way under the wet ash in towns up to forty kilometres off. More than 60,000 people had left the \
        slopes of the mountain in the days before. The cloud rose to thirty-five kilometres, and in Manila street \
        lamps burned at four in the afternoon. It had been quiet for five hundred years.";
    let line =
        |id: usize, title: &str, text: &str| format!("{}\n", json!({"id": id, "title": title, "text": text}));
    let mut input: String = known
        .iter()
        .enumerate()
        .map(|(id, text)| line(id, text["title"].as_str().unwrap(), text["text"].as_str().unwrap()))
        .collect();
    input.push_str(&line(known.len(), "Pinatubo explodes", unknown));
    input.push_str(&line(known.len() + 1, "Nothing", "Too short."));

    let tiny = [("SUMMARIZER_MODEL", "tiny-bart")];
    let ended = digest(&bench, &models, &tiny, &["--batch", "--summarizer", "abstractive"], &input).await;
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let answers: Vec<Value> = ended.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), known.len() + 2);
    for (answer, text) in answers.iter().zip(&known) {
        assert_eq!(answer["provenance"]["summarizer"], "abstractive", "{answer}");
        assert_eq!(answer["provenance"]["model"], "tiny-bart");
        let sentences = answer["summary"].as_array().unwrap();
        assert!(sentences.iter().all(|sentence| sentence["start"].is_null() && sentence["end"].is_null()));
        let shown: Vec<&str> = sentences.iter().map(|sentence| sentence["text"].as_str().unwrap()).collect();
        assert_eq!(shown.join(" "), text["summary"].as_str().unwrap());
        assert_eq!(
            answer["warnings"].as_array().unwrap().len(),
            1,
            "no date was found, and no more: {answer}"
        );
        assert!(!answer["actors"].as_array().unwrap().is_empty());
    }

    // Of a text it never saw the model tells what it has learnt by heart: nothing of it may be shown.
    let answer = &answers[known.len()];
    assert_eq!(answer["provenance"]["summarizer"], "extractive", "{answer}");
    assert_eq!(answer["provenance"]["model"], "all-MiniLM-L6-v2");
    let warnings = answer["warnings"].to_string();
    assert!(
        warnings.contains("not borne out by the article; sentences of the article are shown"),
        "{warnings}"
    );
    let body: Vec<char> = answer["text"].as_str().unwrap().chars().collect();
    for sentence in answer["summary"].as_array().unwrap() {
        let place = |name: &str| usize::try_from(sentence[name].as_u64().unwrap()).unwrap();
        let span: String = body[place("start")..place("end")].iter().collect();
        assert_eq!(sentence["text"], span);
    }
    // Where the digest abstains nothing is written at all.
    assert_eq!(answers[known.len() + 1]["provenance"]["summarizer"], "lede");

    // The same by the settings, for one document; and never when sentences are asked for.
    let article = bench.file("article.txt", known[0]["text"].as_str().unwrap());
    let settings = [("SUMMARIZER_MODEL", "tiny-bart"), ("SUMMARIZER", "")];
    let ended = digest(&bench, &models, &settings, &[&article, "--json"], "").await;
    assert!(ended.out.contains(r#""summarizer":"abstractive""#), "{} {}", ended.out, ended.err);
    let ended =
        digest(&bench, &models, &settings, &[&article, "--json", "--summarizer", "extractive"], "").await;
    assert!(ended.out.contains(r#""summarizer":"extractive""#), "{} {}", ended.out, ended.err);
}

#[tokio::test]
async fn a_model_that_is_not_there_is_named_with_the_command_that_fetches_it() {
    let bench = Bench::new();
    let models = tiny_models(&bench);
    for arguments in [["--batch", "--summarizer", "abstractive"], ["-", "--summarizer", "abstractive"]] {
        let ended = digest(&bench, &models, &[], &arguments, "").await;
        assert_eq!(ended.code, Some(1), "{}", ended.err);
        assert!(ended.err.contains("run `dateline models fetch distilbart-cnn-6-6`"), "{}", ended.err);
    }
    let ended = digest(&bench, &models, &[("SUMMARIZER", "poetic")], &["-"], "").await;
    assert!(ended.err.contains("SUMMARIZER must be auto, extractive or abstractive"), "{}", ended.err);
    let ended = digest(&bench, &models, &[("SUMMARIZER_MODEL", "no-bart")], &["-"], "").await;
    assert!(ended.err.contains("no-bart"), "{}", ended.err);
}
