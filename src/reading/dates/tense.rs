//! Whether a clause speaks of what was or of what will be: it decides which Wednesday is meant.
//!
//! The nearest verb that shows its tense before the expression decides, else the nearest after it, within
//! the sentence (the tense rule of HeidelTime, Strötgen and Gertz 2010, without a part-of-speech tagger).

use super::grammar::Grammar;
use super::lexer::Kind;

/// Time of a clause relative to publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tense {
    Past,
    /// "is", "are" and the like, or no verb that shows.
    Present,
    Future,
}

/// Farthest token that is looked at on either side.
const REACH: usize = 30;

/// The tense of the clause around the tokens `first..end`; `bounds` are the tokens of its sentence.
pub fn around(grammar: &Grammar<'_>, first: usize, end: usize, bounds: (usize, usize)) -> Tense {
    let lowest = bounds.0.max(first.saturating_sub(REACH));
    let highest = bounds.1.min(end + REACH);
    match grammar.before(first, 1) {
        "until" | "till" | "by" => {
            let past = (lowest..first).rev().find_map(|at| mark(grammar, at, first));
            let stayed = (lowest..first).any(|at| matches!(grammar.lower(at), "had" | "lasted" | "remained" | "stayed" | "continued" | "served" | "was" | "were" | "held"));
            return if stayed && past == Some(Tense::Past) { Tense::Past } else { Tense::Future };
        }
        "since" | "last" => return Tense::Past,
        _ => {}
    }
    let mut present = false;
    for at in (lowest..first).rev() {
        match mark(grammar, at, first) {
            Some(Tense::Present) => present = true,
            Some(tense) if !present || tense == Tense::Past && first - at < 4 => return tense,
            Some(_) | None => {}
        }
        if present || matches!(grammar.lower(at), ";" | "”" | "“") {
            break;
        }
    }
    if present {
        return Tense::Present;
    }
    for at in end..highest {
        match mark(grammar, at, highest) {
            Some(tense) => return tense,
            None if matches!(grammar.lower(at), ";") => break,
            None => {}
        }
    }
    Tense::Present
}

/// The tense that a token shows, if it is a verb that shows one.
fn mark(grammar: &Grammar<'_>, at: usize, limit: usize) -> Option<Tense> {
    let word = grammar.lower(at);
    let next = grammar.lower(at + 1);
    if grammar.kind(at) == Some(Kind::Suffix) {
        return match word {
            "'ll" | "’ll" => Some(Tense::Future),
            "'ve" | "’ve" => Some(Tense::Past),
            _ => None,
        };
    }
    if grammar.kind(at) != Some(Kind::Word) {
        return None;
    }
    match word {
        "will" | "shall" | "would" | "must" | "might" | "should" | "could" | "may" | "can" => {
            if word == "may" && grammar.capital(at) || word == "will" && grammar.capital(at) && !grammar.opens(at) {
                return None;
            }
            let perfect = next == "have" || grammar.is(at + 2, "have") || next == "not" && grammar.is(at + 2, "have");
            Some(if perfect && word != "will" { Tense::Past } else { Tense::Future })
        }
        "won" if matches!(next, "'t" | "’t") => Some(Tense::Future),
        "upcoming" | "due" | "slated" | "ahead" => {
            (!(word == "due" && next == "to" && !matches!(grammar.before(at, 1), "is" | "are" | "was" | "were" | "be"))).then_some(Tense::Future)
        }
        "going" if next == "to" => Some(Tense::Future),
        "scheduled" | "expected" | "planned" | "set" | "plans" | "plan" | "planning" | "agreed" | "vowed" | "vows" | "aims" | "hopes" | "ordered" | "urged" | "called" | "wants" | "intends"
        | "pledged" | "promised" | "seeks" | "asked" | "preparing" | "likely" | "ready" => {
            let onward = (at + 1..limit.min(at + 7)).any(|at| matches!(grammar.lower(at), "to" | "for" | "on") && (grammar.lower(at) != "on" || word != "agreed"));
            let aimed = (at + 1..limit.min(at + 7)).any(|at| grammar.is(at, "to") || grammar.is(at, "for"));
            match word {
                "scheduled" | "expected" | "planned" => Some(Tense::Future),
                "agreed" | "vowed" | "ordered" | "urged" | "called" | "pledged" | "promised" | "asked" => Some(if aimed { Tense::Future } else { Tense::Past }),
                _ => (aimed || onward).then_some(Tense::Future),
            }
        }
        "was" | "were" | "had" | "did" | "been" | "has" | "have" => {
            // "has to leave on Friday"
            let duty = matches!(word, "has" | "have") && next == "to";
            Some(if duty { Tense::Future } else { Tense::Past })
        }
        "is" | "are" | "am" => match next {
            "to" => Some(Tense::Future),
            _ if next.ends_with("ing") => Some(Tense::Future),
            _ => Some(Tense::Present),
        },
        _ if past_form(word) => Some(Tense::Past),
        _ => None,
    }
}

/// Simple pasts and participles of verbs that news is made of.
fn past_form(word: &str) -> bool {
    if word.len() > 4 && word.ends_with("ed") {
        return !matches!(word, "indeed" | "speed" | "breed" | "exceed" | "proceed" | "succeed" | "hundred" | "sacred" | "united" | "unprecedented" | "alleged" | "limited" | "armed" | "red" | "supposed");
    }
    matches!(
        word,
        "said" | "told" | "went" | "took" | "made" | "came" | "saw" | "got" | "gave" | "found" | "left" | "held" | "met" | "broke" | "began" | "became" | "led" | "won" | "lost" | "fell" | "rose"
            | "hit" | "shot" | "struck" | "fought" | "sent" | "brought" | "kept" | "spoke" | "wrote" | "grew" | "drew" | "flew" | "ran" | "sold" | "bought" | "built" | "paid" | "stood" | "sought"
            | "taught" | "caught" | "thought" | "knew" | "threw" | "wore" | "chose" | "swore" | "rode" | "drove" | "felt" | "heard" | "died" | "born" | "done" | "gone" | "taken" | "given" | "seen"
            | "known" | "shown" | "written" | "fallen" | "broken" | "stolen" | "beaten" | "spent" | "overthrew" | "withdrew" | "underwent" | "tore" | "sank" | "sang" | "burst" | "fled" | "bled"
            | "blew" | "woke" | "laid" | "lay" | "lit" | "dealt" | "meant" | "slid" | "shook" | "sued" | "tied" | "cried" | "tried" | "denied" | "used" | "dug" | "swept" | "swung" | "stuck" | "stole"
    )
}
