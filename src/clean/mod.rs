//! From a page to its article: base extraction, removal of residue, metadata.
//!
//! Pure: bytes and strings in, values out. `Err` is never needed: what cannot be read is an
//! article without paragraphs and a warning that says why.
//!
//! `page` cuts it into paragraphs, with what `marks` reads from the markup around them; `base` finds the
//! body among them, `embedded` in scripts where the markup has none. `residue` judges each paragraph (by
//! its words in `phrases`, by its looks in `shape`), `settle` by its meaning, where somebody gives that.
//! `wall` knows a page that asks for
//! consent instead. `metadata` reads what the page says of itself. `guard` stands before the parser, `charset` before that.

mod base;
mod charset;
mod dates;
mod embedded;
mod guard;
mod headline;
mod lines;
mod marks;
mod metadata;
mod page;
mod phrases;
mod residue;
mod settle;
mod shape;
mod wall;
pub mod warning;

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;

use regex::Regex;
use trafilatura::dom::Document;
use url::Url;

use crate::domain::{Article, Published};
use metadata::{Facts, PageKind};
use phrases::Residue;
use residue::{Block, Cleaned};

pub use charset::decode;
pub use settle::{apart, without};
pub use warning::abstain_reason;

/// What is known of a page besides its body.
#[derive(Debug, Clone, Default)]
pub struct Hints {
    /// Where the page came from; makes links absolute and dates the page when it says nothing.
    pub url: Option<Url>,
    /// Wins over the page's own title.
    pub title: Option<String>,
    /// Wins over the page's own date.
    pub published: Option<Published>,
    /// Fingerprints ([`prints`]) of paragraphs that recur on other pages of the outlet.
    pub recurring: HashSet<i64>,
}

/// Cleans a page. Charset is decoded already ([`decode`]).
///
/// Safe on any input: nesting, size and third-party panics end in a warning. What [`warning`] holds
/// may stand among the article's warnings; [`abstain_reason`] picks what speaks against a summary.
pub fn html(page: &str, hints: &Hints) -> Article {
    let tamed = guard::tame(page);
    let read = catch_unwind(AssertUnwindSafe(|| {
        let document = Document::parse(&tamed.page);
        let facts = metadata::read(&document, hints.url.as_ref());
        let (blocks, guesses) = base::extract(document, &tamed.page, hints.url.as_ref(), &facts);
        (facts, blocks, guesses)
    }));
    let mut warnings = Vec::new();
    if tamed.flattened {
        warnings.push(warning::FLATTENED.to_owned());
    }
    if tamed.cut {
        warnings.push(warning::CUT.to_owned());
    }
    let Ok((mut facts, blocks, guesses)) = read else {
        warnings.push(warning::FAILED.to_owned());
        return Article {
            title: hints.title.clone(),
            published: hints.published,
            warnings,
            ..Article::default()
        };
    };
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    facts.titles.extend(some(guesses.title));
    let article = finish(blocks, facts, hints, warnings);
    if !wall::asks_for_consent(&article.paragraphs) {
        return article;
    }
    Article {
        title: hints.title.clone(),
        published: hints.published,
        warnings: vec![warning::CONSENT.to_owned()],
        ..Article::default()
    }
}

/// Cleans a text without markup: an article with residue of the page around it.
///
/// Paragraphs are lines, or blocks of wrapped lines parted by blank ones.
pub fn text(text: &str, hints: &Hints) -> Article {
    let blocks = lines::paragraphs(text).into_iter().map(Block::plain).collect();
    let facts = Facts { published: hints.url.as_ref().and_then(dates::in_url), ..Facts::default() };
    finish(blocks, facts, hints, Vec::new())
}

/// Fingerprints of an article's paragraphs, the same for the same words on every page.
pub fn prints(article: &Article) -> HashSet<i64> {
    article.paragraphs.iter().map(|text| shape::print(text)).collect()
}

/// Judges the paragraphs and puts the article together.
fn finish(blocks: Vec<Block>, facts: Facts, hints: &Hints, mut warnings: Vec<String>) -> Article {
    let host = hints
        .url
        .as_ref()
        .and_then(Url::host_str)
        .map(str::to_owned)
        .or_else(|| Url::parse(facts.canonical_url.as_deref()?).ok()?.host_str().map(str::to_owned))
        .map(|host| host.strip_prefix("www.").map(str::to_owned).unwrap_or(host));
    let outlet = facts.outlet.clone().or(host.clone());
    let outlets: Vec<&str> = [outlet.as_deref(), host.as_deref()].into_iter().flatten().collect();
    let mut titles: Vec<String> = hints.title.iter().chain(&facts.titles).cloned().collect();
    let given = hints.title.as_deref().and_then(|title| headline::clean(title, &outlets));
    let title = given.map(|given| metadata::whole(given, facts.title.as_slice())).or(facts.title.clone());
    titles.extend(title.clone());

    let cleaned = residue::clean(blocks, &titles, &hints.recurring);
    let title = title.or_else(|| headline::clean(cleaned.headline.as_deref()?, &outlets));
    let authors = if facts.authors.is_empty() { standing_byline(&cleaned) } else { facts.authors.clone() };
    let paragraphs: Vec<String> = cleaned.kept.iter().map(|block| block.text.clone()).collect();
    let article = Article {
        byline: metadata::byline(&authors, outlet.as_deref()),
        published: hints.published.or(facts.published).or_else(|| standing_date(&cleaned)),
        modified: facts.modified,
        image: facts.image.clone(),
        icon: facts.icon.clone(),
        section: facts.section.clone(),
        tags: facts.tags.clone(),
        paywalled: facts.paywalled || cleaned.removed.iter().any(|(residue, _)| *residue == Residue::Paywall),
        lang: language(&paragraphs, facts.lang.as_deref()),
        canonical_url: facts.canonical_url.clone(),
        title,
        outlet,
        paragraphs,
        doubtful: cleaned.doubtful.clone(),
        warnings: Vec::new(),
    };
    warnings.extend(remarks(&article, &cleaned, &facts, &titles));
    Article { warnings, ..article }
}

