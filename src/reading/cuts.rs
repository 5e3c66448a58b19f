//! Where a sentence may be cut so that what is left stands alone in a digest.
//!
//! Only at its ends: every result is one span of the sentence. What changes the meaning is never
//! cut off: conditions, negations, contrasts, and who claims it.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::sentences::SAYING;

/// The shortest clause that is still a piece of news, in words.
const MIN_CLAUSE_WORDS: usize = 8;

/// The ways to show a sentence as byte ranges, the fullest first, each later one shorter.
///
/// The first is the sentence without dateline, opening connective and dangling attribution; the
/// others end at a clause boundary, whole in quotes and brackets and with a verb.
pub fn variants(sentence: &str) -> Vec<Range<usize>> {
    let start = opening(sentence);
    let end = start + ending(&sentence[start..]);
    let body = &sentence[start..end];
    let mut cuts: Vec<usize> = boundaries(body);
    cuts.reverse();
    std::iter::once(start..end).chain(cuts.into_iter().map(|cut| start..start + cut)).collect()
}

/// The longest beginning of at most `max_words` words: for when no clause is short enough.
pub fn first_words(text: &str, max_words: usize) -> &str {
    let mut end = 0;
    for word in text.split_whitespace().take(max_words) {
        // Words are slices of `text`, so their distance is an offset.
        end = word.as_ptr() as usize - text.as_ptr() as usize + word.len();
    }
    text[..end].trim_end_matches([',', ';', ':', '–', '—', '-', ' '])
}

/// Words as a reader counts them.
pub fn count_words(text: &str) -> usize {
    text.split_whitespace().count()
}

/// The length in bytes of the dateline that a sentence begins with, its dash included: "TIRANA (AP) — "; 0 without one.
pub fn dateline(sentence: &str) -> usize {
    static DATELINE: LazyLock<Regex> = LazyLock::new(|| {
        let place = r"\p{Lu}[\p{L}'’.\-]*(?:,? [\p{L}\d'’.\-]+){0,6}";
        let agency = r"(?:AP|AFP|CNN|UPI|Reuters|REUTERS|Xinhua|DPA|dpa|ANSA|TASS|AAP|PA|IANS|PTI|ANI|BBC|NPR|VOA|EFE|Bloomberg|Kyodo|Yonhap|AllAfrica|Guardian)";
        let credit = r"\([^()\n]{2,40}\)";
        let capitals = r"\p{Lu}[\p{Lu}'’.\-]+(?:,? (?:\p{Lu}[\p{L}'’.\-]*|\d{1,2},?|\d{4})){0,5}";
        let dash = r"\s*(?:[—–]|--?)\s*";
        Regex::new(&format!(
            r"^(?:(?:{place},? ?)?\({agency}[^()\n]{{0,20}}\)(?:{dash}|\s*)|(?:{capitals},? ?)?{credit}{dash}|{capitals}(?:\s*[—–]\s*|\s+--?\s+))"
        ))
        .expect("a fixed pattern")
    });
    prefix(&DATELINE, sentence, 2)
}

/// The length of a match at the beginning, if what is left looks like a sentence of its own.
fn prefix(pattern: &Regex, sentence: &str, least_words: usize) -> usize {
    let Some(found) = pattern.find(sentence) else { return 0 };
    let rest = &sentence[found.end()..];
    let begins = rest.trim_start_matches(['"', '“', '‘', '\'']).starts_with(char::is_uppercase);
    if begins && rest.split_whitespace().nth(least_words).is_some() { found.end() } else { 0 }
}

/// Where the sentence begins once dateline and connective are gone, in bytes.
pub fn opening(sentence: &str) -> usize {
    static CONNECTIVE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"^(?:(?:Meanwhile|However|Moreover|Furthermore|Additionally|In addition|Also|Still|Nevertheless|Nonetheless|Indeed|In fact|Of course|Besides|Thus|Therefore|Separately|Elsewhere|Instead|Then|Later|Now|Similarly|Likewise|Consequently|As a result),|But|And|Yet|So|Or) ",
        )
        .expect("a fixed pattern")
    });
    let start = dateline(sentence);
    start + prefix(&CONNECTIVE, &sentence[start..], 4)
}

