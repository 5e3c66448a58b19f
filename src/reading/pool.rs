//! Readers on threads of their own behind a bounded queue.
//!
//! A model never runs on the async runtime: one article takes most of a second of one core. A
//! full queue makes the caller wait, it never grows.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, mpsc as blocking};
use std::thread::JoinHandle;

use tokio::sync::{mpsc, oneshot};

use super::abstractive::Summarizer;
use super::encoder::panic_words;
use super::{ReadError, ReadOptions, Reader, Reading, models};
use crate::domain::{Article, Meaning, Side};

type Job = Box<dyn FnOnce(&Reader) + Send>;
type Jobs = Arc<Mutex<mpsc::Receiver<Job>>>;

/// Readers that share one queue. Cheap to use from many tasks at once behind an `Arc`.
///
/// Dropping it ends the threads and waits for the jobs in hand; jobs still queued, whose callers
/// are gone by then, are skipped.
pub struct ReaderPool {
    /// Taken out only by `drop`.
    queue: Option<mpsc::Sender<Job>>,
    threads: Vec<JoinHandle<()>>,
    /// Writes summaries, where they are abstractive.
    summarizer: Option<Summarizer>,
}

impl ReaderPool {
    /// Verifies the models once and starts `threads` readers, each with its own copy (100 MB).
    ///
    /// Blocks for about a second. `queue_len` jobs may wait. Both are taken as at least 1. `summarizer` is the
    /// folder of a model that writes summaries, on one more thread.
    pub fn start(
        models_dir: &Path,
        threads: usize,
        queue_len: usize,
        summarizer: Option<&Path>,
    ) -> Result<Self, ReadError> {
        models::encoder().verify(models_dir)?;
        let (queue, jobs) = mpsc::channel(queue_len.max(1));
        let jobs: Jobs = Arc::new(Mutex::new(jobs));
        let summarizer = summarizer.map(Summarizer::start).transpose()?;
        let mut pool = Self { queue: Some(queue), threads: Vec::new(), summarizer };
        for at in 0..threads.max(1) {
            let (ready, readiness) = blocking::channel();
            let (jobs, models_dir) = (jobs.clone(), models_dir.to_owned());
            let thread = std::thread::Builder::new()
                .name(format!("reader-{at}"))
                .spawn(move || work(models_dir, &jobs, &ready))
                .map_err(|error| ReadError::Panicked(format!("no thread for the model: {error}")))?;
            pool.threads.push(thread);
            // One after another: loading takes twice the memory of the loaded model.
            readiness.recv().unwrap_or(Err(ReadError::Closed))?;
        }
        Ok(pool)
    }

    /// Reads one article; waits while the queue is full.
    pub async fn read(&self, article: Article, options: ReadOptions) -> Result<Reading, ReadError> {
        let Some(summarizer) = &self.summarizer else {
            return self.submit(move |reader| reader.read(&article, &options)).await;
        };
        let draft = self.submit(move |reader| reader.draft(&article, &options)).await?;
        let Some(task) = draft.task() else { return Ok(draft.reading) };
        // The reader is free for others while the summary is written.
        let written = summarizer.summarize(task).await;
        let model = summarizer.name().to_owned();
        self.submit(move |reader| reader.finish(draft, &model, written)).await
    }

    /// Unit vectors of texts, in their order.
    pub async fn embed(&self, texts: Vec<String>) -> Result<Vec<Vec<f32>>, ReadError> {
        self.submit(move |reader| reader.embed(&texts.iter().map(String::as_str).collect::<Vec<_>>())).await
    }

    /// What a topic, or the lead of an article, means to the matching of topics.
    pub async fn meaning(&self, text: String, side: Side) -> Result<Meaning, ReadError> {
        self.submit(move |reader| reader.meaning(&text, side)).await
    }

    /// The model that writes summaries, where they are abstractive.
    pub fn summarizer(&self) -> Option<&str> {
        self.summarizer.as_ref().map(Summarizer::name)
    }

    /// Jobs that wait in the queue.
    pub fn queued(&self) -> usize {
        self.queue.as_ref().map_or(0, |queue| queue.max_capacity() - queue.capacity())
    }

    async fn submit<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Reader) -> Result<T, ReadError> + Send + 'static,
    ) -> Result<T, ReadError> {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |reader| {
            if reply.is_closed() {
                return;
            }
            let result = catch_unwind(AssertUnwindSafe(|| job(reader)))
                .unwrap_or_else(|panic| Err(ReadError::Panicked(panic_words(&*panic))));
            // Nobody may be waiting any more.
            drop(reply.send(result));
        });
        let queue = self.queue.as_ref().ok_or(ReadError::Closed)?;
        queue.send(job).await.map_err(|_| ReadError::Closed)?;
        answer.await.map_err(|_| ReadError::Closed)?
    }
}

impl Drop for ReaderPool {
    fn drop(&mut self) {
        self.queue = None;
        for thread in self.threads.drain(..) {
            // A reader catches every panic of a job; there is nothing to hand on.
            drop(thread.join());
        }
    }
}

fn work(models_dir: PathBuf, jobs: &Jobs, ready: &blocking::Sender<Result<(), ReadError>>) {
    let reader = match Reader::load_verified(&models_dir) {
        Ok(reader) => reader,
        Err(error) => {
            drop(ready.send(Err(error)));
            return;
        }
    };
    drop(ready.send(Ok(())));
    loop {
        // Whoever holds the lock waits for the next job, the others for the lock.
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv();
        match job {
            Some(job) => job(&reader),
            None => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn serves_many_callers_and_survives_a_panic() {
        let pool = Arc::new(ReaderPool::start(Path::new("models"), 2, 1, None).unwrap());
        // More jobs at once than threads and queue hold: the rest wait.
        let texts = [
            "The wall fell.",
            "The ship sank.",
            "Stocks crashed.",
            "Man landed on the Moon.",
            "The king abdicated.",
        ];
        let embed = |text: &str| pool.embed(vec![text.to_owned()]);
        let answers = futures_util::future::join_all(texts.map(embed)).await;
        assert!(answers.iter().all(|answer| answer.as_ref().is_ok_and(|vectors| vectors.len() == 1)));

        let broken = pool.submit(|_| -> Result<(), ReadError> { panic!("a defect") }).await;
        assert_eq!(broken.unwrap_err().to_string(), "reading failed: a defect");

        // Nobody waits for this one any more when its turn comes.
        drop(futures_util::FutureExt::now_or_never(pool.embed(vec!["Nobody asks.".to_owned()])));

        let reading = pool.read(Article::default(), ReadOptions::default()).await.unwrap();
        assert!(reading.digest.summary.is_empty());
        assert_eq!(pool.queued(), 0);
    }

    #[test]
    fn does_not_start_without_its_models() {
        let empty = tempfile::tempdir().unwrap();
        let error = ReaderPool::start(empty.path(), 1, 1, None).err().unwrap().to_string();
        assert!(error.contains("dateline models fetch"), "{error}");
    }
}
