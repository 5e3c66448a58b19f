//! What every article of a story told that nobody had told before.

use std::collections::HashSet;

use super::merged::{Member, date_key};
use super::people::Entity;
use super::telling::is_roundup;
use super::words;
use crate::domain::{KeyDate, NewFigure, News, SummarySentence, fold};
use crate::reading::counts::{Count, counts};

/// Share of the content words of a sentence that nobody had used, from which it is news, and how many they are.
const NEW_SHARE: f32 = 0.4;
const NEW_WORDS: usize = 4;

/// The news of every member, in their order, which is that of publication. A copy tells none; the first tells all.
pub fn news(members: &[Member], copies: &[Option<usize>], entities: &[Entity<'_>]) -> Vec<Option<News>> {
    let mut known = Known::default();
    let mut all = Vec::with_capacity(members.len());
    for (at, member) in members.iter().enumerate() {
        if copies[at].is_some() {
            all.push(None);
            continue;
        }
        let text = fold(&format!("{} {}", member.title(), member.beginning()));
        let figures =
            if is_roundup(member.title()) { Vec::new() } else { counts(member.title(), member.beginning()) };
        let news = (at > 0).then(|| {
            let actors =
                entities.iter().filter(|entity| entity.told.iter().map(|told| told.0).min() == Some(at));
            let unnamed = actors.filter(|entity| !entity.names.iter().any(|name| known.says(name)));
            let name = |entity: &Entity<'_>| entity.told.first().map(|(_, _, actor)| actor.name.clone());
            News {
                sentence: known.newest(&member.digest.summary),
                actors: unnamed.filter_map(name).collect(),
                dates: member.digest.dates.iter().filter(|date| known.is_new(date)).cloned().collect(),
                figures: figures.iter().filter_map(|count| known.new_figure(count)).collect(),
            }
        });
        all.push(news.filter(|news| *news != News::default()));
        known.learn(member, text, figures);
    }
    all
}

/// What has been told so far.
#[derive(Default)]
struct Known {
    words: HashSet<String>,
    /// Folded, each between blanks.
    texts: Vec<String>,
    dates: HashSet<String>,
    figures: Vec<Count>,
}

impl Known {
    fn says(&self, name: &str) -> bool {
        let name = format!(" {name} ");
        self.texts.iter().any(|text| text.contains(&name))
    }

    fn is_new(&self, date: &KeyDate) -> bool {
        date.event.is_some() && !self.dates.contains(&date_key(date))
    }

    /// The first of the sentences that stand alone which says much that nobody had said.
    fn newest(&self, summary: &[SummarySentence]) -> Option<String> {
        let alone = summary.iter().enumerate().filter(|(at, sentence)| *at == 0 || !leans(&sentence.text));
        let new = |sentence: &&SummarySentence| {
            let words: HashSet<String> = words::content_words(&sentence.text).collect();
            let new = words.iter().filter(|word| !self.words.contains(*word)).count();
            new >= NEW_WORDS && new as f32 >= NEW_SHARE * words.len() as f32
        };
        alone.map(|(_, sentence)| sentence).find(new).map(|sentence| sentence.text.clone())
    }

    /// A figure for what had another, or none where others had been counted.
    fn new_figure(&self, count: &Count) -> Option<NewFigure> {
        let before = self.figures.iter().filter(|other| count.same_kind(other));
        let told: Vec<&Count> = before.collect();
        if told.iter().any(|other| other.value == count.value) {
            return None;
        }
        Some(NewFigure { now: count.words.clone(), before: told.last().map(|last| last.words.clone()) })
    }

    fn learn(&mut self, member: &Member, text: String, figures: Vec<Count>) {
        self.words.extend(words::content_words(&text));
        self.texts.push(format!(" {text} "));
        self.dates.extend(member.digest.dates.iter().map(date_key));
        self.figures.extend(figures);
    }
}

/// Whether a sentence begins with a word for something that was said before it.
fn leans(sentence: &str) -> bool {
    const LEANING: [&str; 22] = [
        "he", "she", "it", "they", "his", "her", "its", "their", "this", "that", "these", "those", "but",
        "and", "however", "also", "there", "such", "both", "then", "so", "another",
    ];
    let first = fold(sentence.split_whitespace().next().unwrap_or_default());
    LEANING.contains(&first.as_str())
}
