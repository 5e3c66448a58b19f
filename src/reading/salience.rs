//! How much each sentence matters in its article.
//!
//! A linear score over what the encoder sees (likeness to the centre of the article, as in Radev
//! et al. 2004, "Centroid-based summarization", and to its headline) and over place and form:
//! length, quotation, question. The summary, the key actors and the key dates all weigh by it.

use super::Document;
use super::cuts::{count_words, is_whole};
use super::sentences::SAYING;

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

/// Weight of each sentence, 0 to 1, the highest 1.
///
/// `vectors` are the unit vectors of the first sentences; a sentence without one weighs nothing.
/// `title` is the unit vector of the headline.
pub fn weigh(document: &Document, forms: &[Form], vectors: &[Vec<f32>], title: Option<&[f32]>) -> Vec<f32> {
    let centre = unit_mean(vectors.iter().map(Vec::as_slice));
    let mut weights: Vec<f32> = document
        .sentences
        .iter()
        .zip(forms)
        .enumerate()
        .map(|(at, (_, form))| {
            let Some(vector) = vectors.get(at) else { return 0.0 };
            let features = features(at, vectors.len(), form, dot(vector, &centre));
            let title = title.map_or(0.0, |title| TITLE_WEIGHT * dot(vector, title));
            let score: f32 = features.iter().zip(FEATURE_WEIGHTS).map(|(x, w)| x * w).sum::<f32>() + title;
            score.max(0.0)
        })
        .collect();
    let highest = weights.iter().copied().fold(0.0, f32::max);
    if highest > 0.0 {
        weights.iter_mut().for_each(|weight| *weight /= highest);
    }
    weights
}

const FEATURES: usize = 9;

/// In the order of `features`. From a least-squares fit on news articles with written summaries,
/// then rounded and moved while `dateline-lab eval summaries` improved.
const FEATURE_WEIGHTS: [f32; FEATURES] = [0.3, 0.3, -0.2, 0.15, -0.04, -0.15, -0.03, -0.1, 0.03];

/// Set by hand: the articles of the fit have no headlines.
const TITLE_WEIGHT: f32 = 0.15;

fn features(at: usize, of: usize, form: &Form, centre: f32) -> [f32; FEATURES] {
    let flag = |set: bool| f32::from(u8::from(set));
    [
        centre,
        1.0 / (at + 1) as f32,
        at as f32 / of.max(1) as f32,
        form.words.min(30) as f32 / 30.0,
        flag(form.words < 8),
        flag(form.quote_first || form.part_of_quote),
        flag(form.question),
        flag(form.first_person),
        flag(form.has_digit),
    ]
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
    let words: Vec<&str> = lower
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .collect();
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
            || TEASERS.iter().any(|teaser| lower.contains(teaser)),
        dangling: dangles(text, &words),
        first_person: !text.contains(['"', '“'])
            && has(&["i", "we", "my", "our", "you", "your", "i'm", "we're", "i’m", "we’re"]),
        has_digit: text.contains(|c: char| c.is_ascii_digit()),
    }
}

/// Whether the sentence leans on the one before it.
fn dangles(text: &str, words: &[&str]) -> bool {
    let Some(first) = words.first() else { return true };
    if POINTING.contains(first) || CONTRASTS.contains(first) {
        return true;
    }
    if let [first, second, ..] = words
        && *first == "the"
        && matches!(*second, "two" | "three" | "pair" | "former" | "latter" | "move" | "same" | "others")
    {
        return true;
    }
    // "On Monday he …": a pronoun before any name.
    let mut early = text.split_whitespace().skip(1).take(5).map(|word| word.trim_end_matches(','));
    early
        .find(|word| PRONOUNS.contains(word) || word.starts_with(char::is_uppercase) && !is_calendar(word))
        .is_some_and(|word| PRONOUNS.contains(&word))
}

/// A month or a weekday, whole or short.
pub(super) fn is_calendar(word: &str) -> bool {
    const STARTS: &[&str] = &[
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Mon", "Tues",
        "Wednes", "Thurs", "Fri", "Satur", "Sun",
    ];
    STARTS.iter().any(|start| word.starts_with(start))
}

const PRONOUNS: &[&str] = &["he", "she", "they", "him", "her", "them"];

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

/// The dot product; the cosine of unit vectors.
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// The mean of vectors scaled to length one; empty without any.
pub fn unit_mean<'a>(vectors: impl Iterator<Item = &'a [f32]>) -> Vec<f32> {
    let mut sum: Vec<f32> = Vec::new();
    for vector in vectors {
        sum.resize(vector.len().max(sum.len()), 0.0);
        sum.iter_mut().zip(vector).for_each(|(s, x)| *s += x);
    }
    let norm = dot(&sum, &sum).sqrt();
    if norm > 0.0 {
        sum.iter_mut().for_each(|x| *x /= norm);
    }
    sum
}

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
        ] {
            assert!(form_of(text).dangling, "{text}");
        }
        for text in
            ["Nixon resigned on Friday.", "On Monday Nixon said he would go.", "The treaty ended the war."]
        {
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

    #[test]
    fn a_sentence_at_the_centre_outweighs_one_aside() {
        let document = Document::new(
            "The wall fell in Berlin last night.\nThe wall of Berlin came down now.\nBread is cheap in most shops there.",
            None,
        );
        let vectors = vec![vec![1.0, 0.0], vec![0.96, 0.28], vec![0.0, 1.0]];
        let weights = weigh(&document, &forms(&document), &vectors, None);
        assert_eq!(weights[0], 1.0);
        assert!(weights[1] > weights[2], "{weights:?}");
        assert_eq!(weigh(&document, &forms(&document), &vectors[..1], None)[2], 0.0);
    }
}
