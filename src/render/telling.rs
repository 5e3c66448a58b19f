//! One outlet's telling of a story, as it is shown.

use url::Url;

use super::dates;
use super::text::{fit, link, plain, units, web_url};
use super::words::{self, fill, say};
use crate::domain::{Locale, Published, Source, Story};

/// One outlet's telling, as it is shown.
pub(super) struct Telling<'a> {
    pub outlet: &'a str,
    pub url: Option<Url>,
    pub published: Option<Published>,
    /// The outlet whose text it has.
    pub copy_of: Option<&'a str>,
    /// Its headline is the story's.
    pub leads: bool,
}

/// The tellings of a story, in order of publication.
pub(super) fn tellings(story: &Story) -> Vec<Telling<'_>> {
    let original = |article| Some(story.source(article)?.outlet.as_str());
    let tellings = story.sources.iter().map(|source| Telling {
        leads: source.article_id == story.lead,
        copy_of: source.copy_of.and_then(original),
        ..Telling::of(source)
    });
    tellings.collect()
}

impl<'a> Telling<'a> {
    pub fn of(source: &'a Source) -> Self {
        let url = web_url(&source.url);
        Self { outlet: &source.outlet, url, published: source.published, copy_of: None, leads: false }
    }

    /// "The Herald — 7 September 2022", with the outlet linked where the line stays within `room`.
    pub fn line(&self, locale: Locale, room: usize) -> String {
        let mut when = self.published.map(|at| format!(" — {}", dates::told(at, locale))).unwrap_or_default();
        if let Some(original) = self.copy_of {
            let original = fit(original, 40);
            when.push_str(&if original.is_empty() || fit(self.outlet, 40) == original {
                format!(" · {}", say(locale, "the same text"))
            } else {
                format!(" · {}", fill(locale, "the text of {outlet}", &[("outlet", &original)]))
            });
        }
        let name = fit(&self.name(locale), 100);
        if let Some(url) = &self.url {
            let line = format!("{}{when}", link(&name, url));
            if units(&line) <= room {
                return line;
            }
        }
        format!("{name}{when}")
    }

    /// The outlet, or where it does not say, its host. Not escaped, never blank.
    pub fn name(&self, locale: Locale) -> String {
        let outlet = plain(self.outlet);
        if !outlet.is_empty() {
            return outlet;
        }
        let host = self.url.as_ref().and_then(Url::host_str).unwrap_or_default();
        if host.is_empty() { say(locale, "a source without a name").to_owned() } else { host.to_owned() }
    }
}

/// Where the headline leads, and the Read button: the telling that leads, else the first, where its address fits.
pub(super) fn lead_url(tellings: &[Telling], room: usize) -> Option<Url> {
    let lead = tellings.iter().find(|telling| telling.leads).or(tellings.first());
    lead?.url.clone().filter(|url| units(url.as_str()) <= room)
}

/// "3 sources", or where an outlet has told it twice, "5 articles from 3 outlets"; and how many of them are copies:
/// "4 sources, 1 with the text of another".
pub(super) fn count(tellings: &[Telling], locale: Locale) -> String {
    let copies = tellings.iter().filter(|telling| telling.copy_of.is_some()).count();
    let outlets = count_outlets(tellings, locale);
    match copies {
        0 => outlets,
        n => fill(
            locale,
            "{sources}, {n} with the text of another",
            &[("sources", outlets), ("n", n.to_string())],
        ),
    }
}

fn count_outlets(tellings: &[Telling], locale: Locale) -> String {
    let outlets: std::collections::HashSet<String> =
        tellings.iter().map(|telling| telling.name(locale).to_lowercase()).collect();
    match (tellings.len(), outlets.len()) {
        (articles, outlets) if articles == outlets => {
            words::count(locale, articles, "1 source", "{n} sources")
        }
        (articles, 1) => words::count(locale, articles, "1 source", "{n} articles from 1 outlet"),
        (articles, outlets) => fill(
            locale,
            "{n} articles from {outlets} outlets",
            &[("n", articles.to_string()), ("outlets", outlets.to_string())],
        ),
    }
}
