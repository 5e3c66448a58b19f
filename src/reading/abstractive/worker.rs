//! The summarizer's own thread: one model, one text at a time, a queue with an end, a time-out.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc as blocking;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};

use super::AbstractiveError;
use super::model::{BeamSearch, Model, use_threads};
use crate::reading::encoder::panic_words;

/// How long one summary may take, its waiting in the queue left out. More than twice what DistilBART 6-6
/// takes at worst on one slow core (README, "Measured"); whoever takes longer has too slow a machine for it.
pub const TIMEOUT: Duration = Duration::from_secs(60);

/// Texts that may wait: with the one in hand a caller waits three time-outs at worst.
const QUEUE: usize = 2;

/// Tokens of a summary of the usual length: 60 words in BART's tokens, and a sentence's end.
const TOKENS_PER_WORD: f64 = 1.5;

/// Two beams: four take twice the time.
const BEAMS: i64 = 2;

/// One text to summarize.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// Sentences in the order of the article with their weights, the highest 1.
    pub sentences: Vec<(String, f32)>,
    /// Words of the summary, at most.
    pub max_words: usize,
    pub timeout: Duration,
}

struct Job {
    task: Task,
    reply: oneshot::Sender<Result<String, AbstractiveError>>,
}

/// A handle on the thread. Cheap to use from many callers; dropping it ends the thread once the text
/// in hand is given up.
pub struct Summarizer {
    /// Name of the model.
    name: String,
    /// Taken out only by `drop`.
    queue: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Summarizer {
    /// Loads the model of a folder on a thread of its own; blocks until it is there.
    pub fn start(folder: &Path) -> Result<Self, AbstractiveError> {
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let (queue, jobs) = mpsc::channel(QUEUE);
        let (ready, readiness) = blocking::channel();
        let folder = folder.to_owned();
        let thread = std::thread::Builder::new()
            .name("summarizer".into())
            .spawn(move || work(&folder, jobs, &ready))
            .map_err(|error| AbstractiveError::Inference(format!("no thread for the model: {error}")))?;
        readiness.recv().unwrap_or(Err(AbstractiveError::Closed))?;
        Ok(Self { name, queue: Some(queue), thread: Some(thread) })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// Writes a summary; waits while the queue is full.
    pub async fn summarize(&self, task: Task) -> Result<String, AbstractiveError> {
        let (reply, answer) = oneshot::channel();
        let queue = self.queue.as_ref().ok_or(AbstractiveError::Closed)?;
        queue.send(Job { task, reply }).await.map_err(|_| AbstractiveError::Closed)?;
        answer.await.map_err(|_| AbstractiveError::Closed)?
    }

    /// The same for callers on threads of their own. Never on an async worker.
    pub fn summarize_blocking(&self, task: Task) -> Result<String, AbstractiveError> {
        let (reply, answer) = oneshot::channel();
        let queue = self.queue.as_ref().ok_or(AbstractiveError::Closed)?;
        queue.blocking_send(Job { task, reply }).map_err(|_| AbstractiveError::Closed)?;
        answer.blocking_recv().map_err(|_| AbstractiveError::Closed)?
    }
}

impl Drop for Summarizer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            // Every panic of a job is caught; there is nothing to hand on.
            drop(thread.join());
        }
    }
}

fn work(
    folder: &Path,
    mut jobs: mpsc::Receiver<Job>,
    ready: &blocking::Sender<Result<(), AbstractiveError>>,
) {
    // As for the readers: torch's own threads would only fight over the cores.
    use_threads(1);
    let model = match Model::load(folder) {
        Ok(model) => model,
        Err(error) => {
            drop(ready.send(Err(error)));
            return;
        }
    };
    drop(ready.send(Ok(())));
    while let Some(Job { task, reply }) = jobs.blocking_recv() {
        if reply.is_closed() {
            continue;
        }
        let deadline = Instant::now() + task.timeout;
        // Nobody may be waiting any more; then the rest of the work is for nothing.
        let stop = || reply.is_closed() || Instant::now() >= deadline;
        let result = catch_unwind(AssertUnwindSafe(|| summarize(&model, &task, &stop)))
            .unwrap_or_else(|panic| Err(AbstractiveError::Inference(panic_words(&*panic))));
        reply.send(result).ok();
    }
}

fn summarize(model: &Model, task: &Task, stop: &dyn Fn() -> bool) -> Result<String, AbstractiveError> {
    let text = fit(model, &task.sentences);
    let ids = model.encode(&text)?;
    let most = (task.max_words as f64 * TOKENS_PER_WORD) as i64;
    let max_length = most.clamp(16, model.window() as i64);
    let search = BeamSearch {
        num_beams: BEAMS,
        // One sentence at least; the length penalty asks for more where there is more to say.
        min_length: (max_length / 4).min(ids.len() as i64 / 2),
        max_length,
        no_repeat_ngram_size: 3,
        length_penalty: 2.0,
        early_stopping: true,
    };
    let written = model.generate(&ids, search, stop)?;
    model.decode(&written)
}

/// The sentences that fit the model: the heaviest ones, in the order of the article.
pub(super) fn fit(model: &Model, sentences: &[(String, f32)]) -> String {
    // A sentence has one blank before it, which BART counts with its first word.
    let counts: Vec<usize> = sentences.iter().map(|(text, _)| model.count(&format!(" {text}"))).collect();
    let mut order: Vec<usize> = (0..sentences.len()).collect();
    order.sort_by(|&a, &b| sentences[b].1.total_cmp(&sentences[a].1).then(a.cmp(&b)));
    let mut left = model.window();
    let mut taken = vec![false; sentences.len()];
    for at in order {
        if counts[at] <= left {
            left -= counts[at];
            taken[at] = true;
        }
    }
    let chosen = sentences.iter().zip(taken).filter_map(|((text, _), taken)| taken.then_some(text.as_str()));
    let text = chosen.collect::<Vec<_>>().join(" ");
    // One sentence that is longer than the window: its beginning, as the tokenizer cuts it.
    if text.is_empty() { sentences.first().map(|(text, _)| text.clone()).unwrap_or_default() } else { text }
}
