//! The summary: a few sentences of the article, cut at most at their ends.
//!
//! Which sentences and how far each is cut are chosen together, because words saved on one make
//! room for another: a beam search in the order of the article for the best worth within the
//! budget, where worth grows with salience and falls with likeness to what is taken already
//! (maximal marginal relevance, Carbonell & Goldstein 1998; as a knapsack, McDonald 2007).
//! Where there is nothing to choose from it abstains and shows the lede.

use std::ops::Range;

use super::Document;
use super::cuts::{count_words, first_words, has_verb, variants};
use super::reference::{Need, needs};
use super::salience::{Form, RANGE, dot};
use crate::clean::warning;
use crate::domain::{Mention, Span, Summarizer, SummarySentence};

/// How long a summary may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadOptions {
    /// At most so many sentences.
    pub sentences: usize,
    /// All sentences together, whatever their number.
    pub max_words: usize,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self { sentences: 3, max_words: 60 }
    }
}

/// The sentences shown, and how they were chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    pub sentences: Vec<SummarySentence>,
    pub summarizer: Summarizer,
    /// Why it abstained.
    pub warning: Option<String>,
}

/// Chooses at most `options.sentences` sentences of together at most `options.max_words` words.
///
/// `forms` and `weights` have an entry for every sentence, `vectors` for the first ones at least
/// as far as the weights are above 0; `mentions` are in order.
pub fn summarize(
    document: &Document,
    mentions: &[Mention],
    forms: &[Form],
    vectors: &[Vec<f32>],
    weights: &[f32],
    options: ReadOptions,
) -> Summary {
    if forms.len() < 2 {
        let reason = if forms.is_empty() { warning::NO_TEXT } else { warning::SHORT };
        return lede(document, forms, options, reason);
    }
    let candidates = candidates(document, mentions, forms, weights, options);
    let chosen = search(&candidates, vectors, options);
    if chosen.is_empty() {
        return lede(
            document,
            forms,
            options,
            "No sentence of this page stands alone; the first ones are shown.",
        );
    }
    let sentences = chosen
        .into_iter()
        .map(|(candidate, variant)| shown(document, candidates[candidate].variants[variant].bytes.clone()));
    Summary { sentences: sentences.collect(), summarizer: Summarizer::Extractive, warning: None }
}

/// A sentence that may be taken, and the ways to show it.
struct Candidate {
    sentence: usize,
    /// Against that of the best sentence: 0 to 1.
    worth: f32,
    /// What the sentences taken before it should tell.
    needs: Vec<Need>,
    variants: Vec<Variant>,
}

struct Variant {
    /// Into the text of the document.
    bytes: Range<usize>,
    words: usize,
    /// Share of the sentence's words.
    kept: f32,
}

/// Sentences looked at: the summary of a longer article is still in its heaviest ones.
const MAX_CANDIDATES: usize = 32;

/// Ways to show one sentence.
const MAX_VARIANTS: usize = 4;

/// Partial summaries kept at every sentence.
const BEAM: usize = 48;

/// How fast worth falls with the head's score: below 1, so that two middling sentences are worth more
/// than the best one.
const SHARPNESS: f32 = 0.5;

/// Share of its worth that a sentence keeps that is somebody's words, or the author's own: a digest tells
/// what happened.
const VOICE_SHARE: f32 = 0.3;

/// What a word costs the reader, in worth of a best sentence.
const WORD_COST: f32 = 0.002;

/// What likeness to a taken sentence costs, per unit of cosine above `LIKENESS_FREE`.
const LIKENESS_COST: f32 = 0.5;

/// Sentences of one article are this much alike by their subject alone.
const LIKENESS_FREE: f32 = 0.3;

/// Worth of the part of a sentence that a cut takes away, against the whole.
const CUT_COST: f32 = 0.2;

/// Cost of a surname whose bearer no sentence taken before introduces.
const STRANGER_COST: f32 = 0.25;

fn candidates(
    document: &Document,
    mentions: &[Mention],
    forms: &[Form],
    weights: &[f32],
    options: ReadOptions,
) -> Vec<Candidate> {
    let usable = |at: usize| {
        let form = &forms[at];
        let text = document.slice(document.sentences[at].span);
        weights[at] > 0.0
            && !(form.part_of_quote || form.bare_quote || form.question || form.teaser)
            && form.words >= 5
            && has_verb(text)
            && !is_title(document, text)
    };
    let mut order: Vec<usize> = (0..weights.len()).filter(|&at| usable(at)).collect();
    order.sort_by(|&a, &b| weights[b].total_cmp(&weights[a]).then(a.cmp(&b)));
    order.truncate(MAX_CANDIDATES);
    order.sort_unstable();
    let needs = needs(document, mentions, forms, &order);
    order
        .into_iter()
        .zip(needs)
        .filter_map(|(sentence, needs)| {
            let bytes = document.index.bytes(document.sentences[sentence].span);
            let text = &document.text[bytes.clone()];
            let whole = forms[sentence].words.max(1) as f32;
            let variants: Vec<Variant> = variants(text)
                .into_iter()
                .map(|way| {
                    let words = count_words(&text[way.clone()]);
                    let bytes = bytes.start + way.start..bytes.start + way.end;
                    Variant { bytes, words, kept: words as f32 / whole }
                })
                .filter(|variant| variant.words > 0 && variant.words <= options.max_words)
                .take(MAX_VARIANTS)
                .collect();
            let form = &forms[sentence];
            let voice = if form.quote_first || form.first_person { VOICE_SHARE } else { 1.0 };
            let worth = voice * (SHARPNESS * RANGE * (weights[sentence] - 1.0)).exp();
            (!variants.is_empty()).then_some(Candidate { sentence, worth, needs, variants })
        })
        .collect()
}

