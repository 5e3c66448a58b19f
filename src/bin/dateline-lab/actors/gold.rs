//! Gold names in the notion of `dateline annotate`: proper names of people, organizations and places without
//! title, article or possessive.
//!
//! GUM marks whole noun phrases. A name is taken from every mention of the three types whose head is a proper noun,
//! or two and more words with capitals: the phrase itself if it is made of capitalised words and connectors only,
//! else the run of capitalised words around its first head. Of two names one inside the other the outer one counts
//! and the inner is optional (neither missed nor wrong), as are a title alone and a nationality word.
//!
//! GMB tags tokens: geo and gpe are places, per people, org organizations; its titles and nationality words go.

use std::collections::HashSet;
use std::path::Path;

use dateline::domain::{ActorKind, CharIndex, Span};
use dateline::reading::actors;
use serde::Deserialize;

/// A text and the names in it.
pub struct Gold {
    pub id: String,
    pub genre: String,
    /// GUM's own train, dev or test.
    pub partition: String,
    pub title: Option<String>,
    pub text: String,
    pub names: Vec<Name>,
    /// Names whose mention has a common noun as its head, "the critic Eduard Hanslick": optional too, and not learned from.
    pub apposed: Vec<Span>,
    /// Spans that may be found or not.
    pub optional: HashSet<Span>,
    /// Whether a model that is shipped may be fitted on it.
    pub trainable: bool,
}

pub struct Name {
    pub span: Span,
    pub kind: ActorKind,
    /// Of one referent within the document; empty where the corpus does not tell.
    pub entity: String,
    /// How many of five summaries name the referent.
    pub summaries: usize,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    genre: String,
    title: Option<String>,
    partition: String,
    licence: String,
    text: String,
    entities: Vec<Entity>,
}

#[derive(Deserialize)]
struct Entity {
    #[serde(rename = "type")]
    kind: String,
    start: usize,
    end: usize,
    head: Vec<Head>,
    head_pos: String,
    coref_id: String,
    salience: Option<String>,
}

#[derive(Deserialize)]
struct Head {
    start: usize,
    end: usize,
}

/// The documents of `actors/gum.jsonl.gz`.
pub fn gum(path: &Path) -> anyhow::Result<Vec<Gold>> {
    crate::lines(path)?.map(|line| Ok(of_row(serde_json::from_str(&line?)?))).collect()
}

fn of_row(row: Row) -> Gold {
    let index = CharIndex::new(&row.text);
    let mut found: Vec<Name> = Vec::new();
    let mut optional = HashSet::new();
    let mut entities: Vec<&Entity> =
        row.entities.iter().filter(|entity| named(&row.text, &index, entity)).collect();
    // The innermost mention of a name knows its kind best.
    entities.sort_by_key(|entity| (entity.end - entity.start, entity.start));
    for entity in entities {
        let kind = match entity.kind.as_str() {
            "person" => ActorKind::Person,
            "organization" => ActorKind::Organization,
            "place" => ActorKind::Place,
            _ => continue,
        };
        let Some(span) = name_of(&row.text, &index, entity, kind) else { continue };
        match bare(&row.text, &index, span) {
            Some(span) if found.iter().all(|name| name.span != span) => {
                let summaries = entity.salience.iter().flat_map(|marks| marks.chars()).filter(|&c| c == 's');
                let entity = entity.coref_id.clone();
                found.push(Name { span, kind, entity, summaries: summaries.count() });
            }
            Some(_) => {}
            None => _ = optional.insert(span),
        }
    }
    let nouns = row.entities.iter().filter(|entity| entity.head_pos == "NOUN" && entity.kind == "person");
    let apposed: Vec<Span> = nouns
        .filter_map(|entity| apposed(&row.text, &index, entity))
        .filter(|span| found.iter().all(|name| name.span != *span))
        .collect();
    optional.extend(&apposed);
    let spans: Vec<Span> = found.iter().map(|name| name.span).collect();
    let overlaps = |a: Span, b: Span| a.start < b.end && b.start < a.end;
    let length = |span: Span| span.end - span.start;
    found.retain(|name| {
        let inner =
            spans.iter().any(|&other| overlaps(other, name.span) && length(other) > length(name.span));
        if inner {
            optional.insert(name.span);
        }
        !inner
    });
    found.sort_by_key(|name| name.span);
    Gold {
        id: row.id,
        genre: row.genre,
        partition: row.partition,
        title: row.title,
        text: row.text,
        names: found,
        apposed,
        optional,
        trainable: !row.licence.contains("NC"),
    }
}

