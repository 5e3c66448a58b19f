//! What speaks for somebody being an actor of the story, and how much: what the text does with each name, not its
//! count alone.

use std::collections::HashMap;

use super::gazetteer::{self, Entry, Known};
use super::key::{Appearance, OPENING};
use super::lexicon::{self, Classes};
use super::stance::Stance;
use super::tokens::{self, Shape, Token, TokenizedSentence};
use crate::domain::ActorKind;
use crate::reading::Document;

/// How many numbers speak for an actor.
pub const EVIDENCE: usize = 9;

/// What each number weighs, then the bias, as `dateline-lab train key` prints them; `evidence` says what they are.
const WEIGHTS: [f32; EVIDENCE + 1] = [0.975, 0.856, -0.246, 0.450, 0.753, 1.507, 1.698, 0.289, 0.305, -4.490];

/// Every further appearance adds less: what an actor does counts, not its frequency.
const DECAY: f32 = 0.75;
/// A nationality word speaks for its country, but less than its name does.
const BY_NATIONALITY: f32 = 0.5;
/// A place that the text names so often is its subject, not its setting.
pub const SUBJECT: usize = 4;

/// Taken for the person named last.
const PRONOUNS: [&str; 8] = ["he", "him", "his", "himself", "she", "her", "hers", "herself"];

/// How likely a summary names whom this speaks for.
pub fn likelihood(evidence: &[f32; EVIDENCE]) -> f32 {
    let odds = evidence.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum::<f32>();
    1.0 / (1.0 + (-odds - WEIGHTS[EVIDENCE]).exp())
}

/// What is gathered about one actor.
#[derive(Debug, Default)]
pub struct Profile {
    pub appearances: Vec<Appearance>,
    /// Appearances of its seat of government, standing for it.
    pub by_capital: Vec<Appearance>,
    gains: Vec<f32>,
    /// "He" and "her" after its name.
    pronouns: usize,
    pub in_title: bool,
}

impl Profile {
    /// All that names it.
    pub fn all(&self) -> impl Iterator<Item = &Appearance> {
        self.appearances.iter().chain(&self.by_capital)
    }

    /// What it does in the story: every further appearance adds less.
    pub fn gain(&self) -> f32 {
        let mut gains = self.gains.clone();
        gains.sort_by(|a, b| b.total_cmp(a));
        let shares = std::iter::successors(Some(1.0), |share| Some(share * DECAY));
        gains.iter().zip(shares.take(40)).map(|(gain, share)| gain * share).sum()
    }
}

