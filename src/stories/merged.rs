//! What the articles of a story say together: which leads, and one summary, one list of actors and of dates.
//!
//! A function of the articles alone: in which order they came, and how often it is asked, changes nothing.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};

use super::copies::originals;
use super::grouping::cosine;
use super::people::{Entity, entities, key_actors};
use super::telling::{Telling, head, is_roundup};
use super::{disputes, growth, words};
use crate::domain::{
    ArticleId, Dated, Digest, Granularity, KeyDate, Merged, News, Published, Summarizer, SummarySentence,
};

/// An article of a story.
#[derive(Debug, Clone)]
pub struct Member {
    pub id: ArticleId,
    pub url: String,
    pub outlet: String,
    pub title: Option<String>,
    pub published: Option<Published>,
    /// Publication, or when it was first seen.
    pub published_at: DateTime<Utc>,
    /// Meaning of title and lede: unit vector, or empty.
    pub vector: Vec<f32>,
    pub digest: Digest,
}

impl Member {
    pub(super) fn title(&self) -> &str {
        self.title.as_deref().unwrap_or_default()
    }

    /// The part of the text that is compared with others'.
    pub(super) fn beginning(&self) -> &str {
        head(&self.digest.text, Telling::CHARS)
    }
}

/// A story as its articles make it.
#[derive(Debug, Clone, PartialEq)]
pub struct Whole {
    pub lead: ArticleId,
    /// Nothing where there is one article, whose digest says it all.
    pub merged: Option<Merged>,
    /// Of every article in order of publication: the one whose text it has, and what it told anew.
    pub articles: Vec<(ArticleId, Option<ArticleId>, Option<News>)>,
}

/// Puts the articles of a story together; nothing of none.
pub fn whole(mut members: Vec<Member>) -> Option<Whole> {
    members.sort_by(|a, b| (a.published_at, &a.url).cmp(&(b.published_at, &b.url)));
    let copies = originals(members.iter().map(|member| member.digest.text.as_str()));
    let lead = lead(&members, &copies)?;
    let entities = entities(&members);
    let news = growth::news(&members, &copies, &entities);
    let merged = (members.len() > 1).then(|| merged(&members, &copies, lead, &entities));
    let id = |at: usize| members[at].id;
    let articles = copies.iter().zip(news).enumerate();
    let articles = articles.map(|(at, (original, news))| (id(at), original.map(id), news)).collect();
    Some(Whole { lead: id(lead), merged, articles })
}

