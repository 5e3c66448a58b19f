//! With the tiny BART of `tests/fixtures/bart`: real weights and a real beam search.

use serde::Deserialize;

use super::*;
use crate::reading::abstractive::worker::fit;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/bart")
}

fn tiny() -> Model {
    use_threads(1);
    Model::load(&fixtures().join("tiny-bart")).unwrap()
}

#[derive(Deserialize)]
struct Case {
    setting: BeamSearch,
    outputs: Vec<Output>,
}

#[derive(Deserialize)]
struct Output {
    input: Vec<i64>,
    output: Vec<i64>,
    text: String,
}

#[derive(Deserialize)]
struct Text {
    title: String,
    text: String,
    #[serde(default)]
    summary: Option<String>,
}

fn texts() -> Vec<Text> {
    serde_json::from_str(&std::fs::read_to_string(fixtures().join("texts.json")).unwrap()).unwrap()
}

const SEARCH: BeamSearch = BeamSearch {
    num_beams: 2,
    min_length: 0,
    max_length: 60,
    no_repeat_ngram_size: 3,
    length_penalty: 1.0,
    early_stopping: true,
};

#[test]
fn generates_token_for_token_what_transformers_does() {
    let model = tiny();
    let expected: Vec<Case> =
        serde_json::from_str(&std::fs::read_to_string(fixtures().join("expected.json")).unwrap()).unwrap();
    let texts = texts();
    assert!(expected.len() >= 8);
    for case in expected {
        for (text, wanted) in texts.iter().zip(&case.outputs) {
            let input = model.encode(&text.text).unwrap();
            assert_eq!(input, wanted.input, "{}", text.title);
            let output = model.generate(&input, case.setting, &|| false).unwrap();
            assert_eq!(output, wanted.output, "{}: {:?}", text.title, case.setting);
            assert_eq!(model.decode(&output).unwrap().trim(), wanted.text.trim());
        }
    }
    println!("9 settings, {} texts: all tokens as transformers generates them", texts.len());
}

#[test]
fn what_would_make_the_model_panic_is_an_error_and_leaves_it_usable() {
    let model = tiny();
    let ids = model.encode("The bank closed its doors.").unwrap();
    let nothing = |ids: &[i64], search| model.generate(ids, search, &|| false).unwrap_err().to_string();
    assert!(nothing(&[], SEARCH).contains("does not fit"));
    assert!(nothing(&[0, 5_000_000, 2], SEARCH).contains("does not fit"));
    assert!(nothing(&[0, -1, 2], SEARCH).contains("does not fit"));
    assert!(nothing(&vec![5; 10_000], SEARCH).contains("does not fit"));
    for search in [
        BeamSearch { num_beams: 0, ..SEARCH },
        BeamSearch { num_beams: 1_000, ..SEARCH },
        BeamSearch { max_length: 0, ..SEARCH },
        BeamSearch { max_length: 100_000, ..SEARCH },
        BeamSearch { min_length: 61, ..SEARCH },
        BeamSearch { no_repeat_ngram_size: -1, ..SEARCH },
        BeamSearch { length_penalty: f64::NAN, ..SEARCH },
    ] {
        assert!(nothing(&ids, search).contains("no search"), "{search:?}");
    }
    assert!(matches!(model.generate(&ids, SEARCH, &|| true), Err(AbstractiveError::TimedOut)));
    let asked = std::cell::Cell::new(0);
    let stop = || {
        asked.set(asked.get() + 1);
        asked.get() > 6
    };
    assert!(matches!(model.generate(&ids, SEARCH, &stop), Err(AbstractiveError::TimedOut)));
    assert!(model.generate(&ids, SEARCH, &|| false).is_ok());
    for text in ["", " ", "\u{0}\u{202e}🧱 日本語 ﷽", &"wall ".repeat(20_000)] {
        let ids = model.encode(text).unwrap();
        assert!(ids.len() <= model.window() + 2);
        model.generate(&ids, SEARCH, &|| false).unwrap();
    }
}

