//! The form of a sentence: what can be told of it without knowing what it means.

use crate::reading::Document;
use crate::reading::cuts::{count_words, is_whole, opening};
use crate::reading::sentences::SAYING;

/// What the form of a sentence says about showing it alone.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Form {
    pub words: usize,
    /// Begins or ends inside a quotation that runs over several sentences.
    pub part_of_quote: bool,
    /// Begins with a quotation mark: somebody's words rather than what happened.
    pub quote_first: bool,
    /// All quotation, nobody named as its speaker.
    pub bare_quote: bool,
    pub question: bool,
    /// Breaks off ("…"), or asks to read, watch or share something.
    pub teaser: bool,
    /// Begins with a word that points at the sentence before: "He", "This", "But the".
    pub dangling: bool,
    pub first_person: bool,
    pub has_digit: bool,
}

/// The form of every sentence.
pub fn forms(document: &Document) -> Vec<Form> {
    let mut forms = Vec::with_capacity(document.sentences.len());
    let mut paragraph = usize::MAX;
    let mut quote = Quote::default();
    for sentence in &document.sentences {
        if sentence.paragraph != paragraph {
            paragraph = sentence.paragraph;
            quote = Quote::default();
        }
        let text = document.slice(sentence.span);
        let began_inside = quote.open();
        quote.read(text);
        forms.push(form(text, began_inside || quote.open()));
    }
    forms
}

/// Quotation marks of a paragraph so far.
#[derive(Default)]
struct Quote {
    curly: bool,
    straight: bool,
}

impl Quote {
    fn open(&self) -> bool {
        self.curly || self.straight
    }

    fn read(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '“' => self.curly = true,
                '”' => self.curly = false,
                '"' => self.straight = !self.straight,
                _ => {}
            }
        }
    }
}

fn form(text: &str, part_of_quote: bool) -> Form {
    let lower = text.to_lowercase();
    let words = words_of(&lower);
    let opening = opening(text);
    let lower_shown = text[opening..].to_lowercase();
    let starts_quoted = text.starts_with(['"', '“', '‘', '\'']);
    let says = words.iter().any(|word| SAYING.contains(word));
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    Form {
        words: count_words(text),
        part_of_quote: part_of_quote || !is_whole(text),
        quote_first: starts_quoted,
        bare_quote: starts_quoted && !says,
        question: text.trim_end_matches(['"', '”', '’', '\'', ')']).ends_with(['?', '？', '؟']),
        teaser: text.ends_with('…')
            || text.ends_with("...")
            || TEASERS.iter().any(|teaser| lower.contains(teaser))
            || is_label(text, &words),
        dangling: dangles(&text[opening..], &words_of(&lower_shown)),
        first_person: !text.contains(['"', '“'])
            && has(&["i", "we", "my", "our", "you", "your", "i'm", "we're", "i’m", "we’re"]),
        has_digit: text.contains(|c: char| c.is_ascii_digit()),
    }
}

/// A headline of something else: "Why the wall fell", "How we count".
fn is_label(text: &str, words: &[&str]) -> bool {
    matches!(words.first(), Some(&"why" | &"how")) && words.len() < 16 && !text.contains([',', '?'])
}

fn words_of(text: &str) -> Vec<&str> {
    let words = text.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    words.filter(|word| !word.is_empty()).collect()
}

/// Whether what is shown of a sentence, `words` in lower case, leans on the one before it.
fn dangles(shown: &str, words: &[&str]) -> bool {
    let Some(first) = words.first() else { return true };
    let second = words.get(1).copied().unwrap_or_default();
    let told_by_time = matches!(*first, "this" | "these") && TIMES.contains(&second);
    let exists = *first == "there" && EXISTENCE.contains(&second);
    if (POINTING.contains(first) || CONTRASTS.contains(first)) && !told_by_time && !exists {
        return true;
    }
    if *first == "the"
        && matches!(second, "two" | "three" | "pair" | "former" | "latter" | "move" | "same" | "others")
    {
        return true;
    }
    // "For it was those men …"
    if *first == "for" && (second == "it" || PRONOUNS.contains(&second)) {
        return true;
    }
    // "One of those fathers"
    if let [_, "of", third, ..] = words
        && matches!(*third, "them" | "those" | "these")
    {
        return true;
    }
    // "On Monday he …": a pronoun before any name. "After he resigned, President Nixon …" tells whom.
    let mut early = shown.split_whitespace().skip(1).take(6).map(|word| word.trim_end_matches(','));
    let pronoun = early.position(|word| {
        PRONOUNS.contains(&word) || word.starts_with(char::is_uppercase) && !is_calendar(word)
    });
    let Some(at) = pronoun.filter(|at| words.get(at + 1).is_some_and(|word| PRONOUNS.contains(word))) else {
        return false;
    };
    let subordinate = words[..=at].iter().any(|word| SUBORDINATE.contains(word));
    let told_behind = shown.split_once(", ").is_some_and(|(_, main)| {
        main.split_whitespace().take(5).any(|word| word.starts_with(char::is_uppercase) && !is_calendar(word))
    });
    !(subordinate && told_behind)
}