fn merged(members: &[Member], copies: &[Option<usize>], lead: usize, entities: &[Entity<'_>]) -> Merged {
    let all = dates(members, copies);
    Merged {
        summary: summary(members, copies, lead),
        actors: key_actors(entities, lead, copies),
        dates: key_dates(&all, lead),
        timeline: all.iter().filter_map(|dated| timeline_entry(members, dated)).collect(),
        disputes: disputes::disputes(members, copies),
    }
}

/// Steps in which nearness to the middle of a story is told apart: within one, other things decide.
const STEPS: f32 = 20.0;
/// Steps that a flaw of a headline costs.
const FLAW: i32 = 2;

/// Which article leads: one that tells the event itself (no copy, no live blog, with a summary of its own and a
/// headline), near the middle of the story in meaning, with a plain headline; of equals the earliest.
fn lead(members: &[Member], copies: &[Option<usize>]) -> Option<usize> {
    let dimensions = members.iter().map(|member| member.vector.len()).max().unwrap_or(0);
    let mut centre = vec![0.0_f32; dimensions];
    for member in members.iter().zip(copies).filter(|(_, copy)| copy.is_none()).map(|(member, _)| member) {
        centre.iter_mut().zip(&member.vector).for_each(|(sum, x)| *sum += x);
    }
    let norm = cosine(&centre, &centre).sqrt().max(f32::EPSILON);
    let rank = |at: usize| {
        let member = &members[at];
        let unfit = copies[at].is_some()
            || is_roundup(member.title())
            || member.digest.provenance.summarizer == Summarizer::Lede
            || member.digest.summary.is_empty();
        let headline = member.digest.headline.as_deref().unwrap_or_default();
        let nearness = (cosine(&member.vector, &centre) / norm * STEPS).round() as i32;
        (headline.trim().is_empty(), unfit, FLAW * flaws(headline) - nearness, at)
    };
    (0..members.len()).min_by_key(|&at| rank(at))
}

/// What keeps a headline from telling plainly what happened.
fn flaws(headline: &str) -> i32 {
    const LABELS: [&str; 12] = [
        "opinion", "analysis", "explainer", "comment", "watch", "video", "live", "exclusive", "updated",
        "update", "in pictures", "editorial",
    ];
    const TEASES: [&str; 8] =
        ["how ", "why ", "what ", "here's", "here’s", "this is", "these ", "everything "];
    let lower = headline.to_lowercase();
    let words = headline.split_whitespace().count();
    let label = headline.split_once([':', '|']).is_some_and(|_| {
        LABELS.iter().any(|label| {
            lower.strip_prefix(label).is_some_and(|rest| rest.trim_start().starts_with([':', '|']))
        })
    });
    let flaws = [
        !(4..=18).contains(&words) || headline.chars().count() > 120,
        headline.contains('?') || headline.trim_end().ends_with(['…', '!']) || headline.ends_with("..."),
        label,
        TEASES.iter().any(|tease| lower.starts_with(tease))
            || lower.split_whitespace().any(|word| word == "you"),
        headline.starts_with(['"', '“', '‘', '\'']),
        headline.chars().any(char::is_alphabetic) && !headline.chars().any(char::is_lowercase),
    ];
    flaws.into_iter().map(i32::from).sum()
}

/// Sentences and words of a summary at most.
const SENTENCES: usize = 3;
const WORDS: usize = 60;
/// Other articles whose first sentence may be taken, those that cover most.
const OTHERS: usize = 12;
/// How much more a summary of several articles must cover than the lead's own.
const GAIN: f32 = 1.15;
/// Share of a sentence's words that are told already, from which it repeats them.
const REPEATS: f32 = 0.6;

/// The lead's summary, or its beginning with the first sentences of others' summaries, whichever covers most of what
/// the articles have in common (concepts weighed by the number of documents that have them: Gillick and Favre, "A
/// scalable global model for summarization", 2009).
///
/// The sentences of a summary lean on none but earlier ones of it, so its beginning stands alone. Only what several
/// sources tell gains a place: what one alone says is news, but not yet the story.
fn summary(members: &[Member], copies: &[Option<usize>], lead: usize) -> Vec<(SummarySentence, ArticleId)> {
    let own = &members[lead].digest.summary;
    let whole = || own.iter().map(|sentence| (sentence.clone(), members[lead].id)).collect();
    let tells = |at: usize| {
        copies[at].is_none()
            && !is_roundup(members[at].title())
            && members[at].digest.provenance.summarizer != Summarizer::Lede
    };
    let voices: Vec<usize> = (0..members.len()).filter(|&at| tells(at)).collect();
    if voices.len() < 2 || !tells(lead) {
        return whole();
    }
    let mut outlets: HashMap<String, HashSet<&str>> = HashMap::new();
    for &at in &voices {
        let text =
            format!("{} {}", members[at].title(), head(&members[at].digest.text, super::telling::LEAD_CHARS));
        for word in words::content_words(&text) {
            outlets.entry(word).or_default().insert(&members[at].outlet);
        }
    }
    let weight = |word: &String| match outlets.get(word).map_or(0, HashSet::len) {
        0 | 1 => 0.0,
        count => count as f32 / voices.len() as f32,
    };
    let concepts =
        |sentence: &SummarySentence| words::content_words(&sentence.text).collect::<HashSet<String>>();
    let covers = |chosen: &[&HashSet<String>]| {
        let mut all: Vec<&String> = chosen.iter().copied().flatten().collect();
        all.sort();
        all.dedup();
        all.into_iter().map(weight).sum::<f32>()
    };
    let of_lead: Vec<HashSet<String>> = own.iter().map(concepts).collect();
    let mut firsts: Vec<(usize, HashSet<String>)> = voices
        .iter()
        .filter(|&&at| at != lead)
        .filter_map(|&at| Some((at, concepts(members[at].digest.summary.first()?))))
        .collect();
    firsts.sort_by(|a, b| covers(&[&b.1]).total_cmp(&covers(&[&a.1])).then(a.0.cmp(&b.0)));
    firsts.truncate(OTHERS);

    let length = |sentence: &SummarySentence| sentence.text.split_whitespace().count();
    let mut best: (f32, Option<(usize, Vec<usize>)>) =
        (covers(&of_lead.iter().collect::<Vec<_>>()) * GAIN, None);
    let pairs = (0..firsts.len()).flat_map(|a| (a + 1..firsts.len()).map(move |b| vec![a, b]));
    for others in (0..firsts.len()).map(|a| vec![a]).chain(pairs) {
        for kept in 1..=own.len() {
            let texts = others.iter().filter_map(|&other| members[firsts[other].0].digest.summary.first());
            let words: usize = own[..kept].iter().chain(texts).map(length).sum();
            if kept + others.len() > SENTENCES || words > WORDS {
                continue;
            }
            let mut chosen: Vec<&HashSet<String>> = of_lead[..kept].iter().collect();
            let fresh = others.iter().all(|&other| {
                let next = &firsts[other].1;
                let told = next.iter().filter(|word| chosen.iter().any(|set| set.contains(*word))).count();
                chosen.push(next);
                !next.is_empty() && (told as f32) < REPEATS * next.len() as f32
            });
            let covered = covers(&chosen);
            if fresh && covered > best.0 {
                best = (covered, Some((kept, others.clone())));
            }
        }
    }
    let Some((kept, others)) = best.1 else { return whole() };
    let mut others: Vec<usize> = others.into_iter().map(|other| firsts[other].0).collect();
    others.sort_unstable();
    let first = |at: usize| Some((members[at].digest.summary.first()?.clone(), members[at].id));
    let of_lead = own[..kept].iter().map(|sentence| (sentence.clone(), members[lead].id));
    of_lead.chain(others.into_iter().filter_map(first)).collect()
}

/// A date of the story: by whom it is told.
struct DateTold<'a> {
    /// Members with this date, in order of publication.
    told: Vec<(usize, &'a KeyDate)>,
    /// Of them, those that are no copies.
    voices: usize,
}

/// What two dates have in common that are one: the day, or the very value.
pub(super) fn date_key(date: &KeyDate) -> String {
    match (date.granularity, date.value.get(..10)) {
        (Granularity::Day | Granularity::Time, Some(day)) => day.to_owned(),
        _ => format!("{} {}", date.value, date.until.as_deref().unwrap_or_default()),
    }
}

/// All dates of the members, each once, in calendar order; those that no calendar has come last.
fn dates<'a>(members: &'a [Member], copies: &[Option<usize>]) -> Vec<DateTold<'a>> {
    let mut by_key: BTreeMap<String, DateTold<'a>> = BTreeMap::new();
    for (at, member) in members.iter().enumerate() {
        for date in &member.digest.dates {
            let told = by_key.entry(date_key(date)).or_insert(DateTold { told: Vec::new(), voices: 0 });
            told.told.push((at, date));
            told.voices += usize::from(copies[at].is_none());
        }
    }
    let mut all: Vec<DateTold<'a>> = by_key.into_values().collect();
    let start = |dated: &DateTold<'_>| dated.told.first().and_then(|(_, date)| date.day());
    // Those of one beginning stay in the order of their keys.
    all.sort_by_key(|dated| (start(dated).is_none(), start(dated)));
    all
}

