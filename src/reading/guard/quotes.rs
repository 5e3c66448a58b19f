//! Quotations: word for word, or not at all.

use super::Refusal;
use super::support::Source;

/// Checks that whatever stands between quotation marks stands in the source.
pub fn check(sentence: &str, source: &Source) -> Result<(), Refusal> {
    for quotation in quotations(sentence) {
        let plain = plain(quotation);
        if !plain.is_empty() && !source.plain.contains(&format!(" {plain} ")) {
            return Err(Refusal::Quotation(quotation.to_owned()));
        }
    }
    Ok(())
}

/// What stands between double quotation marks; an opening one without end quotes up to the end.
fn quotations(sentence: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut open: Option<usize> = None;
    for (at, c) in sentence.char_indices() {
        match (c, open) {
            ('"' | '“' | '«' | '„', None) => open = Some(at + c.len_utf8()),
            ('"' | '”' | '»' | '“', Some(from)) => {
                parts.push(&sentence[from..at]);
                open = None;
            }
            _ => {}
        }
    }
    parts.extend(open.map(|from| &sentence[from..]));
    parts
}

/// Words in lower case with single blanks between, apostrophes kept, all other marks gone.
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '’' | '\'' | '‘' => plain.push('\''),
            c if c.is_alphanumeric() => plain.extend(c.to_lowercase()),
            _ if plain.ends_with(' ') => {}
            _ => plain.push(' '),
        }
    }
    plain.trim_matches([' ', '\'']).to_owned()
}