/// Whether a mention is named. The part of speech is that of the head's first word: "United States" has a verb,
/// "European Union" an adjective.
fn named(text: &str, index: &CharIndex, entity: &Entity) -> bool {
    let capitals = || {
        entity.head.iter().any(|head| {
            let head = &text[index.bytes(Span { start: head.start, end: head.end })];
            head.contains(' ') && head.split(' ').all(capital)
        })
    };
    entity.head_pos == "PROPN" || (matches!(entity.head_pos.as_str(), "ADJ" | "VERB") && capitals())
}

fn capital(word: &str) -> bool {
    word.chars().find(|c| c.is_alphanumeric()).is_some_and(|c| c.is_uppercase() || c.is_numeric())
}

/// Words of a text range with their byte offsets; marks at their ends go.
fn words(text: &str, range: std::ops::Range<usize>) -> Vec<(usize, &str)> {
    let part = &text[range.clone()];
    let mut words = Vec::new();
    let mut from = 0;
    for piece in part.split_inclusive(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '/' | '[' | ']'))
    {
        let word = piece.trim_matches(|c: char| !c.is_alphanumeric() && c != '.');
        let word = if word.chars().filter(|c| c.is_alphanumeric()).count() > 1
            && !word.trim_end_matches('.').contains('.')
        {
            word.trim_matches('.')
        } else {
            word
        };
        let word = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word);
        if let Some(at) = piece.find(word).filter(|_| !word.is_empty()) {
            words.push((range.start + from + at, word));
        }
        from += piece.len();
    }
    words
}

/// The span of the name in a mention.
fn name_of(text: &str, index: &CharIndex, entity: &Entity, kind: ActorKind) -> Option<Span> {
    let mention = index.bytes(Span { start: entity.start, end: entity.end });
    let head = entity.head.first()?;
    let head = index.bytes(Span { start: head.start, end: head.end });
    let words = words(text, mention);
    let at = words.iter().position(|&(start, word)| start < head.end && head.start < start + word.len())?;
    if !capital(words[at].1) || words[at].1.chars().all(|c| !c.is_alphabetic()) {
        return None;
    }
    let article = usize::from(words.first().is_some_and(|(_, word)| word.eq_ignore_ascii_case("the")));
    let particle = |word: &str| {
        matches!(
            word.to_lowercase().as_str(),
            "de" | "da"
                | "di"
                | "du"
                | "del"
                | "la"
                | "le"
                | "von"
                | "van"
                | "der"
                | "den"
                | "bin"
                | "al"
                | "el"
                | "ibn"
                | "y"
        )
    };
    let connector = |word: &str| {
        particle(word) || (kind != ActorKind::Person && matches!(word, "of" | "for" | "and" | "the" | "&"))
    };
    let comma = |from: usize, to: usize| {
        let between = words[from].0 + words[from].1.len()..words[to].0;
        text[between].contains([',', ';', '(', ')', ':', '"', '“', '”', '–', '—'])
    };
    // With several heads it is a coordination, or one name with another inside: "University of Oslo".
    let joined = |word: &str| matches!(word, "and" | "&");
    let whole = (entity.head.len() == 1 || !words.iter().any(|(_, word)| joined(word)))
        && words[article..].iter().all(|(_, word)| capital(word) || connector(word))
        && words.get(article).is_some_and(|(_, word)| capital(word))
        && words.last().is_some_and(|(_, word)| capital(word))
        && (article + 1..words.len()).all(|at| !comma(at - 1, at));
    let (mut first, mut last) = (at, at);
    if whole {
        (first, last) = (article, words.len() - 1);
    } else {
        while first > article && capital(words[first - 1].1) && !comma(first - 1, first) {
            first -= 1;
        }
        while last + 1 < words.len() && !comma(last, last + 1) {
            let of = kind != ActorKind::Person && matches!(words[last + 1].1, "of" | "for");
            let mut next = if of || particle(words[last + 1].1) { last + 2 } else { last + 1 };
            next += usize::from(of && words.get(next).is_some_and(|(_, word)| *word == "the"));
            if next >= words.len() || !capital(words[next].1) {
                break;
            }
            last = next;
        }
    }
    let (end, word) = words[last];
    Some(index.span(words[first].0..end + word.len()))
}