/// The date as one member tells it: the lead, where it says what happened, else the first that does.
fn best<'a>(dated: &DateTold<'a>, lead: Option<usize>) -> Option<(usize, &'a KeyDate)> {
    let says = |(at, date): &&(usize, &KeyDate)| date.event.is_some() && lead.is_none_or(|lead| lead == *at);
    let any = dated.told.iter().find(|(_, date)| date.event.is_some()).or(dated.told.first());
    dated.told.iter().find(says).or(any).copied()
}

/// Dates that a digest shows.
const DATES: usize = 4;

/// The dates that most sources give, the lead's before others'; in calendar order.
fn key_dates(all: &[DateTold<'_>], lead: usize) -> Vec<KeyDate> {
    let mut ranked: Vec<usize> = (0..all.len()).collect();
    let of_lead = |at: usize| all[at].told.iter().any(|(member, _)| *member == lead);
    ranked.sort_by_key(|&at| (std::cmp::Reverse(all[at].voices), !of_lead(at), at));
    ranked.truncate(DATES);
    ranked.sort_unstable();
    ranked.into_iter().filter_map(|at| best(&all[at], Some(lead))).map(|(_, date)| date.clone()).collect()
}

fn timeline_entry(members: &[Member], dated: &DateTold<'_>) -> Option<Dated> {
    let (at, date) = best(dated, None)?;
    date.day()?;
    date.event.as_ref()?;
    Some(Dated { date: date.clone(), article: members[at].id })
}
