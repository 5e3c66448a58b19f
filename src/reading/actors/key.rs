//! Which of the named actors matter: ranked by what they do in the story, not by how often they are named.
//!
//! Reads mentions, not the finder's own state, so that any finder can stand before it.

use std::collections::HashMap;

use super::gazetteer::{self, Known};
use super::lexicon::{self, Classes};
use super::role;
use super::stance::{Stance, place_and_dash, stance};
use super::tokens::{self, Shape, Token, TokenizedSentence};
use crate::domain::{Actor, ActorKind, Mention, Span};
use crate::reading::{Document, cuts};

/// A dateline stands in one of so many first sentences: a caption may come before it.
const OPENING: usize = 3;
/// How many actors a digest names.
const MOST: usize = 5;
/// An actor with less than this share of the first one's weight is no key actor.
const LEAST_SHARE: f32 = 0.25;
/// So many first ones are named for what they do, whatever they weigh beside the first.
const TOLD: usize = 3;
/// Every further appearance adds less: what an actor does counts, not its frequency.
const DECAY: f32 = 0.75;
/// Weight of being named in the headline, against about 1 for acting in the lede.
const IN_TITLE: f32 = 1.3;
/// Writers give an acronym in brackets to what they mean to come back to.
const WITH_ACRONYM: f32 = 0.8;
/// A place that does nothing is less of an actor than whoever does something.
const IDLE_PLACE: f32 = 0.6;
/// A nationality word speaks for its country, but less than its name does.
const BY_NATIONALITY: f32 = 0.5;

/// One mention with its tokens.
#[derive(Debug, Clone, Copy)]
pub struct Appearance {
    pub span: Span,
    pub sentence: usize,
    /// Tokens of the sentence, end exclusive.
    pub first: usize,
    pub last: usize,
    pub kind: ActorKind,
    pub actor: usize,
    pub stance: Stance,
}

/// What is gathered about one actor.
#[derive(Debug, Default)]
struct Profile {
    appearances: Vec<Appearance>,
    /// Appearances of its seat of government, standing for it.
    by_capital: Vec<Appearance>,
    gains: Vec<f32>,
}

