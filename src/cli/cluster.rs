//! `dateline cluster`: a stream of articles, each with the story it belongs to.

use std::path::Path;

use serde::Serialize;

use super::batch::{self, Document};
use super::input;
use crate::clean::{self, Hints};
use crate::domain::Published;
use crate::reading::Reader;
use crate::stories::{Place, Shelf, Telling};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  dateline cluster < articles.jsonl > stories.jsonl\n\n\
                        Each line is an article in the order of arrival, {\"id\", \"title\", \"text\", \"url\", \"published\"?}; each \
                        answer is {\"id\", \"story\", \"is_new\"}, decided when the article comes and final.")]
pub struct Args {
    /// A file of JSON Lines, or - for standard input
    #[arg(value_name = "FILE|-", default_value = "-")]
    source: String,
}

/// The program interface of `dateline cluster`.
#[derive(Serialize)]
struct Placed {
    story: String,
    is_new: bool,
}

pub fn run(args: &Args, models_dir: &Path) -> anyhow::Result<()> {
    let reader = Reader::load(models_dir)?;
    let mut shelf = Shelf::default();
    let mut stories = 0_usize;
    // One worker: what an article joins depends on all before it.
    let place = move |document: Document| place(document, &reader, &mut shelf, &mut stories);
    batch::run(input::lines(Some(&args.source))?, std::io::stdout().lock(), vec![place])
}

fn place(
    mut document: Document,
    reader: &Reader,
    shelf: &mut Shelf<usize>,
    stories: &mut usize,
) -> Result<Placed, String> {
    let title = document.title()?;
    let published = document.published()?.as_deref().and_then(input::published);
    let hints = Hints { title, published, ..Hints::default() };
    let article = clean::text(&document.text()?, &hints);
    let vector = reader.story_vector(&article).map_err(|error| error.to_string())?;
    let title = article.title.as_deref().unwrap_or_default();
    let telling = Telling::new(title, &article.text(), vector, article.published.map(Published::instant));
    let found = match shelf.place(&telling) {
        Place::Joins(story, _) => Some(story),
        Place::Opens { .. } => None,
    };
    let story = found.unwrap_or_else(|| {
        *stories += 1;
        *stories
    });
    shelf.add(story, telling);
    Ok(Placed { story: format!("s{story}"), is_new: found.is_none() })
}