/// All that may be actors, in order of first mention.
pub fn profiles(
    document: &Document,
    sentences: &[TokenizedSentence<'_>],
    appearances: &[Appearance],
    salient: &[f32],
) -> Vec<Profile> {
    let mut profiles: HashMap<usize, Profile> = HashMap::new();
    let mut countries: HashMap<usize, usize> = HashMap::new();
    for appearance in appearances {
        let known = gazetteer::lookup(document.slice(appearance.span));
        if let Some(entry) =
            known.filter(|entry| entry.known == Known::Country && appearance.kind == ActorKind::Place)
        {
            countries.entry(entry.entity).or_insert(appearance.actor);
        }
    }
    let weight = |sentence: usize| {
        let early = 1.0 + 0.6 / (1.0 + sentence as f32);
        (0.25 + salience(salient, sentence)) * early
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
    let mut people = appearances
        .iter()
        .filter(|one| one.kind == ActorKind::Person && one.stance != Stance::Dateline)
        .peekable();
    let mut latest = None;
    for (number, sentence) in sentences.iter().enumerate() {
        for (at, token) in sentence.tokens.iter().enumerate() {
            while let Some(person) = people.next_if(|person| (person.sentence, person.first) <= (number, at))
            {
                latest = Some(person.actor);
            }
            if PRONOUNS.contains(&token.lower.as_str())
                && let Some(profile) = latest.and_then(|actor| profiles.get_mut(&actor))
            {
                profile.pronouns += 1;
            }
            if token.capital() && token.is(Classes::NATIONALITY) {
                let country = gazetteer::country_of(&token.lower).and_then(|country| countries.get(&country));
                if let Some(profile) = country.and_then(|actor| profiles.get_mut(actor)) {
                    profile.gains.push(weight(number) * BY_NATIONALITY);
                }
            }
        }
    }
    let title = Title::new(document.title.as_deref().unwrap_or_default());
    let mut profiles: Vec<Profile> = profiles
        .into_values()
        .filter_map(|mut profile| {
            profile.in_title = title.tells_of(document, &profile);
            may_act(document, &profile).then_some(profile)
        })
        .collect();
    profiles.sort_by_key(|profile| profile.appearances.first().map(|appearance| appearance.span));
    profiles
}

/// What speaks for each of the profiles: how often it is named, by itself and against the most named one; what it does,
/// by itself and by its rank; whether it is named early, and in the headline; how salient the most salient sentence with
/// it is; how often "he" or "she" follows; whether it is a place.
pub fn evidence(profiles: &[Profile], salient: &[f32]) -> Vec<[f32; EVIDENCE]> {
    let gains: Vec<f32> = profiles.iter().map(Profile::gain).collect();
    let most = profiles.iter().map(|profile| profile.all().count()).max().unwrap_or(1) as f32;
    let mut descending = gains.clone();
    descending.sort_by(|a, b| b.total_cmp(a));
    let of = |(profile, &gain): (&Profile, &f32)| {
        let named = profile.all().count() as f32;
        let rank = descending.partition_point(|other| *other > gain) as f32;
        let sentences = || profile.all().map(|appearance| appearance.sentence);
        let kind = profile.appearances.first().map(|appearance| appearance.kind);
        [
            named.ln_1p(),
            named / most,
            gain.ln_1p(),
            1.0 / (1.0 + rank),
            flag(sentences().any(|sentence| sentence < OPENING)),
            flag(profile.in_title),
            sentences().map(|sentence| salience(salient, sentence)).fold(0.0, f32::max),
            (profile.pronouns as f32).ln_1p(),
            flag(kind == Some(ActorKind::Place)),
        ]
    };
    profiles.iter().zip(&gains).map(of).collect()
}

/// Whether it can be an actor at all: no outlet quoted as source, no author, no mere word, no mere setting.
fn may_act(document: &Document, profile: &Profile) -> bool {
    let Some(kind) = profile.appearances.first().map(|appearance| appearance.kind) else { return false };
    let names = || profile.all().map(|appearance| document.slice(appearance.span));
    let known = names().find_map(gazetteer::lookup);
    let outlet = known.is_some_and(|entry| entry.known == Known::Outlet)
        || document.outlet.as_deref().is_some_and(|outlet| names().any(|name| names_outlet(name, outlet)));
    // "the West", "the Wall": a direction, a thing, unless it does something.
    let acts = profile.all().any(|appearance| appearance.stance == Stance::Acts);
    let word = |name: &str| {
        let classes = lexicon::classes(&plain(name));
        classes.any(Classes::COMPASS) || (classes.any(Classes::COMMON) && gazetteer::lookup(name).is_none())
    };
    let words = kind != ActorKind::Person && (names().all(is_bare_head) || (!acts && names().all(word)));
    let byline = document.byline.as_deref().map(plain);
    let author =
        byline.is_some_and(|byline| names().any(|name| name.contains(' ') && byline.contains(&plain(name))));
    (!outlet || profile.in_title)
        && !words
        && !author
        && (kind != ActorKind::Place || !is_setting(profile, known))
}

/// Whether a place only says where; one that the headline and the text keep naming is what the text is about.
fn is_setting(profile: &Profile, known: Option<&Entry>) -> bool {
    let counts = |appearance: &Appearance| matches!(appearance.stance, Stance::Acts | Stance::Plain);
    let country = known.is_some_and(|entry| entry.known == Known::Country);
    let by_nationality = profile.gains.len() > profile.all().count();
    let about = profile.in_title && profile.appearances.len() >= SUBJECT;
    !profile.appearances.iter().any(counts)
        && profile.by_capital.is_empty()
        && !(country && (profile.in_title || by_nationality))
        && !about
}

fn salience(salient: &[f32], sentence: usize) -> f32 {
    salient.get(sentence).copied().unwrap_or(0.0).clamp(0.0, 1.0)
}

fn flag(holds: bool) -> f32 {
    if holds { 1.0 } else { 0.0 }
}

/// The country whose government a capital stands for here.
fn government(document: &Document, appearance: &Appearance) -> Option<usize> {
    if !matches!(appearance.stance, Stance::Acts | Stance::Plain) || appearance.kind != ActorKind::Place {
        return None;
    }
    gazetteer::lookup(document.slice(appearance.span)).and_then(|entry| entry.country)
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

    fn tells_of(&self, document: &Document, profile: &Profile) -> bool {
        let names = || profile.all().map(|appearance| document.slice(appearance.span));
        let country = names().find_map(gazetteer::lookup).filter(|entry| entry.known == Known::Country);
        self.names(names(), country.map(|entry| entry.entity))
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