/// Where the sentence ends once a dangling attribution is gone: ", he said."
fn ending(sentence: &str) -> usize {
    static ATTRIBUTION: LazyLock<Regex> = LazyLock::new(|| {
        let verbs = "said|says|added|told [A-Z][A-Za-z]+|explained|noted|continued|wrote|recalled";
        Regex::new(&format!(r",? (?:he|she|they|it) (?:{verbs})(?: (?:in a statement|at the time|[A-Z][a-z]+day|on [A-Z][a-z]+day))?\.?$"))
            .expect("a fixed pattern")
    });
    let quoted = sentence.contains(['"', '“', '”']);
    match ATTRIBUTION.find(sentence) {
        Some(found) if !quoted && found.start() > 0 && sentence[found.start()..].starts_with(',') => {
            found.start()
        }
        _ => sentence.len(),
    }
}

/// Ends of clauses after which the sentence may stop, in order.
fn boundaries(body: &str) -> Vec<usize> {
    static BOUNDARY: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?x)
            , \  (?: which | who | whose | whom | where | while | as | after | before | when | although | though
                   | even \  though | despite | including | among \  them | with | amid | following | prompting
                   | \p{Ll}{3,}ing ) \b
            | ; \ 
            | \  [—–] \ 
            | \  in \  (?: a \  bid | an \  effort | an \  attempt | order ) \  to \b",
        )
        .expect("a fixed pattern")
    });
    let mut open = Balance::default();
    let mut counted = 0;
    let mut cuts = Vec::new();
    let mut words = 0;
    let mut verb = false;
    for found in BOUNDARY.find_iter(body) {
        let piece = &body[counted..found.start()];
        counted = found.start();
        open.read(piece);
        words += count_words(piece);
        verb = verb || has_verb(piece);
        let rest = &body[found.start()..];
        let relative = [", who", ", where", ", which"].iter().any(|word| rest.starts_with(word));
        // "The minister, who …, resigned": the main clause goes on behind the relative one.
        let goes_on = relative && rest[1..].contains(',');
        // "A film shows Smith, who is ill, leaving": the cut would fall inside an aside.
        let last_part = body[..found.start()].rsplit(", ").next().unwrap_or_default();
        let in_aside = ["who ", "which ", "whose ", "where "].iter().any(|word| last_part.starts_with(word));
        let mut words_behind =
            rest.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
        let names_speaker = words_behind.any(|word| SAYING.contains(&word));
        let conditional = [" if ", " unless ", " except ", " not "].iter().any(|word| rest.contains(word));
        if words >= MIN_CLAUSE_WORDS
            && verb
            && open.is_whole()
            && !(goes_on || in_aside)
            && !names_speaker
            && !conditional
        {
            cuts.push(found.start());
        }
    }
    cuts
}

/// Whether quotes and brackets are closed.
#[derive(Default)]
struct Balance {
    straight: usize,
    curly: i32,
    brackets: i32,
}

impl Balance {
    fn read(&mut self, piece: &str) {
        for c in piece.chars() {
            match c {
                '"' => self.straight += 1,
                '“' | '«' => self.curly += 1,
                '”' | '»' => self.curly -= 1,
                '(' | '[' => self.brackets += 1,
                ')' | ']' => self.brackets -= 1,
                _ => {}
            }
        }
    }

    fn is_whole(&self) -> bool {
        self.straight.is_multiple_of(2) && self.curly == 0 && self.brackets == 0
    }
}

/// Whether quotes and brackets of a text are all closed.
pub fn is_whole(text: &str) -> bool {
    let mut balance = Balance::default();
    balance.read(text);
    balance.is_whole()
}

/// Whether a finite verb is likely in it: regular pasts, auxiliaries and the irregular verbs of news.
pub fn has_verb(text: &str) -> bool {
    text.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).any(|word| {
        (word.len() > 4 && word.ends_with("ed") && word.starts_with(char::is_lowercase))
            || VERBS.contains(&word)
    })
}