/// Ranks the actors of a document.
pub fn rank(document: &Document, mentions: &[Mention], salient: &[f32]) -> Vec<Actor> {
    let sentences = tokens::sentences(document);
    let appearances = appearances(document, &sentences, mentions);
    let mut profiles: HashMap<usize, Profile> = HashMap::new();
    let mut countries: HashMap<usize, usize> = HashMap::new();
    for appearance in &appearances {
        let known = gazetteer::lookup(document.slice(appearance.span));
        if let Some(entry) =
            known.filter(|entry| entry.known == Known::Country && appearance.kind == ActorKind::Place)
        {
            countries.entry(entry.entity).or_insert(appearance.actor);
        }
    }
    let weight = |sentence: usize| {
        let early = 1.0 + 0.6 / (1.0 + sentence as f32);
        (0.25 + salient.get(sentence).copied().unwrap_or(0.0).clamp(0.0, 1.0)) * early
    };
    for appearance in appearances.iter().filter(|appearance| appearance.stance != Stance::Dateline) {
        let gain = weight(appearance.sentence) * appearance.stance.weight();
        let government = government(document, appearance).and_then(|country| countries.get(&country));
        if let Some(&country) = government {
            let profile = profiles.entry(country).or_default();
            profile.by_capital.push(*appearance);
            profile.gains.push(gain);
        } else {
            let profile = profiles.entry(appearance.actor).or_default();
            profile.appearances.push(*appearance);
            profile.gains.push(gain);
        }
    }
    for (number, sentence) in sentences.iter().enumerate() {
        for token in sentence.tokens.iter().filter(|token| token.capital() && token.is(Classes::NATIONALITY))
        {
            let country = gazetteer::country_of(&token.lower).and_then(|country| countries.get(&country));
            if let Some(profile) = country.and_then(|actor| profiles.get_mut(actor)) {
                profile.gains.push(weight(number) * BY_NATIONALITY);
            }
        }
    }
    let title = Title::new(document.title.as_deref().unwrap_or_default());
    let mut ranked: Vec<(f32, &Profile)> = profiles
        .values()
        .filter(|profile| !profile.appearances.is_empty())
        .filter_map(|profile| {
            let acronym = bracketed_acronym(document, &sentences, &profile.appearances).is_some();
            let bonus = if acronym { WITH_ACRONYM } else { 0.0 };
            Some((score(document, profile, &title)? + bonus, profile))
        })
        .collect();
    let first = |profile: &Profile| profile.appearances.first().map(|appearance| appearance.span);
    ranked.sort_by(|(a, one), (b, other)| b.total_cmp(a).then_with(|| first(one).cmp(&first(other))));
    let top = ranked.first().map_or(0.0, |(score, _)| *score);
    // Somebody who speaks or acts is told of even where one name fills the story.
    let acts = |profile: &Profile| {
        profile.appearances.iter().any(|one| one.stance == Stance::Acts && one.kind == ActorKind::Person)
    };
    let mut actors: Vec<Actor> = ranked
        .iter()
        .enumerate()
        .filter(|(rank, (score, profile))| *score >= top * LEAST_SHARE || (*rank < TOLD && acts(profile)))
        .map(|(_, one)| one)
        // As many again, in place of those that a role tells of already.
        .take(2 * MOST)
        .filter_map(|(_, profile)| actor(document, &sentences, profile, &appearances))
        .collect();
    let roles: Vec<String> = actors.iter().take(MOST).filter_map(|actor| actor.role.clone()).collect();
    let told =
        |actor: &Actor| actor.mentions.len() == 1 && roles.iter().any(|role| role.contains(&actor.name));
    actors.retain(|actor| actor.kind != ActorKind::Organization || !told(actor));
    actors.truncate(MOST);
    actors
}

