//! How many are dead, injured, missing or arrested, as a text puts it: what reports of one event differ in.
//!
//! A figure is taken only where nothing about it is doubtful; one that is missed costs a reader less than a
//! contradiction that is none. So what is denied, feared, quoted, approximate, of another year or additional
//! ("three others") is left out, and a text that gives two figures for one thing has none for it.

use std::collections::{BTreeMap, BTreeSet};

use super::guard::numbers::{self, Bound, Number};
use super::guard::words::{self, Kind, Sentence, Word};
use super::sentences;
use crate::domain::fold;

/// What became of those who are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    Dead,
    Injured,
    Missing,
    Arrested,
}

/// One figure of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Count {
    pub fate: Fate,
    /// Base form of what is counted; nothing for people in general.
    pub of: Option<String>,
    pub value: u64,
    bound: Bound,
    /// "at least 5 firefighters dead"
    pub words: String,
    /// Where, as far as the sentence says; folded.
    places: BTreeSet<String>,
}

impl Count {
    /// Whether two figures count the same: in the same place, as far as the texts say.
    pub fn same_kind(&self, other: &Self) -> bool {
        let anywhere = self.places.is_empty() && other.places.is_empty();
        (self.fate, &self.of) == (other.fate, &other.of)
            && (anywhere || !self.places.is_disjoint(&other.places))
    }

    /// Whether both cannot be true: 3 and 5, "at least 5" and 3; not "at least 3" and 5, not 60 thousand and 60,213.
    pub fn contradicts(&self, other: &Self) -> bool {
        let round = |value: u64| value >= 100 && value.is_multiple_of(100);
        let near = self.value.abs_diff(other.value) * 10 <= self.value.max(other.value);
        if !self.same_kind(other)
            || self.value == other.value
            || (near && (round(self.value) || round(other.value)))
        {
            return false;
        }
        let (less, more) = if self.value < other.value { (self, other) } else { (other, self) };
        less.bound != Bound::More && more.bound != Bound::Less
    }
}

/// The figures of an article of which it gives one each; `title` counts as a sentence.
pub fn counts(title: &str, text: &str) -> Vec<Count> {
    let lines = std::iter::once(title).chain(text.lines());
    let all = lines.flat_map(|line| sentences::split(line).into_iter().map(|range| &line[range]));
    let mut by_kind: BTreeMap<(Fate, Option<String>), Vec<Count>> = BTreeMap::new();
    for count in all.flat_map(of_sentence) {
        by_kind.entry((count.fate, count.of.clone())).or_default().push(count);
    }
    let agreed = by_kind.into_values().filter_map(|found| {
        let mut found = found.into_iter();
        let mut first = found.next()?;
        for other in found {
            if other.value != first.value {
                return None;
            }
            first.places.extend(other.places);
        }
        Some(first)
    });
    agreed.collect()
}

/// Words that take a sentence out: what it says is not so, not sure, not now, or not of this event alone.
const DOUBT: &str = "could may might would feared fears expected believed estimated estimate presumed if unless \
    unconfirmed denied denies deny false falsely rumour rumours rumor rumors reportedly ago since previous previously earlier \
    last history historic record deadliest anniversary every each per average annually yearly worst similar another other \
    others more further additional initially originally revised corrected hundreds thousands dozens scores toll-free \
    drill exercise simulated film novel likely possibly perhaps until";

/// The figures of one sentence.
fn of_sentence(text: &str) -> Vec<Count> {
    // Most sentences have none; cutting is what costs.
    if !fates_in(text) {
        return Vec::new();
    }
    let sentence = words::read(text, &|_, _| false);
    let words = &sentence.words;
    let doubtful = |at: usize, word: &Word| {
        let more_than = word.lower == "more" && words.get(at + 1).is_some_and(|next| next.lower == "than");
        !more_than && DOUBT.split_whitespace().any(|doubt| word.lower == doubt)
    };
    if words.iter().enumerate().any(|(at, word)| doubtful(at, word))
        || sentence.numbers.iter().any(|number| number.year)
    {
        return Vec::new();
    }
    let places = places(&sentence);
    sentence.numbers.iter().filter_map(|number| count(words, number, &places)).collect()
}

fn fates_in(text: &str) -> bool {
    const STEMS: [&str; 13] = [
        "dead", "death", "die", "kill", "fatal", "injur", "wound", "hurt", "missing", "arrest", "detain",
        "lives", "toll",
    ];
    let lower = text.to_lowercase();
    STEMS.iter().any(|stem| lower.contains(stem))
}