/// The name that a mention like "the prominent critic Eduard Hanslick" ends with.
fn apposed(text: &str, index: &CharIndex, entity: &Entity) -> Option<Span> {
    let words = words(text, index.bytes(Span { start: entity.start, end: entity.end }));
    let head = index.bytes(Span { start: entity.head.first()?.start, end: entity.head.first()?.end });
    let after: Vec<&(usize, &str)> =
        words.iter().skip_while(|(start, _)| *start < head.start).skip(1).collect();
    let name: Vec<_> = after.iter().take_while(|(_, word)| capital(word)).collect();
    let ((first, _), (last, word)) = name.first().zip(name.last())?;
    let lower = text[head].starts_with(char::is_lowercase);
    (lower && name.len() > 1).then(|| bare(text, index, index.span(*first..last + word.len())))?
}

/// The span without title, article and possessive; nothing if no name is left.
fn bare(text: &str, index: &CharIndex, span: Span) -> Option<Span> {
    let bytes = index.bytes(span);
    let name = actors::bare_name(&text[bytes.clone()])?;
    Some(index.span(bytes.start + name.start..bytes.start + name.end))
}

/// Sentences of GMB read together as one document: the corpus does not say where articles begin.
const SENTENCES: usize = 8;
/// The share of sentences, from the last, that is only measured on.
const HELD_OUT: f64 = 0.2;

/// The sentences of `actors/gmb_voa.conll.gz`, some to a document, `partition` train or test.
pub fn gmb(path: &Path) -> anyhow::Result<Vec<Gold>> {
    let mut sentences: Vec<Vec<(String, String)>> = vec![Vec::new()];
    for line in crate::lines(path)? {
        let line = line?;
        match line.split_once('\t') {
            Some((token, tag)) => {
                if let Some(sentence) = sentences.last_mut() {
                    sentence.push((token.to_owned(), tag.to_owned()));
                }
            }
            None => sentences.push(Vec::new()),
        }
    }
    sentences.retain(|sentence| !sentence.is_empty());
    let train = (sentences.len() as f64 * (1.0 - HELD_OUT)) as usize;
    let (train, test) = sentences.split_at(train);
    let documents = |sentences: &[Vec<(String, String)>], partition: &str| {
        let documents = sentences.chunks(SENTENCES).enumerate();
        documents
            .map(|(at, some)| of_sentences(format!("gmb-{partition}-{at}"), partition, some))
            .collect::<Vec<_>>()
    };
    let mut all = documents(train, "train");
    all.extend(documents(test, "test"));
    Ok(all)
}

fn of_sentences(id: String, partition: &str, sentences: &[Vec<(String, String)>]) -> Gold {
    let mut text = String::new();
    let mut spans: Vec<(usize, usize, ActorKind)> = Vec::new();
    for sentence in sentences {
        let mut quoted = false;
        let mut glue = true;
        let mut inside = None;
        for (token, tag) in sentence {
            let closing = matches!(
                token.as_str(),
                "," | "." | ";" | ":" | "?" | "!" | ")" | "%" | "'s" | "'" | "n't" | "..."
            ) || (token == "\"" && quoted);
            if !glue && !closing {
                text.push(' ');
            }
            let start = text.len();
            text.push_str(token);
            glue = matches!(token.as_str(), "(" | "$") || (token == "\"" && !quoted);
            quoted ^= token == "\"";
            let (mark, label) = tag.split_once('-').unwrap_or(("O", ""));
            let kind = match label {
                "per" => Some(ActorKind::Person),
                "org" => Some(ActorKind::Organization),
                "geo" | "gpe" => Some(ActorKind::Place),
                _ => None,
            };
            match (kind, inside, spans.last_mut()) {
                (Some(kind), Some(before), Some(last)) if mark == "I" && kind == before => {
                    last.1 = text.len()
                }
                (Some(kind), ..) => spans.push((start, text.len(), kind)),
                _ => {}
            }
            inside = kind;
        }
        text.push_str("\n\n");
    }
    let index = CharIndex::new(&text);
    let mut names = Vec::new();
    let mut optional = HashSet::new();
    for (start, end, kind) in spans {
        let span = index.span(start..end);
        match bare(&text, &index, span) {
            Some(span) => names.push(Name { span, kind, entity: String::new(), summaries: 0 }),
            None => _ = optional.insert(span),
        }
    }
    Gold {
        id,
        genre: "news".to_owned(),
        partition: partition.to_owned(),
        title: None,
        text,
        names,
        apposed: Vec::new(),
        optional,
        trainable: true,
    }
}
