//! Which of the named actors matter: those whom a summary would name, by what the story does with them.
//!
//! Reads mentions, not the finder's own state, so that any finder can stand before it.

use super::evidence::{EVIDENCE, Profile, SUBJECT, evidence, likelihood, profiles};
use super::gazetteer::{self, Known};
use super::role;
use super::stance::{Stance, place_and_dash, stance};
use super::tokens::{self, TokenizedSentence};
use crate::domain::{Actor, ActorKind, Mention, Span};
use crate::reading::{Document, cuts};

/// A dateline stands in one of so many first sentences: a caption may come before it.
pub const OPENING: usize = 3;
/// How many actors a digest names.
const MOST: usize = 5;
/// An actor is key where a summary names it with at least this probability: best on documents not fitted on
/// (`dateline-lab train key`).
const LIKELY: f32 = 0.30;
/// Nearly as likely: a person or organization that acts, where only one actor is told of.
const NEARLY: f32 = 0.18;
/// Whom the article introduces with an office, and who acts, the news goes on about more than summaries have room for.
const WITH_OFFICE: f32 = 0.08;
/// Writers give an acronym in brackets to what they mean to come back to.
const WITH_ACRONYM: f32 = 0.05;
/// Weight of being named in the headline, against about 1 for acting in the lede.
const IN_TITLE: f32 = 1.3;
/// A place that is no country is less of an actor than whoever does something.
const LESSER_PLACE: f32 = 0.5;

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

/// Whoever may be an actor, with all that names it, and what speaks for it.
#[derive(Debug)]
pub struct Candidate {
    pub kind: ActorKind,
    pub mentions: Vec<Span>,
    pub evidence: [f32; EVIDENCE],
}

/// Chooses the actors of a document by how likely a summary names them, and ranks them by what they do.
pub fn rank(document: &Document, mentions: &[Mention], salient: &[f32]) -> Vec<Actor> {
    let sentences = tokens::sentences(document);
    let appearances = appearances(document, &sentences, mentions);
    let profiles = profiles(document, &sentences, &appearances, salient);
    let mut ranked: Vec<(f32, &Profile)> =
        evidence(&profiles, salient).iter().map(likelihood).zip(&profiles).collect();
    // Of equals the first named is first.
    ranked.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let office = |profile: &Profile| {
        let person = profile.appearances.first().is_some_and(|one| one.kind == ActorKind::Person);
        person && role::role(document, &sentences, &profile.appearances, &appearances).is_some()
    };
    let mut chosen: Vec<&Profile> = Vec::new();
    ranked.retain(|(_, profile)| !only_says_where(document, profile));
    // As many again, in place of those that a role tells of already.
    for (likelihood, profile) in ranked.into_iter().take(2 * MOST) {
        let acts = |one: &Appearance| one.stance == Stance::Acts && one.kind != ActorKind::Place;
        let enough = if likelihood >= LIKELY {
            true
        } else {
            let acts = profile.appearances.iter().any(acts);
            let second = chosen.len() < 2;
            (acts && second && likelihood >= NEARLY)
                || (acts && (second || likelihood >= WITH_OFFICE) && office(profile))
                || (likelihood >= WITH_ACRONYM
                    && bracketed_acronym(document, &sentences, &profile.appearances).is_some())
        };
        if enough {
            chosen.push(profile);
        }
    }
    let mut actors: Vec<(f32, Actor)> = chosen
        .into_iter()
        .filter_map(|profile| {
            Some((weight(document, profile), actor(document, &sentences, profile, &appearances)?))
        })
        .collect();
    let roles: Vec<String> = actors.iter().take(MOST).filter_map(|(_, actor)| actor.role.clone()).collect();
    let told =
        |actor: &Actor| actor.mentions.len() == 1 && roles.iter().any(|role| role.contains(&actor.name));
    actors.retain(|(_, actor)| actor.kind != ActorKind::Organization || !told(actor));
    actors.truncate(MOST);
    actors.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    actors.into_iter().map(|(_, actor)| actor).collect()
}

/// What an actor weighs beside the others.
fn weight(document: &Document, profile: &Profile) -> f32 {
    let weight = profile.gain() + if profile.in_title { IN_TITLE } else { 0.0 };
    weight * if is_lesser_place(document, profile) { LESSER_PLACE } else { 1.0 }
}

/// A place, but no country.
fn is_lesser_place(document: &Document, profile: &Profile) -> bool {
    let country = |one: &Appearance| {
        gazetteer::lookup(document.slice(one.span)).is_some_and(|entry| entry.known == Known::Country)
    };
    profile.appearances.iter().all(|one| one.kind == ActorKind::Place && !country(one))
}

/// A lesser place that does nothing, and that neither the headline nor most of the text is about.
fn only_says_where(document: &Document, profile: &Profile) -> bool {
    let acts = profile.all().any(|one| one.stance == Stance::Acts);
    !acts && !profile.in_title && profile.appearances.len() < SUBJECT && is_lesser_place(document, profile)
}

/// What `rank` chooses among and goes by, in order of first mention.
pub fn candidates(document: &Document, mentions: &[Mention], salient: &[f32]) -> Vec<Candidate> {
    let sentences = tokens::sentences(document);
    let appearances = appearances(document, &sentences, mentions);
    let profiles = profiles(document, &sentences, &appearances, salient);
    let candidate = |(profile, evidence): (&Profile, _)| {
        let kind = profile.appearances.first()?.kind;
        let mentions = profile.all().map(|appearance| appearance.span).collect();
        Some(Candidate { kind, mentions, evidence })
    };
    profiles.iter().zip(evidence(&profiles, salient)).filter_map(candidate).collect()
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