fn count(words: &[Word], number: &Number, places: &BTreeSet<String>) -> Option<Count> {
    let whole = number.value.fract() == 0.0 && (1.0..1e8).contains(&number.value);
    if !whole || number.ordinal || number.vague {
        return None;
    }
    let doubtful = |word: &Word| word.quoted || word.conditional || word.negated || word.denied;
    if words[number.first..number.end].iter().any(doubtful) {
        return None;
    }
    let before = &words[..number.first];
    let from =
        before.len() - before.iter().rev().take_while(|word| BEFORE.contains(&word.lower.as_str())).count();
    if words[from..number.first].iter().any(|word| ABOUT.contains(&word.lower.as_str())) {
        return None;
    }
    let (fate, noun) = told_behind(&words[number.end..])
        .or_else(|| Some((done_before(&words[..from])?, counted(&words[number.end..])?)))
        .or_else(|| Some((toll(words, number)?, None)))?;
    let of = noun.map(|word| word.lemma.clone());
    let of_people = noun.is_none_or(|word| PEOPLE.contains(&word.lower.as_str()));
    if noun.is_some_and(|word| word.possessive || numbers::unit(&word.lemma)) {
        return None;
    }
    let bound = match number.bound {
        Bound::None => "",
        Bound::More => "at least ",
        Bound::Less => "at most ",
    };
    let noun = noun.filter(|_| !of_people).map(|word| format!("{} ", word.text)).unwrap_or_default();
    Some(Count {
        fate,
        of: of.filter(|_| !of_people),
        value: number.value as u64,
        bound: number.bound,
        words: format!("{bound}{} {noun}{}", thousands(number.value as u64), fate.word()),
        places: places.clone(),
    })
}

impl Fate {
    fn word(self) -> &'static str {
        match self {
            Self::Dead => "dead",
            Self::Injured => "injured",
            Self::Missing => "missing",
            Self::Arrested => "arrested",
        }
    }

    /// Of a participle or adjective: "killed", "dead".
    fn of(lower: &str) -> Option<Self> {
        Some(match lower {
            "dead" | "killed" | "died" | "perished" => Self::Dead,
            "injured" | "wounded" | "hurt" => Self::Injured,
            "missing" => Self::Missing,
            "arrested" | "detained" => Self::Arrested,
            _ => return None,
        })
    }

    /// Of a verb whose object is counted: "killing".
    fn done(lower: &str) -> Option<Self> {
        Some(match lower {
            "killed" | "killing" | "kills" => Self::Dead,
            "injured" | "injuring" | "injures" | "wounded" | "wounding" | "wounds" => Self::Injured,
            "arrested" | "arresting" | "arrests" | "detained" | "detaining" | "detains" => Self::Arrested,
            _ => return None,
        })
    }

    /// Of a noun that is counted itself: "deaths".
    fn noun(lower: &str) -> Option<Self> {
        Some(match lower {
            "deaths" | "fatalities" => Self::Dead,
            "injuries" => Self::Injured,
            "arrests" => Self::Arrested,
            _ => return None,
        })
    }
}

/// Words between a verb and its number.
const BEFORE: [&str; 15] = [
    "at", "least", "most", "more", "fewer", "less", "than", "about", "around", "some", "nearly", "almost",
    "roughly", "approximately", "over",
];
const ABOUT: [&str; 7] = ["about", "around", "some", "nearly", "almost", "roughly", "approximately"];
const PEOPLE: [&str; 6] = ["people", "persons", "person", "victims", "lives", "humans"];
const AUXILIARIES: [&str; 12] =
    ["was", "were", "is", "are", "have", "has", "had", "been", "being", "confirmed", "reported", "now"];

/// "63 dead", "63 people were killed", "two young men died", "12 arrests": the fate, and who is counted.
fn told_behind(behind: &[Word]) -> Option<(Fate, Option<&Word>)> {
    let first = behind.first()?;
    if let Some(fate) = Fate::of(&first.lower).or_else(|| Fate::noun(&first.lower)) {
        // "5 injured men were killed" counts men.
        let alone = behind.get(1).is_none_or(|next| next.kind != Kind::Content || next.verb);
        return alone.then_some((fate, None));
    }
    let noun = counted(behind)??;
    let at = behind.iter().position(|word| std::ptr::eq(word, noun))?;
    let said = behind[at + 1..].iter().find(|word| !AUXILIARIES.contains(&word.lower.as_str()))?;
    let lost = noun.lower == "lives" && said.lower == "lost";
    let fate = if lost { Fate::Dead } else { Fate::of(&said.lower)? };
    Some((fate, Some(noun)))
}

/// The noun that a number counts: the last of up to three words before a verb, a mark or a preposition. Nothing, where
/// there is none ("killed 63"); no answer, where it is more than a noun.
fn counted(behind: &[Word]) -> Option<Option<&Word>> {
    let noun = |word: &&Word| {
        word.kind == Kind::Content
            && Fate::of(&word.lower).is_none()
            && !AUXILIARIES.contains(&word.lower.as_str())
    };
    let phrase = behind.iter().take_while(noun).count();
    if phrase > 3 {
        return None;
    }
    let ends = behind.get(phrase).is_none_or(|word| word.kind != Kind::Number && word.kind != Kind::Name);
    ends.then(|| phrase.checked_sub(1).map(|last| &behind[last]))
}