/// A month or a weekday, whole or short.
pub(in crate::reading) fn is_calendar(word: &str) -> bool {
    const STARTS: &[&str] = &[
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Mon", "Tues",
        "Wednes", "Thurs", "Fri", "Satur", "Sun",
    ];
    STARTS.iter().any(|start| word.starts_with(start))
}

const PRONOUNS: &[&str] = &["he", "she", "they", "him", "her", "them", "his", "their"];

/// "This week" and its like mean the day of publication, not the sentence before.
const TIMES: &[&str] = &[
    "week", "weekend", "month", "year", "morning", "afternoon", "evening", "spring", "summer", "autumn",
    "fall", "winter", "season", "decade", "century", "past", "coming", "time",
];

const EXISTENCE: &[&str] = &[
    "is", "are", "was", "were", "has", "have", "had", "will", "would", "can", "could", "may", "must",
    "should",
];

const SUBORDINATE: &[&str] = &[
    "after", "when", "while", "as", "before", "since", "until", "although", "though", "because", "if", "once",
];

const POINTING: &[&str] = &[
    "he", "she", "they", "it", "his", "her", "their", "its", "him", "them", "this", "that", "these", "those",
    "such", "that's", "that’s", "he's", "she's", "it's", "they're", "he’s", "she’s", "it’s", "they’re",
    "both", "neither", "another", "others", "here", "there",
];

const CONTRASTS: &[&str] = &[
    "but", "and", "or", "so", "yet", "nor", "however", "instead", "nevertheless", "nonetheless", "otherwise",
    "therefore", "thus", "moreover", "furthermore", "additionally", "similarly", "likewise", "then", "still",
    "also", "besides", "because", "consequently", "hence", "indeed", "afterwards", "afterward",
];

/// Parts of sentences that speak of the page rather than of the news; lower case.
const TEASERS: &[&str] = &[
    "click here",
    "read more",
    "read the full",
    "sign up",
    "subscribe",
    "newsletter",
    "watch the video",
    "watch:",
    "scroll down",
    "follow us",
    "share this",
    "leave a comment",
    "continue reading",
    "photo:",
    "image:",
    "photograph:",
    "getty images",
    "contributed to this report",
    "all rights reserved",
    "here's what",
    "here’s what",
    "here are the",
    "related:",
    "advertisement",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn form_of(text: &str) -> Form {
        forms(&Document::new(text, None))[0]
    }

    #[test]
    fn knows_what_cannot_stand_alone() {
        for text in [
            "He resigned on Friday.",
            "This ended the war.",
            "But the wall held.",
            "On Monday he flew to Camp David.",
            "The two signed a treaty.",
            "However, nobody came.",
            "(CNN)It was an act of despair.",
            "One of those guards opened the gate.",
            "When he arrived, the crowd cheered.",
        ] {
            assert!(form_of(text).dangling, "{text}");
        }
        for text in [
            "Nixon resigned on Friday.",
            "On Monday Nixon said he would go.",
            "The treaty ended the war.",
            "But Nixon refused to hand over tapes.",
            "This week Moscow sent tanks into Prague.",
            "There was no way across the wall.",
            "After he lost the vote in court, President Nixon resigned.",
        ] {
            assert!(!form_of(text).dangling, "{text}");
        }
    }

    #[test]
    fn follows_a_quotation_over_its_sentences() {
        let document =
            Document::new("“The ship failed. It sank fast. All were saved,” Smith said. He left.", None);
        let inside: Vec<bool> = forms(&document).iter().map(|form| form.part_of_quote).collect();
        assert_eq!(inside, [true, true, true, false]);
        assert!(form_of("“A small step for a man.”").bare_quote);
        assert!(!form_of("“A small step for a man,” Armstrong said.").bare_quote);
    }
}