/// The tokens of every mention. A mention that fits no token is left out.
fn appearances(
    document: &Document,
    sentences: &[TokenizedSentence<'_>],
    mentions: &[Mention],
) -> Vec<Appearance> {
    let mut all = Vec::with_capacity(mentions.len());
    let mut mentions: Vec<&Mention> = mentions.iter().collect();
    mentions.sort_by_key(|mention| mention.span);
    let mut rest = mentions.into_iter().peekable();
    for (number, (sentence, tokenized)) in document.sentences.iter().zip(sentences).enumerate() {
        let mut at = 0;
        let begins_paragraph = number == 0 || document.sentences[number - 1].paragraph != sentence.paragraph;
        let dateline = if begins_paragraph && number < OPENING {
            document.index.bytes(sentence.span).start + cuts::dateline(document.slice(sentence.span))
        } else {
            0
        };
        while let Some(mention) = rest.next_if(|mention| mention.span.start < sentence.span.end) {
            let bytes = document.index.bytes(mention.span);
            let s = &tokenized.tokens;
            while at < s.len() && s[at].end() <= bytes.start {
                at += 1;
            }
            let last = at + s[at..].iter().take_while(|token| token.start < bytes.end).count();
            if last > at {
                let stance = if bytes.end <= dateline || (number == 0 && at == 0 && place_and_dash(s, last)) {
                    Stance::Dateline
                } else {
                    stance(s, at, last, mention.kind)
                };
                let (span, kind, actor) = (mention.span, mention.kind, mention.actor);
                all.push(Appearance { span, sentence: number, first: at, last, kind, actor, stance });
            }
        }
    }
    all
}

/// The country whose government a capital stands for here.
fn government(document: &Document, appearance: &Appearance) -> Option<usize> {
    if !matches!(appearance.stance, Stance::Acts | Stance::Plain) || appearance.kind != ActorKind::Place {
        return None;
    }
    gazetteer::lookup(document.slice(appearance.span)).and_then(|entry| entry.country)
}

/// The weight of an actor; nothing if it is no actor at all.
fn score(document: &Document, profile: &Profile, title: &Title) -> Option<f32> {
    let kind = profile.appearances.first()?.kind;
    let names = || {
        profile
            .appearances
            .iter()
            .chain(&profile.by_capital)
            .map(|appearance| document.slice(appearance.span))
    };
    let known = names().find_map(gazetteer::lookup);
    let country = known.is_some_and(|entry| entry.known == Known::Country);
    let in_title =
        title.names(names(), known.filter(|entry| entry.known == Known::Country).map(|entry| entry.entity));
    let outlet = known.is_some_and(|entry| entry.known == Known::Outlet)
        || document.outlet.as_deref().is_some_and(|outlet| names().any(|name| names_outlet(name, outlet)));
    if outlet && !in_title {
        return None;
    }
    // "the West", "the Wall": a direction, a thing, unless it does something.
    let mut all = profile.appearances.iter().chain(&profile.by_capital);
    let acts = all.any(|appearance| appearance.stance == Stance::Acts);
    let word = |name: &str| {
        let classes = lexicon::classes(&plain(name));
        classes.any(Classes::COMPASS) || (classes.any(Classes::COMMON) && gazetteer::lookup(name).is_none())
    };
    if kind != ActorKind::Person && (names().all(is_bare_head) || (!acts && names().all(word))) {
        return None;
    }
    let author = document
        .byline
        .as_deref()
        .map(plain)
        .is_some_and(|byline| names().any(|name| name.contains(' ') && byline.contains(&plain(name))));
    if author {
        return None;
    }
    let mut gains = profile.gains.clone();
    gains.sort_by(|a, b| b.total_cmp(a));
    let mut share = 1.0;
    let mut sum = 0.0;
    for gain in gains.iter().take(40) {
        sum += gain * share;
        share *= DECAY;
    }
    sum += if in_title { IN_TITLE } else { 0.0 };
    if kind == ActorKind::Place {
        let counts = |appearance: &Appearance| matches!(appearance.stance, Stance::Acts | Stance::Plain);
        let setting = !profile.appearances.iter().any(counts) && profile.by_capital.is_empty();
        let by_nationality = profile.gains.len() > profile.appearances.len() + profile.by_capital.len();
        if setting && !(country && (in_title || by_nationality)) {
            return None;
        }
        if !acts && !in_title {
            sum *= IDLE_PLACE;
        }
        let capital = known.is_some_and(|entry| entry.known == Known::Capital);
        if !country {
            sum *= if capital { 0.7 } else { 0.45 };
        }
    }
    Some(sum)
}

fn plain(name: &str) -> String {
    name.to_lowercase().replace('’', "'")
}

/// "Meridian" and "Meridian Wire", "Example" and "example.org"; but "Chicago" is not its newspaper.
fn names_outlet(name: &str, outlet: &str) -> bool {
    let bare = |name: &str| plain(name).trim_start_matches("the ").trim_start_matches("www.").to_owned();
    let (short, full) = (bare(name), bare(outlet));
    let word = full.split([' ', '.']).any(|word| word == short);
    let begins = full.strip_prefix(&short).is_some_and(|rest| rest.starts_with([' ', '.']));
    short == full || ((word || begins) && gazetteer::lookup(name).is_none())
}

/// A word that many share: "the Community", "the Company"; without its full name nobody knows which is meant.
fn is_bare_head(name: &str) -> bool {
    let classes = lexicon::classes(&plain(name));
    classes.any(Classes::ORG_HEAD.or(Classes::PLACE_HEAD))
        && !classes.any(Classes::GOVERNMENT_BODY)
        && gazetteer::lookup(name).is_none()
}

/// The words of a headline.
struct Title {
    /// Lower case, blanks between and around.
    words: String,
    /// Countries named by a nationality word or by their capital.
    countries: Vec<usize>,
}

impl Title {
    fn new(title: &str) -> Title {
        let tokens = tokens::tokenize(title, 0..title.len());
        let of_nations = tokens
            .iter()
            .filter(|token| token.capital())
            .filter_map(|token| gazetteer::country_of(&token.lower));
        let of_names = (0..tokens.len()).filter_map(|at| gazetteer::longest_match(&tokens[at..])).filter_map(
            |(_, entry)| if entry.known == Known::Country { Some(entry.entity) } else { entry.country },
        );
        let countries = of_nations.chain(of_names).collect();
        Title { words: spaced(&tokens, true), countries }
    }

    fn names<'n>(&self, mut names: impl Iterator<Item = &'n str>, country: Option<usize>) -> bool {
        country.is_some_and(|country| self.countries.contains(&country))
            || names.any(|name| self.words.contains(&spaced(&tokens::tokenize(name, 0..name.len()), false)))
    }
}