const VERBS: &[&str] = &[
    "is", "are", "was", "were", "has", "have", "had", "will", "would", "can", "could", "may", "might",
    "must", "should", "did", "does", "do", "said", "says", "say", "told", "broke", "won", "lost", "met",
    "led", "left", "made", "took", "gave", "came", "went", "began", "became", "held", "kept", "found", "put",
    "set", "cut", "hit", "fell", "rose", "grew", "ran", "saw", "shot", "sent", "spent", "sold", "bought",
    "brought", "built", "caught", "chose", "drew", "drove", "fought", "fled", "flew", "forced", "got",
    "knew", "paid", "read", "shook", "spoke", "stood", "struck", "swore", "thought", "threw", "understood",
    "withdrew", "wrote", "faces", "plans", "wants", "seeks", "calls", "remains", "appears", "seems", "makes",
    "takes", "gives", "comes", "goes", "sank", "burst", "shut", "split", "quit", "beat", "bid", "sought",
    "overthrew", "spread", "swept",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(sentence: &str) -> Vec<&str> {
        variants(sentence).into_iter().map(|range| &sentence[range]).collect()
    }

    #[test]
    fn takes_datelines_connectives_and_dangling_attributions_off() {
        for (sentence, want) in [
            ("BERLIN (AP) — The wall fell overnight.", "The wall fell overnight."),
            ("(CNN)The wall fell over one night.", "The wall fell over one night."),
            ("Washington (CNN) Nixon said he would resign.", "Nixon said he would resign."),
            ("DALLAS, Nov. 22 (UPI) -- Kennedy was shot here.", "Kennedy was shot here."),
            ("NEW YORK — Stocks crashed on Tuesday.", "Stocks crashed on Tuesday."),
            ("LONDON, Sept 3 (Reuters) - Britain declared war.", "Britain declared war."),
            ("But Nixon refused to hand over tapes.", "Nixon refused to hand over tapes."),
            ("Meanwhile, Moscow sent tanks into Prague.", "Moscow sent tanks into Prague."),
            ("Meanwhile, the tanks rolled on to Prague.", "Meanwhile, the tanks rolled on to Prague."),
            ("The dam will open next spring, he said.", "The dam will open next spring"),
            ("“The eagle has landed,” he said.", "“The eagle has landed,” he said."),
            ("The dam will open next spring, Hoover said.", "The dam will open next spring, Hoover said."),
            ("The Solidarity union (NSZZ) was legalised.", "The Solidarity union (NSZZ) was legalised."),
            ("NASA said the probe was lost.", "NASA said the probe was lost."),
        ] {
            assert_eq!(shown(sentence)[0], want);
        }
    }

    #[test]
    fn cuts_at_the_end_of_a_clause_only() {
        assert_eq!(
            shown(
                "Britain declared war on Germany on Sunday over the invasion of Poland, prompting France to follow hours later."
            ),
            [
                "Britain declared war on Germany on Sunday over the invasion of Poland, prompting France to follow hours later.",
                "Britain declared war on Germany on Sunday over the invasion of Poland",
            ]
        );
        for whole in [
            "The general secretary of the Communist Party of Poland, who was ill, resigned on Friday.",
            "The president would sign the treaty on Friday in Paris, as planned, unless the senate objected.",
            "A film of that night shows a young guard, who is smiling, opening the gate to the crowd.",
            "Officials opened the gates of the city shortly before midnight, adding that nobody was hurt, Krenz said.",
            "“We opened the gates of the city shortly before midnight on Thursday, while nobody looked,” Krenz said.",
        ] {
            assert_eq!(shown(whole), [whole]);
        }
    }

    #[test]
    fn never_leaves_the_sentence() {
        for text in ["", " ", "—", "(AP)", "(AP) — ", "But ", ", he said.", "A, which B", "É — é; ü"]
        {
            assert!(variants(text).iter().all(|range| text.get(range.clone()).is_some()), "{text:?}");
        }
        assert_eq!(first_words("one,  two — three", 2), "one,  two");
        assert_eq!(first_words("one, two", 1), "one");
        assert_eq!(first_words("", 3), "");
    }
}
