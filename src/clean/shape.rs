//! What the shape of a line tells, before its words are understood: is it prose, a headline, a line cut off?

use std::collections::HashSet;
use std::sync::LazyLock;

use sha2::{Digest as _, Sha256};

/// What a line looks like by its end and its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A sentence or more, ended by punctuation: what bodies are made of.
    Prose,
    /// Ended by punctuation but short, or a lone question: a body or a teaser may hold it.
    Short,
    /// Cut off by an ellipsis outside a quotation, as teasers are.
    CutOff,
    /// No final punctuation: headlines, captions, list items.
    Open,
}

/// Prose has at least this many words; below it, an ending full stop proves little.
const PROSE_WORDS: usize = 10;
/// A paragraph this long is prose even where its final full stop is missing.
const LONG_WORDS: usize = 45;
/// The opening words of a cut-off line that make it a teaser's; "And so we wait…" stays.
const CUT_OFF_WORDS: usize = 6;

pub(super) fn shape(line: &str) -> Shape {
    let words = word_count(line);
    let question = line.trim_end_matches(is_closing).ends_with('?');
    if words >= CUT_OFF_WORDS && is_cut_off(line) {
        Shape::CutOff
    } else if words >= LONG_WORDS
        || (words >= PROSE_WORDS && ends_sentence(line) && !(question && is_one_sentence(line)))
    {
        Shape::Prose
    } else if ends_sentence(line) {
        Shape::Short
    } else {
        Shape::Open
    }
}

/// One line, single spaces, without control and zero-width characters.
pub(super) fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => {}
            // Private use: icon fonts.
            '\u{e000}'..='\u{f8ff}' => {}
            c if c.is_whitespace() || c.is_control() => {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Words by white space; two characters of a script without spaces count as one word.
pub(super) fn word_count(text: &str) -> usize {
    let dense = text.chars().filter(|c| is_dense(*c)).count();
    text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count() + dense / 2
}

fn is_dense(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

/// Ends as a sentence does, closing quotes and brackets aside; an ellipsis counts.
pub(super) fn ends_sentence(line: &str) -> bool {
    let line = line.trim_end();
    let core = line.trim_end_matches(is_closing);
    core.ends_with(['.', '!', '?', '…', '。', '！', '？', '।', '؟'])
        || (core.len() < line.len() && core.ends_with(','))
}

fn is_closing(c: char) -> bool {
    matches!(c, '"' | '\'' | '”' | '’' | '»' | '“' | '‘' | '›' | '‹' | ')' | ']' | '*' | '」' | '』' | ' ')
}

/// Ends in an ellipsis that is not part of a quotation.
pub(super) fn is_cut_off(line: &str) -> bool {
    let line = line.trim_end();
    let line = line.strip_suffix("[…]").or_else(|| line.strip_suffix("[...]")).map_or(line, |_| "…");
    if !(line.ends_with('…') || line.ends_with("...")) {
        return false;
    }
    !in_quotation(line)
}

/// Whether a quotation opened in the line is still open at its end.
fn in_quotation(line: &str) -> bool {
    let count = |wanted: char| line.chars().filter(|c| *c == wanted).count();
    count('“') > count('”') || count('"') % 2 == 1 || count('«') > count('»') || count('„') > count('“')
}

pub(super) fn starts_with_quote(line: &str) -> bool {
    line.starts_with(['"', '“', '„', '«', '‘', '\'', '「', '»'])
}

/// No sentence ends before the last character.
pub(super) fn is_one_sentence(line: &str) -> bool {
    let mut chars = line.trim_end().trim_end_matches(is_closing).char_indices().peekable();
    while let Some((_, c)) = chars.next() {
        if matches!(c, '.' | '!' | '?')
            && chars.peek().is_some_and(|(at, next)| {
                *next == ' '
                    && line[*at..].trim_start().starts_with(|c: char| c.is_uppercase() || "“\"‘".contains(c))
            })
        {
            return false;
        }
    }
    true
}

/// Letters and digits only, lower case: how two renderings of one line are compared.
pub(super) fn fingerprint(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The first eight bytes of the SHA-256 of a line's letters and digits: a fingerprint to be kept.
pub(super) fn print(text: &str) -> i64 {
    let digest = Sha256::digest(fingerprint(text));
    digest.iter().take(8).fold(0, |print, byte| print << 8 | i64::from(*byte))
}

/// The words that carry a line's topic: no function words, no words that any news uses, stemmed crudely.
pub(super) fn content_words(text: &str) -> HashSet<String> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '’'))
        .map(|word| word.trim_matches(['\'', '’']))
        .map(|word| {
            word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word).to_lowercase()
        })
        .filter(|word| word.chars().count() >= 3 && !COMMON.contains(word.as_str()))
        .map(|word| stem(&word))
        .collect()
}

