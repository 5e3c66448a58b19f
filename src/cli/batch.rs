//! JSON Lines in, JSON Lines out: one answer per line, in order, worked on in parallel.
//!
//! Memory is bounded: at most `WINDOW` lines per worker are in hand, whatever the stream's length.

use std::io::{BufRead, IsTerminal, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};

use anyhow::Context;
use indicatif::ProgressBar;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

/// Lines in hand per worker: enough that none waits for the reader or the writer.
const WINDOW: usize = 4;

/// Bytes of one line; a longer one is skipped and answered with an error.
const MAX_LINE: usize = 32 << 20;

/// One line of input, its fields not yet looked at.
#[derive(Debug, Default, Deserialize)]
pub struct Document {
    html: Option<Value>,
    text: Option<Value>,
    title: Option<Value>,
    url: Option<Value>,
    published: Option<Value>,
}

/// Either form of a document's body.
pub enum Body {
    Html(String),
    Text(String),
}

impl Document {
    /// The body: `html` wins over `text`.
    pub fn body(&mut self) -> Result<Body, String> {
        if let Some(html) = string("html", self.html.take())? {
            return Ok(Body::Html(html));
        }
        self.text().map(Body::Text).map_err(|_| "neither `html` nor `text` is given as a string".to_owned())
    }

    pub fn text(&mut self) -> Result<String, String> {
        string("text", self.text.take())?.ok_or_else(|| "`text` is missing".to_owned())
    }

    pub fn title(&mut self) -> Result<Option<String>, String> {
        string("title", self.title.take())
    }

    pub fn url(&mut self) -> Result<Option<String>, String> {
        string("url", self.url.take())
    }

    pub fn published(&mut self) -> Result<Option<String>, String> {
        string("published", self.published.take())
    }
}

fn string(name: &str, value: Option<Value>) -> Result<Option<String>, String> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(format!("`{name}` must be a string")),
    }
}

/// An answer with the `id` of its document, as it came.
#[derive(Serialize)]
struct Answer<'a, T> {
    id: Option<&'a RawValue>,
    #[serde(flatten)]
    body: T,
}

#[derive(Serialize)]
struct Failure {
    error: String,
}

/// One object of the program interface, without an `id`: what `--json` prints of one document.
pub fn to_json<T: Serialize>(body: T) -> anyhow::Result<String> {
    serde_json::to_string(&Answer { id: None, body }).context("writing JSON")
}

/// Answers every line of `input` on `output`. Each worker has a thread of its own.
///
/// Only trouble with the streams themselves is an error.
pub fn run<T: Serialize>(
    input: impl BufRead + Send,
    mut output: impl Write,
    workers: Vec<impl FnMut(Document) -> Result<T, String> + Send>,
) -> anyhow::Result<()> {
    let window = workers.len().max(1) * WINDOW;
    // Replies queue up in the order of the lines, each a channel that its worker fills.
    let (order, replies) = sync_channel::<Receiver<String>>(window);
    let (jobs, queue) = sync_channel::<(usize, Line, SyncSender<String>)>(window);
    let queue = Mutex::new(queue);
    // indicatif draws on standard error, and only if that is a terminal.
    let progress = match std::io::stdout().is_terminal() {
        true => ProgressBar::hidden(),
        false => ProgressBar::new_spinner(),
    };
    std::thread::scope(|scope| {
        let reader = scope.spawn(move || read_lines(input, &order, &jobs));
        let queue = &queue;
        for mut worker in workers {
            scope.spawn(move || {
                loop {
                    let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((number, line, reply)) = job else { return };
                    // The writer has gone only if its stream is closed.
                    drop(reply.send(answer(number, &line, &mut worker)));
                }
            });
        }
        let written = (|| {
            for reply in replies {
                writeln!(output, "{}", reply.recv().context("a worker ended early")?)?;
                output.flush()?;
                progress.inc(1);
                progress.set_message(format!("{} documents", progress.position()));
            }
            Ok::<_, anyhow::Error>(())
        })();
        progress.finish_and_clear();
        written.context("writing to standard output")?;
        // `read_lines` does not panic: it only reads and sends.
        reader.join().unwrap_or(Ok(())).context("reading the documents")
    })
}

enum Line {
    Whole(Vec<u8>),
    TooLong,
}

fn read_lines(
    mut input: impl BufRead,
    order: &SyncSender<Receiver<String>>,
    jobs: &SyncSender<(usize, Line, SyncSender<String>)>,
) -> std::io::Result<()> {
    for number in 1.. {
        let Some(line) = read_line(&mut input)? else { break };
        let (reply, answer) = sync_channel(1);
        // Refused only once the writer or all workers have gone: then nobody wants more.
        if order.send(answer).is_err() || jobs.send((number, line, reply)).is_err() {
            break;
        }
    }
    Ok(())
}