/// A summary in the making: the candidates taken, each with its variant.
#[derive(Clone, Default)]
struct Partial {
    taken: Vec<(usize, usize)>,
    words: usize,
    worth: f32,
}

/// The best choice of candidates and variants, in the order of the article.
fn search(candidates: &[Candidate], vectors: &[Vec<f32>], options: ReadOptions) -> Vec<(usize, usize)> {
    let mut beam = vec![Partial::default()];
    for (at, candidate) in candidates.iter().enumerate() {
        let mut next = beam.clone();
        for partial in &beam {
            if partial.taken.len() >= options.sentences {
                continue;
            }
            let told = |need: &&Need| {
                partial
                    .taken
                    .iter()
                    .any(|&(c, _)| need.sentences.binary_search(&candidates[c].sentence).is_ok())
            };
            let mut missing = candidate.needs.iter().filter(|need| !told(need));
            if missing.clone().any(|need| need.strict) {
                continue;
            }
            let strangers = if missing.next().is_some() { STRANGER_COST } else { 0.0 };
            let likeness: f32 = partial
                .taken
                .iter()
                .map(|&(c, _)| dot(&vectors[candidates[c].sentence], &vectors[candidate.sentence]))
                .map(|cosine| (cosine - LIKENESS_FREE).max(0.0) * LIKENESS_COST)
                .sum();
            for (variant, way) in candidate.variants.iter().enumerate() {
                if partial.words + way.words > options.max_words {
                    continue;
                }
                let worth = candidate.worth * (1.0 - CUT_COST * (1.0 - way.kept))
                    - likeness
                    - strangers
                    - WORD_COST * way.words as f32;
                let mut grown = partial.clone();
                grown.taken.push((at, variant));
                grown.words += way.words;
                grown.worth += worth;
                next.push(grown);
            }
        }
        // Stable, so that equal summaries keep the order in which they were found.
        next.sort_by(|a, b| b.worth.total_cmp(&a.worth));
        next.truncate(BEAM);
        beam = next;
    }
    beam.into_iter().next().map(|best| best.taken).unwrap_or_default()
}

/// The first sentences that are neither the headline nor a teaser, and why there is no summary.
pub fn lede(document: &Document, forms: &[Form], options: ReadOptions, warning: &str) -> Summary {
    let not_title = |at: &usize| !is_title(document, document.slice(document.sentences[*at].span));
    let plain: Vec<usize> = (0..forms.len()).filter(not_title).filter(|&at| !forms[at].teaser).collect();
    let order = if plain.is_empty() { (0..forms.len()).filter(not_title).collect() } else { plain };
    let mut left = options.max_words;
    let mut sentences = Vec::new();
    for at in order.into_iter().take(options.sentences) {
        let bytes = document.index.bytes(document.sentences[at].span);
        let text = &document.text[bytes.clone()];
        let ways = variants(text);
        let fitting = ways.iter().find(|way| (1..=left).contains(&count_words(&text[(*way).clone()])));
        let way = match (fitting, ways.first()) {
            (Some(way), _) => way.clone(),
            // The first sentence alone is too long and has no clause that fits.
            (None, Some(whole)) if sentences.is_empty() => {
                whole.start..whole.start + first_words(&text[whole.clone()], left).len()
            }
            _ => break,
        };
        if way.is_empty() {
            break;
        }
        left -= count_words(&text[way.clone()]).min(left);
        sentences.push(shown(document, bytes.start + way.start..bytes.start + way.end));
    }
    Summary { sentences, summarizer: Summarizer::Lede, warning: Some(warning.to_owned()) }
}

fn shown(document: &Document, bytes: Range<usize>) -> SummarySentence {
    let Span { start, end } = document.index.span(bytes.clone());
    SummarySentence { text: document.text[bytes].to_owned(), start: Some(start), end: Some(end) }
}

/// Whether a sentence says the headline again, word for word.
fn is_title(document: &Document, sentence: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect()
    };
    let short = |text: &&str| text.len() < 400;
    document.title.as_deref().filter(short).filter(|_| short(&sentence)).is_some_and(|title| {
        let title = words(title);
        !title.is_empty() && words(sentence) == title
    })
}