/// The byline that stood as a paragraph of its own.
fn standing_byline(cleaned: &Cleaned) -> Vec<String> {
    let found = cleaned.removed.iter().find(|(residue, text)| {
        *residue == Residue::Byline
            && ["By ", "BY ", "Written by ", "Von "].iter().any(|by| text.starts_with(by))
    });
    found.map(|(_, text)| text.clone()).into_iter().collect()
}

/// The date that stood as a paragraph of its own.
fn standing_date(cleaned: &Cleaned) -> Option<Published> {
    cleaned
        .removed
        .iter()
        .filter(|(residue, _)| *residue == Residue::Date)
        .find_map(|(_, text)| dates::parse(text))
}

/// Bodies shorter than this, in characters, are too short to tell a language by.
const TELLING_LENGTH: usize = 200;

/// The language of the body where it can be told, else the one the page declares.
fn language(paragraphs: &[String], declared: Option<&str>) -> Option<String> {
    let sample: String = paragraphs.iter().flat_map(|text| text.chars().chain([' '])).take(1_000).collect();
    let told = whatlang::detect(&sample)
        .filter(|told| told.is_reliable() && sample.chars().count() >= TELLING_LENGTH);
    told.and_then(|told| shape::two_letters(told.lang().code())).or(declared).map(str::to_owned)
}

/// Fewer words than this and a summary would only repeat the text.
const SHORT_WORDS: usize = 30;
/// A page around a video has fewer words than this.
const VIDEO_WORDS: usize = 120;
/// Pages whose prose is less than this share of their words, over so many paragraphs, are lists.
const LIST_SHARE: f64 = 0.25;
const LIST_PARAGRAPHS: usize = 8;

fn remarks(article: &Article, cleaned: &Cleaned, facts: &Facts, titles: &[String]) -> Vec<String> {
    let mut remarks: Vec<String> = Vec::new();
    let mut say = |remark: &str| remarks.push(remark.to_owned());
    let words: usize = article.paragraphs.iter().map(|text| shape::word_count(text)).sum();
    let told = told_kind(article, titles);
    if words == 0 {
        say(warning::NO_TEXT);
    } else if (facts.page == PageKind::Video || told == PageKind::Video) && words < VIDEO_WORDS {
        say(warning::VIDEO);
    } else if words < SHORT_WORDS {
        say(warning::SHORT);
    } else if facts.page == PageKind::List
        || (facts.page != PageKind::Article && (told == PageKind::List || has_little_prose(article, words)))
    {
        say(warning::LIST);
    }
    if facts.page == PageKind::LiveBlog || told == PageKind::LiveBlog {
        say(warning::LIVE);
    }
    if article.paywalled {
        say(warning::PAYWALL);
    }
    if article.published.is_none() {
        say(warning::NO_DATE);
    }
    for contradiction in &facts.warnings {
        say(contradiction);
    }
    match cleaned.removed.iter().filter(|(residue, _)| *residue != Residue::Repeat).count() {
        0 => {}
        1 => say("1 paragraph that is not part of the article was left out."),
        n => say(&format!("{n} paragraphs that are not part of the article were left out.")),
    }
    remarks
}

fn has_little_prose(article: &Article, words: usize) -> bool {
    let prose = article.paragraphs.iter().filter(|text| shape::shape(text) == shape::Shape::Prose);
    let prose: usize = prose.map(|text| shape::word_count(text)).sum();
    article.paragraphs.len() >= LIST_PARAGRAPHS && (prose as f64) < LIST_SHARE * words as f64
}

/// What kind of page the words tell of, whatever its markup says; a text has no markup to say so.
///
/// `titles` are as they came: the headline proper has lost "WATCH:".
fn told_kind(article: &Article, titles: &[String]) -> PageKind {
    static LIVE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)\blive(?: (?:updates?|blog|coverage|reporting)|:)|\bas it happened\b")
            .expect("a fixed pattern")
    });
    static CLOCK: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^\d{1,2}[:.]\d{2}(?:\D|$)").expect("a fixed pattern"));
    static ITEM: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^(?:[•·▪*–-]\s|\(?\d{1,2}[.)]\s|#\d)").expect("a fixed pattern"));
    static VIDEO: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)^(?:video|watch)\b|\[video\]|\(video\)|\|\s*video\b").expect("a fixed pattern")
    });
    let titled = |pattern: &Regex| titles.iter().any(|title| pattern.is_match(title));
    let lines = article.paragraphs.len();
    let matching = |pattern: &Regex| article.paragraphs.iter().filter(|text| pattern.is_match(text)).count();
    let (stamped, items) = (matching(&CLOCK), matching(&ITEM));
    if titled(&LIVE) || (stamped >= 4 && stamped * 4 >= lines) {
        PageKind::LiveBlog
    } else if items >= 4 && items * 2 >= lines {
        PageKind::List
    } else if titled(&VIDEO) {
        PageKind::Video
    } else {
        PageKind::Unknown
    }
}

#[cfg(test)]
mod tests;