fn read_line(input: &mut impl BufRead) -> std::io::Result<Option<Line>> {
    let mut line = Vec::new();
    let limit = MAX_LINE as u64 + 1;
    if std::io::Read::take(&mut *input, limit).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    if line.len() > MAX_LINE && line.last() != Some(&b'\n') {
        input.skip_until(b'\n')?;
        return Ok(Some(Line::TooLong));
    }
    Ok(Some(Line::Whole(line)))
}

/// The line of output for one line of input; never a failure of the run.
fn answer<T: Serialize>(
    number: usize,
    line: &Line,
    worker: &mut impl FnMut(Document) -> Result<T, String>,
) -> String {
    #[derive(Deserialize)]
    struct Id<'a> {
        #[serde(borrow)]
        id: Option<&'a RawValue>,
    }
    let mut id = None;
    let result = match line {
        Line::TooLong => Err(format!("line {number} is longer than {} MiB", MAX_LINE >> 20)),
        // serde reads an array as a struct too.
        Line::Whole(line) if line.trim_ascii_start().first() != Some(&b'{') => {
            Err(format!("line {number} is not a JSON object"))
        }
        Line::Whole(line) => {
            // On its own, so that a document that is wrong elsewhere still gets its id back.
            id = serde_json::from_slice::<Id>(line).ok().and_then(|line| line.id);
            match serde_json::from_slice::<Document>(line) {
                Ok(document) => catch_unwind(AssertUnwindSafe(|| worker(document)))
                    .unwrap_or_else(|_| Err("an internal error; please report this document".to_owned())),
                Err(error) => Err(format!("line {number} is not a document: {error}")),
            }
        }
    };
    let written = match result {
        Ok(body) => serde_json::to_string(&Answer { id, body }),
        Err(error) => serde_json::to_string(&Answer { id, body: Failure { error } }),
    };
    written.unwrap_or_else(|error| {
        format!(r#"{{"id":null,"error":"the answer could not be written: {error}"}}"#)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Echo {
        words: usize,
    }

    fn run_on(input: &str) -> Vec<String> {
        let count = |mut document: Document| {
            let text = document.text()?;
            assert!(!text.contains("panic"), "asked to");
            Ok(Echo { words: text.split_whitespace().count() })
        };
        let mut output = Vec::new();
        run(input.as_bytes(), &mut output, vec![count; 3]).unwrap();
        String::from_utf8(output).unwrap().lines().map(str::to_owned).collect()
    }

    #[test]
    fn answers_every_line_in_order() {
        let input: String =
            (0..100).map(|n| format!("{{\"id\":{n},\"text\":\"{}\"}}\n", "a ".repeat(n))).collect();
        let want: Vec<String> = (0..100).map(|n| format!("{{\"id\":{n},\"words\":{n}}}")).collect();
        assert_eq!(run_on(&input), want);
        assert!(run_on("").is_empty());
    }

    #[test]
    fn echoes_an_id_as_it_came_and_goes_on_after_a_bad_line() {
        let found = run_on(concat!(
            "{\"id\": 12345678901234567890123, \"text\": \"a b\"}\n",
            "not json\n",
            "\n",
            "{\"text\":\"a\",\"id\":{\"k\": [1.0, \"é\"]}}\n",
            "{\"id\":\"x\",\"text\":7}\n",
            "{\"id\":\"y\"}\n",
            "{\"id\":\"z\",\"text\":\"\\ud800\"}\n",
            "{\"id\":null,\"text\":\"panic\"}\n",
            "[1]\n",
            "{\"id\":1.50,\"text\":\"last\"}",
        ));
        assert_eq!(found[0], r#"{"id":12345678901234567890123,"words":2}"#);
        assert!(found[1].starts_with(r#"{"id":null,"error":"line 2 is not a JSON object"#), "{}", found[1]);
        assert!(found[2].starts_with(r#"{"id":null,"error":"line 3"#), "{}", found[2]);
        assert_eq!(found[3], r#"{"id":{"k": [1.0, "é"]},"words":1}"#);
        assert_eq!(found[4], r#"{"id":"x","error":"`text` must be a string"}"#);
        assert_eq!(found[5], r#"{"id":"y","error":"`text` is missing"}"#);
        assert!(found[6].starts_with(r#"{"id":"z","error":"#), "{}", found[6]);
        assert!(found[7].starts_with(r#"{"id":null,"error":"an internal error"#), "{}", found[7]);
        assert!(found[8].starts_with(r#"{"id":null,"error":"line 9 is not a JSON object"#), "{}", found[8]);
        assert_eq!(found[9], r#"{"id":1.50,"words":1}"#);
        assert_eq!(found.len(), 10);
    }

    #[test]
    fn a_line_without_end_is_skipped() {
        let mut input = "x".repeat(MAX_LINE + 10);
        input.push_str("\n{\"id\":2,\"text\":\"a\"}\n");
        let found = run_on(&input);
        assert!(found[0].contains("longer than 32 MiB"), "{}", found[0]);
        assert_eq!(found[1], r#"{"id":2,"words":1}"#);
    }
}