#[test]
fn a_folder_that_holds_no_bart_is_an_error_that_names_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let error = |folder: &Path| Model::load(folder).err().unwrap().to_string();
    assert!(error(folder.path()).contains("model.safetensors is missing"));
    for file in std::fs::read_dir(fixtures().join("tiny-bart")).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
    }
    assert!(Model::load(folder.path()).is_ok());
    let config = std::fs::read_to_string(folder.path().join("config.json")).unwrap();
    for (file, content, words) in [
        ("generation_config.json", r#"{"forced_bos_token_id": 70000}"#.to_owned(), "there is no token 70000"),
        ("generation_config.json", "no JSON".to_owned(), "generation_config.json can't be read"),
        ("config.json", config.replace("\"bart\"", "\"t5\""), "it is not a BART"),
        ("config.json", config.replace("\"d_model\": 64", "\"d_model\": 65"), "none of a BART"),
        ("config.json", "{}".to_owned(), "config.json can't be read"),
        ("vocab.json", r#"{"<s>": 0}"#.to_owned(), "not the vocabulary of this model"),
        ("model.safetensors", "no weights".to_owned(), "model.safetensors can't be read"),
    ] {
        let path = folder.path().join(file);
        let right = std::fs::read(&path).unwrap();
        std::fs::write(&path, content).unwrap();
        let error = error(folder.path());
        assert!(error.contains(words), "{file}: {error}");
        std::fs::write(&path, right).unwrap();
    }
}

#[test]
fn the_heaviest_sentences_fill_the_window_in_the_order_of_the_article() {
    let model = tiny();
    let sentence = |number: usize| {
        format!("Sentence {number} of the article tells what happened in the city on that day.")
    };
    let sentences: Vec<(String, f32)> =
        (0..60).map(|number| (sentence(number), if number % 10 == 7 { 1.0 } else { 0.1 })).collect();
    let text = fit(&model, &sentences);
    assert!(model.encode(&text).unwrap().len() <= model.window() + 2);
    let places: Vec<usize> = (0..60).filter_map(|number| text.find(&sentence(number))).collect();
    assert!(places.len() < 60 && places.is_sorted());
    assert!([7, 17, 27, 37, 47, 57].iter().all(|&number| text.contains(&sentence(number))), "{text}");
    assert_eq!(fit(&model, &[]), "");
}

fn task(text: &str) -> Task {
    let sentences =
        crate::reading::sentences::split(text).into_iter().map(|range| (text[range].to_owned(), 1.0));
    Task { sentences: sentences.collect(), max_words: 60, timeout: TIMEOUT }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_thread_serves_many_callers_and_survives_those_who_leave() {
    let summarizer = Summarizer::start(&fixtures().join("tiny-bart")).unwrap();
    assert_eq!(summarizer.name(), "tiny-bart");
    let texts = texts();
    let late =
        summarizer.summarize(Task { timeout: std::time::Duration::ZERO, ..task(&texts[0].text) }).await;
    assert!(matches!(late, Err(AbstractiveError::TimedOut)));
    // Nobody waits for this one any more when its turn comes.
    drop(futures_util::FutureExt::now_or_never(summarizer.summarize(task(&texts[0].text))));
    let known: Vec<&Text> = texts.iter().filter(|text| text.summary.is_some()).collect();
    let answers = known.iter().map(|text| summarizer.summarize(task(&text.text)));
    let answers = futures_util::future::join_all(answers).await;
    for (answer, text) in answers.into_iter().zip(known) {
        assert_eq!(answer.unwrap().trim(), text.summary.as_deref().unwrap());
    }
    assert!(summarizer.summarize(Task { sentences: Vec::new(), ..task("") }).await.is_ok());
}

#[test]
fn what_is_chosen_is_installed_or_the_error_says_how() {
    let models = tempfile::tempdir().unwrap();
    let models = models.path();
    let chosen = |choice, named| chosen(choice, named, models);
    assert_eq!(chosen(Choice::Auto, None).unwrap(), None);
    assert_eq!(chosen(Choice::Extractive, Some("tiny-bart")).unwrap(), None);
    let error = chosen(Choice::Abstractive, None).unwrap_err().to_string();
    assert!(error.contains("run `dateline models fetch distilbart-cnn-6-6`"), "{error}");
    assert!(
        chosen(Choice::Auto, Some("tiny-bart")).unwrap_err().to_string().contains("tiny-bart is missing")
    );

    // A folder of one's own is taken as it is; one of the manifest only as it was fetched.
    for name in ["tiny-bart", "distilbart-cnn-12-6"] {
        std::fs::create_dir(models.join(name)).unwrap();
        std::fs::copy(
            fixtures().join("tiny-bart/model.safetensors"),
            models.join(name).join("model.safetensors"),
        )
        .unwrap();
    }
    assert_eq!(chosen(Choice::Abstractive, Some("tiny-bart")).unwrap(), Some(models.join("tiny-bart")));
    let error = chosen(Choice::Auto, None).unwrap_err().to_string();
    assert!(error.contains("`dateline models fetch distilbart-cnn-12-6`"), "{error}");
    assert_eq!(chosen(Choice::Extractive, None).unwrap(), None);
}
