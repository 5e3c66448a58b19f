//! The real binary, as a user runs it: nothing of the environment around the tests reaches it, every
//! wait is bounded, and it is killed when a test ends early.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;

/// How long any one thing may take; the slowest of them takes a tenth of this.
const PATIENCE: Duration = Duration::from_secs(120);

/// A folder of its own to run programs in.
pub struct Bench(TempDir);

/// What came of a program.
#[derive(Debug)]
pub struct Ended {
    /// `None` if a signal ended it.
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Bench {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file and gives its path, as an argument.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        std::fs::write(self.path(name), content).unwrap();
        self.path(name).to_str().unwrap().to_owned()
    }

    /// `dateline` with these arguments, in the folder, with no setting but the place of the models.
    pub fn dateline(&self, arguments: &[&str]) -> Command {
        self.program(Path::new(env!("CARGO_BIN_EXE_dateline")), arguments)
    }

    /// Another copy of the binary.
    pub fn program(&self, binary: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary);
        command.args(arguments).current_dir(self.0.path()).env_clear().env("MODELS_DIR", models());
        command
    }

    /// Runs `dateline` to its end.
    pub async fn run(&self, arguments: &[&str]) -> Ended {
        run(self.dateline(arguments), "").await
    }

    /// Runs `dateline` to its end, on this standard input.
    pub async fn feed(&self, arguments: &[&str], input: &str) -> Ended {
        run(self.dateline(arguments), input).await
    }
}

/// The models that the tests are run with.
pub fn models() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("models")
}

/// Runs a program to its end.
pub async fn run(mut command: Command, input: &str) -> Ended {
    let mut child = spawn(command.stdin(Stdio::piped()));
    let mut stdin = child.stdin.take().unwrap();
    let write = async move {
        // A program that ends early does not read to the end.
        let _ = stdin.write_all(input.as_bytes()).await;
    };
    let both = async { tokio::join!(write, child.wait_with_output()).1 };
    let output = timeout(PATIENCE, both).await.expect("it ends").unwrap();
    let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
    Ended { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

fn spawn(command: &mut Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true).spawn().unwrap()
}

/// A program that runs until it is told to end.
pub struct Process {
    child: Child,
    lines: mpsc::UnboundedReceiver<String>,
    said: String,
    /// End with the pipes.
    _readers: JoinSet<()>,
}

impl Process {
    pub fn start(mut command: Command) -> Self {
        let mut child = spawn(command.stdin(Stdio::null()));
        let (sender, lines) = mpsc::unbounded_channel();
        let mut readers = JoinSet::new();
        readers.spawn(pass_on(child.stdout.take().unwrap(), sender.clone()));
        readers.spawn(pass_on(child.stderr.take().unwrap(), sender));
        Self { child, lines, said: String::new(), _readers: readers }
    }

    /// Waits for a line with these words.
    pub async fn line(&mut self, words: &str) {
        let found = async {
            while let Some(line) = self.lines.recv().await {
                self.said.push_str(&line);
                self.said.push('\n');
                if line.contains(words) {
                    return true;
                }
            }
            false
        };
        let found = timeout(PATIENCE, found).await.unwrap_or(false);
        assert!(found, "{words:?} was never said, but:\n{}", self.said);
    }

    /// Sends a signal by its name.
    pub async fn signal(&self, name: &str) {
        let id = self.child.id().expect("it runs").to_string();
        let sent =
            Command::new("sh").args(["-c", "kill -s \"$0\" \"$1\"", name, &id]).status().await.unwrap();
        assert!(sent.success());
    }

    /// SIGKILL: it gets no chance to finish anything.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Waits for its end; all that it said, on either stream, is in `err`.
    pub async fn end(mut self, within: Duration) -> Ended {
        let status = timeout(within, self.child.wait()).await;
        let status = status.unwrap_or_else(|_| panic!("it ends within {within:?}")).unwrap();
        while let Some(line) = self.lines.recv().await {
            self.said.push_str(&line);
            self.said.push('\n');
        }
        Ended { code: status.code(), out: String::new(), err: self.said }
    }
}

async fn pass_on(stream: impl AsyncRead + Unpin, lines: mpsc::UnboundedSender<String>) {
    let mut stream = BufReader::new(stream).lines();
    while let Ok(Some(line)) = stream.next_line().await {
        // Nobody listens once the test has ended.
        let _ = lines.send(line);
    }
}
