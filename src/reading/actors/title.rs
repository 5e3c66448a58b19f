//! Titles before a name: "Prime Minister", "Secretary of State", "Mr."

use super::find::LONGEST_NAME;
use super::lexicon::{self, Classes};
use super::tokens::{Shape, Token};

/// Where a title that begins here ends: "Prime Minister", "Secretary of State", "Mr."
pub fn title_at(s: &[Token<'_>], from: usize) -> Option<usize> {
    let mut end = None;
    let mut at = from;
    while at < s.len() && at < from + LONGEST_NAME {
        let token = &s[at];
        let next = |class| s.get(at + 1).is_some_and(|t| t.capital() && t.is(class));
        if end == Some(at) && given_name(s, at) {
            break;
        }
        if token.capital() && token.is(Classes::TITLE) && !(at > from && surname_title(s, at)) {
            end = Some(at + 1);
        } else if token.capital() && token.is(Classes::MODIFIER) {
            // Goes on to the title it qualifies, or the look ends without one.
        } else {
            let links = match token.lower.as_str() {
                "of" | "for" => end == Some(at) && next(Classes::TITLE_OF.or(Classes::MODIFIER)),
                "and" | "&" | "-" => next(Classes::MODIFIER.or(Classes::TITLE)),
                _ => false,
            };
            if !links {
                break;
            }
            if matches!(token.lower.as_str(), "of" | "for") {
                end = Some(at + 2);
            }
        }
        at += 1;
    }
    let end = end?;
    let follows = s.get(end);
    let body = follows.is_some_and(|t| {
        t.capital()
            && t.is(Classes::ORG_HEAD.or(Classes::PLACE_HEAD))
            && !t.is(Classes::GIVEN.or(Classes::TITLE))
    });
    let owner = follows.is_some_and(|t| t.shape == Shape::Possessive) && owns(s, end);
    let surname = end == from + 1 && surname_title(s, from);
    let title = !body && !owner && !surname;
    title.then_some(end)
}

/// "Dean" in "Secretary of State Dean Rusk": a title that is a given name too, after a title that is whole.
pub fn given_name(s: &[Token<'_>], at: usize) -> bool {
    let surname = s.get(at + 1).is_some_and(|t| t.shape == Shape::Capital && !t.is(Classes::TITLE));
    s[at].shape == Shape::Capital && s[at].is(Classes::GIVEN) && surname
}

/// "King" in "Billie Jean King" is a name.
pub fn surname_title(s: &[Token<'_>], at: usize) -> bool {
    at > 0
        && s[at].is(Classes::SURNAME_TITLE)
        && s[at - 1].capital()
        && s[at - 1].is(Classes::GIVEN)
        && !s.get(at + 1).is_some_and(|t| t.shape == Shape::Capital && !t.is(Classes::SUFFIX))
}

/// "Kurdistan Workers' Party": the possessive at `at` is inside a name.
pub fn owns(s: &[Token<'_>], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| &s[before]) else { return false };
    let whole = format!("{}{}", before.lower, s[at].text.to_lowercase().replace('’', "'"));
    lexicon::classes(&whole).any(Classes::PLURAL_OWNER) && s.get(at + 1).is_some_and(Token::capital)
}