/// "killing at least 63": the verb right before the number.
fn done_before(before: &[Word]) -> Option<Fate> {
    let verb = before.last()?;
    let passive = before
        .iter()
        .rev()
        .nth(1)
        .is_some_and(|word| word.is(&["was", "were", "been", "is", "are", "being"]));
    let claimed = verb.is(&["claimed", "claiming", "cost"]);
    if passive {
        return None;
    }
    if claimed { Some(Fate::Dead) } else { Fate::done(&verb.lower) }
}

/// "The death toll rose to 63", "the number of dead stands at 63".
fn toll(words: &[Word], number: &Number) -> Option<Fate> {
    let before = &words[..number.first];
    let at = before.iter().rposition(|word| word.lower == "toll")?;
    let of_deaths = at > 0 && before[at - 1].lower == "death";
    let reached =
        before.last().is_some_and(|word| word.is(&["to", "at", "reached", "reaches", "hit", "hits"]));
    (of_deaths && reached).then_some(Fate::Dead)
}

/// Names behind a preposition of place.
fn places(sentence: &Sentence) -> BTreeSet<String> {
    let words = &sentence.words;
    let place = |first: usize| {
        let the = first.checked_sub(1).filter(|&at| words[at].lower == "the").unwrap_or(first);
        the.checked_sub(1)
            .is_some_and(|at| words[at].is(&["in", "at", "near", "on", "outside", "across", "around"]))
    };
    let names = sentence.names.iter().filter(|name| place(name.first));
    names.map(|name| fold(&name.parts.join(" "))).collect()
}

/// 12,345
fn thousands(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        counts("", text).into_iter().map(|count| count.words).collect()
    }

    #[test]
    fn figures_are_read() {
        for (text, found) in [
            ("The earthquake killed 63 people.", "63 dead"),
            (
                "The earthquake killed at least 63 people and injured 3,757.",
                "at least 63 dead, 3,757 injured",
            ),
            ("Sixty-three people were killed in San Francisco.", "63 dead"),
            ("A bomb left three dead and 20 wounded in Sarajevo.", "3 dead, 20 injured"),
            ("The fire claimed 146 lives.", "146 dead"),
            ("The death toll rose from 40 to 63.", "63 dead"),
            ("Eleven firefighters died in the blaze.", "11 firefighters dead"),
            ("More than 60 people have been killed.", "at least 60 dead"),
            ("Police arrested 12 people.", "12 arrested"),
            ("Two miners are missing.", "2 miners missing"),
            ("The crash killed all on board, killing 35 passengers.", "35 passengers dead"),
            ("There were 12 deaths.", "12 dead"),
        ] {
            assert_eq!(words(text).join(", "), found, "{text}");
        }
    }

    #[test]
    fn what_is_doubtful_is_left_out() {
        for text in [
            "As many as 63 people could be dead.",
            "At least 63 people are feared dead.",
            "In 1906 an earthquake killed 3,000 people.",
            "About 60 people were killed.",
            "Nobody was among the 63 injured, and no 5 people died.",
            "Three others were killed.",
            "He was killed three days later.",
            "She was killed two years ago.",
            "“Five people were killed,” a witness said.",
            "Dozens were killed.",
            "The 63rd victim died.",
            "The railway killed the line in 5 counties.",
            "A gun that killed two presidents' careers was shown to 300 visitors.",
            "If 40 people died, the bridge would be closed.",
            "Last year 40 people died on the road.",
            "Officials denied that 40 people were killed.",
            "Five people died in Oakland and three people died in Alameda.",
            "The rescuers carried 12 stretchers.",
            "The dead man was 63.",
        ] {
            assert_eq!(words(text), Vec::<String>::new(), "{text}");
        }
    }

    fn contradict(one: &str, other: &str) -> bool {
        let [one, other] = [one, other].map(|text| counts("", text));
        one.iter().any(|one| other.iter().any(|other| one.contradicts(other)))
    }

    #[test]
    fn two_figures_for_one_thing_contradict() {
        assert!(contradict("The bomb killed three people.", "Five people were killed."));
        assert!(contradict("The bomb killed three people.", "At least five people were killed."));
        assert!(contradict("Three people died in Sarajevo.", "Five people died in Sarajevo."));
        assert!(contradict("Three miners were killed.", "Five miners died."));
    }

    #[test]
    fn figures_that_agree_or_count_other_things_do_not_contradict() {
        for (one, other) in [
            ("The bomb killed three people.", "Three died."),
            ("At least three people were killed.", "Five people were killed."),
            ("More than 60 people died.", "Sixty-three people died."),
            ("The bomb killed three people.", "The bomb injured five people."),
            ("Three firefighters died.", "Five people died."),
            ("Three people died in Oakland.", "Five people died in San Francisco."),
            ("Three people died in Oakland.", "Five people died."),
            ("The wave killed 6,000 people.", "The wave killed 6,123 people."),
            ("Five people were arrested.", "Three people were killed."),
        ] {
            assert!(!contradict(one, other), "{one} {other}");
        }
    }
}