/// Words in lower case, blanks between and around; a `title`'s common words are no names: "west" is not "the West".
fn spaced(tokens: &[Token<'_>], title: bool) -> String {
    tokens.iter().fold(String::from(" "), |words, token| {
        let common = title && token.shape == Shape::Lower && !token.is(Classes::STOP.or(Classes::PARTICLE));
        words + if common { "~" } else { "" } + &token.lower + " "
    })
}

fn actor(
    document: &Document,
    sentences: &[TokenizedSentence<'_>],
    profile: &Profile,
    all: &[Appearance],
) -> Option<Actor> {
    let kind = profile.appearances.first()?.kind;
    let role = match kind {
        ActorKind::Person => role::role(document, sentences, &profile.appearances, all),
        _ => None,
    };
    let mut mentions: Vec<Span> =
        profile.appearances.iter().chain(&profile.by_capital).map(|appearance| appearance.span).collect();
    mentions.sort_unstable();
    Some(Actor { name: name(document, sentences, &profile.appearances)?, kind, role, mentions })
}

/// The fullest name: expansion with acronym, full name, the usual name of a country.
fn name(
    document: &Document,
    sentences: &[TokenizedSentence<'_>],
    appearances: &[Appearance],
) -> Option<String> {
    if let Some(name) = bracketed_acronym(document, sentences, appearances) {
        return Some(document.slice(name).to_owned());
    }
    let acronym = |appearance: &&Appearance| is_acronym(document.slice(appearance.span));
    let country = |appearance: &&Appearance| {
        gazetteer::lookup(document.slice(appearance.span)).is_some_and(|entry| entry.known == Known::Country)
    };
    let everyday =
        |appearance: &&Appearance| country(appearance) && !document.slice(appearance.span).contains(" of ");
    let fullest = |appearances: &mut dyn Iterator<Item = &Appearance>| {
        appearances
            .map(|appearance| document.slice(appearance.span))
            .reduce(|best, name| {
                let size = |name: &str| (name.split_whitespace().count(), name.chars().count());
                if size(name) > size(best) { name } else { best }
            })
            .map(str::to_owned)
    };
    fullest(&mut appearances.iter().filter(everyday).filter(|one| !acronym(one)))
        .or_else(|| fullest(&mut appearances.iter().filter(|one| !acronym(one))))
        .or_else(|| fullest(&mut appearances.iter()))
}

/// "People's Mujahedeen of Iran (MEK)", as it stands in the text.
fn bracketed_acronym(
    document: &Document,
    sentences: &[TokenizedSentence<'_>],
    appearances: &[Appearance],
) -> Option<Span> {
    appearances.windows(2).find_map(|pair| {
        let [long, short] = pair else { return None };
        let s = &sentences.get(short.sentence)?.tokens;
        let bracketed = long.sentence == short.sentence
            && long.last + 1 == short.first
            && s[long.last].mark("(")
            && s.get(short.last).is_some_and(|token| token.mark(")"));
        let acronym = is_acronym(document.slice(short.span)) && !is_acronym(document.slice(long.span));
        (bracketed && acronym).then_some(Span { start: long.span.start, end: short.span.end + 1 })
    })
}

fn is_acronym(name: &str) -> bool {
    name.chars().all(|c| c.is_uppercase() || c == '.')
}