#[cfg(test)]
mod tests {
    use super::super::actors::Words;
    use super::super::salience::forms;
    use super::*;

    /// Summarises with vectors that say nothing and weights that fall, so that form and place decide.
    fn read(title: Option<&str>, text: &str, options: ReadOptions) -> Summary {
        let mut document = Document::new(text, None);
        document.title = title.map(str::to_owned);
        let vectors = vec![vec![1.0, 0.0]; document.sentences.len()];
        let forms = forms(&document);
        let weights: Vec<f32> = (0..forms.len()).map(|at| 1.0 - 0.02 * at as f32).collect();
        let mentions = Words::new(&document).mentions_by_rules();
        let summary = summarize(&document, &mentions, &forms, &vectors, &weights, options);
        for sentence in &summary.sentences {
            let span = Span { start: sentence.start.unwrap(), end: sentence.end.unwrap() };
            assert_eq!(document.slice(span), sentence.text);
        }
        let words: usize = summary.sentences.iter().map(|s| count_words(&s.text)).sum();
        assert!(words <= options.max_words && summary.sentences.len() <= options.sentences);
        summary
    }

    const WALL: &str = "BERLIN (AP) — East Germany opened its borders on Thursday night after weeks of protest, letting \
        thousands walk through the Berlin Wall.\n\
        Guenter Schabowski, a member of the Politburo, told reporters that the new rules took effect immediately.\n\
        “We did not expect it. Nobody did,” a guard said.\n\
        He refused to give a name.\n\
        How long will it last?\n\
        Crowds gathered at Bornholmer Street within the hour, and the guards opened the gate before midnight.\n\
        Read more about the history of the wall.\n\
        The wall had divided the city since August 1961.";

    #[test]
    fn takes_self_contained_sentences_in_order() {
        let summary = read(None, WALL, ReadOptions::default());
        assert_eq!(summary.summarizer, Summarizer::Extractive);
        assert!(summary.sentences[0].text.starts_with("East Germany opened"), "{summary:?}");
        assert!(summary.sentences.windows(2).all(|pair| pair[0].end <= pair[1].start));
        for never in ["expect it", "He refused", "How long", "Read more", "BERLIN"] {
            assert!(summary.sentences.iter().all(|s| !s.text.contains(never)), "{summary:?}");
        }
    }

    #[test]
    fn keeps_to_any_budget() {
        for sentences in 0..5 {
            for max_words in [0, 1, 5, 12, 20, 60, 1000] {
                read(None, WALL, ReadOptions { sentences, max_words });
            }
        }
        let long = format!("Parliament voted {} in the end.", "and voted again ".repeat(60));
        assert_eq!(read(None, &long, ReadOptions::default()).sentences.len(), 1);
    }

    #[test]
    fn abstains_with_the_lede_and_says_why() {
        for (text, why, shown) in [
            ("Armstrong walked on the moon on Sunday, and the world watched him do it.", warning::SHORT, 1),
            (" \n ", warning::NO_TEXT, 0),
            ("Who was it? Who knows?", "No sentence of this page stands alone; the first ones are shown.", 2),
        ] {
            let summary = read(None, text, ReadOptions::default());
            assert_eq!(summary.summarizer, Summarizer::Lede, "{text}");
            assert_eq!(summary.warning.as_deref(), Some(why));
            assert_eq!(summary.sentences.len(), shown, "{summary:?}");
        }
    }

    #[test]
    fn tells_who_is_meant_before_it_tells_what_they_did() {
        let text = "Two men reached the summit of Mount Everest on Friday, the first to have stood on it.\n\
            The climb took five hours from the highest camp on the mountain, in good weather.\n\
            Hunt had sent another pair of climbers up the south ridge three days before them.\n\
            Colonel John Hunt, the leader of the expedition, sent the news to London with a runner.\n\
            Ten expeditions from many countries had failed to climb the mountain since 1921.";
        for sentences in 1..5 {
            let summary = read(None, text, ReadOptions { sentences, max_words: 200 });
            let shown: Vec<&str> = summary.sentences.iter().map(|s| s.text.as_str()).collect();
            assert!(!shown.iter().any(|text| text.starts_with("Hunt")), "{shown:?}");
            let climb = shown.iter().position(|text| text.starts_with("The climb"));
            assert!(climb.is_none_or(|at| at > 0), "{shown:?}");
        }
    }

    #[test]
    fn never_repeats_the_headline() {
        let text = "Man walks on the Moon\nArmstrong stepped onto the surface on Sunday.";
        let summary = read(Some("Man Walks on the Moon!"), text, ReadOptions::default());
        assert_eq!(summary.sentences.len(), 1);
        assert!(summary.sentences[0].text.starts_with("Armstrong"));
    }
}