/// Brings "Albania" and "Albanian", "attack" and "attacks" together; good for counting, not for reading.
fn stem(word: &str) -> String {
    let length = word.chars().count();
    let root = ["ians", "ian", "ans", "an", "ings", "ing", "ies", "ed", "es", "ia", "s", "y", "e", "a"]
        .into_iter()
        .find(|suffix| word.ends_with(suffix) && length - suffix.chars().count() >= 4)
        .and_then(|suffix| word.strip_suffix(suffix))
        .unwrap_or(word);
    root.chars().take(6).collect()
}

/// ISO 639-1 for the ISO 639-3 codes that a language detector gives.
pub(super) fn two_letters(code: &str) -> Option<&'static str> {
    LANGUAGES
        .split(' ')
        .filter_map(|pair| pair.split_once('-'))
        .find(|(three, _)| *three == code)
        .map(|(_, two)| two)
}

const LANGUAGES: &str = "afr-af aka-ak amh-am ara-ar aze-az bel-be ben-bn bul-bg cat-ca ces-cs cmn-zh cym-cy dan-da \
    deu-de ell-el eng-en epo-eo est-et fin-fi fra-fr guj-gu heb-he hin-hi hrv-hr hun-hu hye-hy \
    ind-id ita-it jav-jv jpn-ja kan-kn kat-ka khm-km kor-ko lat-la lav-lv lit-lt mal-ml mar-mr \
    mkd-mk mya-my nep-ne nld-nl nob-nb ori-or pan-pa pes-fa pol-pl por-pt ron-ro rus-ru sin-si \
    slk-sk slv-sl sna-sn spa-es srp-sr swe-sv tam-ta tel-te tgl-tl tha-th tuk-tk tur-tr ukr-uk \
    urd-ur uzb-uz vie-vi yid-yi zul-zu";

/// Function words, and what any two news stories may share.
static COMMON: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "about above according across added after again against ago all almost along already also \
    although always amid among and announced another any are around asked away back bad became \
    because become been before began behind being best better between big both but came can cannot \
    case come comes coming could country day days did does doing done down due during each early end \
    even ever every expected far few first five following for former four from full further gave get \
    give given going good got government group had half has have having head held her here high him \
    his how however hundreds including into its itself just keep known last late later latest least \
    led less like likely little local long look made major make makes making man many may meanwhile \
    men might million minister month months more most much must near nearly need never new news next \
    night not now number off officials often old once one only other others our out outside over own \
    part people per place plan plans public put rather read reported reports right said same say \
    saying says second see seek seeking seen set seven several she should show showed side since six \
    small some soon state still story such take taken takes taking ten than that the their them then \
    there these they thing things think this those though thousands three through time times today \
    told too took top toward towards two under until upon use used very via want was way week weeks \
    well went were what when where whether which while who whole whom whose why will with within \
    without woman women work world would year years yesterday yet you your monday tuesday wednesday \
    thursday friday saturday sunday january february march april june july august september october \
    november december der die das und den dem des ein eine einer einen einem ist sind war von vom \
    zum zur mit auf für bei aus nach auch sich nicht wie wird werden wurde wurden hat haben als aber \
    oder über nur noch kann dass sie wir ihr ich les une est dans pour par sur que qui pas avec plus \
    los las una del con por para como más"
        .split(' ')
        .collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_a_shape() {
        let cases = [
            ("The Wall fell on Thursday night after a spokesman misread his notes.", Shape::Prose),
            (
                "“Nobody intends to build a wall,” the chairman had told reporters in June of that year.",
                Shape::Prose,
            ),
            ("He was 84.", Shape::Short),
            (
                "Can the republic survive a second winter of unemployment and hunger in its cities?",
                Shape::Short,
            ),
            ("The crew of Apollo 11 has splashed down in the Pacific and will now…", Shape::CutOff),
            ("The crew of Apollo 11 has splashed down in the Pacific [...]", Shape::CutOff),
            ("“We waited for the men on the ice, and waited, and then we knew…”", Shape::Prose),
            ("“We waited for the men on the ice, and waited, and then we knew…", Shape::Prose),
            ("And so we wait…", Shape::Short),
            ("Suez canal opens to ships of all nations", Shape::Open),
        ];
        for (line, expected) in cases {
            assert_eq!(shape(line), expected, "{line}");
        }
    }

    #[test]
    fn collapsing_leaves_one_clean_line() {
        assert_eq!(collapse(" a\u{a0}\n\t b\u{200b}c \u{1}"), "a bc");
        assert_eq!(collapse("\u{feff}"), "");
    }

    #[test]
    fn words_of_one_topic_meet() {
        let words = content_words("Albania’s cyberattacks, the Albanian government said on Wednesday");
        assert_eq!(words, HashSet::from(["alban".to_owned(), "cybera".to_owned()]));
    }

    #[test]
    fn scripts_without_spaces_have_words_too() {
        assert!(word_count("東京で新しい鉄道が開業した。") > 5);
    }
}
