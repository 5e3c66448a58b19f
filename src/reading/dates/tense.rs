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
    /// "is", "are" and the like.
    Present,
    Future,
    /// No verb shows it.
    Unknown,
}

/// Farthest token that is looked at on either side.
const REACH: usize = 30;

/// The tense of the clause around the tokens `first..end`; `bounds` are the tokens of its sentence.
pub fn around(grammar: &Grammar<'_>, first: usize, end: usize, bounds: (usize, usize)) -> Tense {
    if dateline(grammar, first, end) {
        return Tense::Unknown;
    }
    let lowest = bounds.0.max(first.saturating_sub(REACH));
    let highest = bounds.1.min(end + REACH);
    match grammar.before(first, 1) {
        "until" | "till" | "by" => {
            let before = (lowest..first).rev().find_map(|at| mark(grammar, at, Side::Before(first)));
            let stayed = (lowest..first).any(|at| {
                matches!(
                    grammar.lower(at),
                    "had" | "lasted" | "remained" | "stayed" | "continued" | "served" | "held"
                )
            });
            let after = || (end..highest).find_map(|at| mark(grammar, at, Side::After));
            let past = match before {
                Some(tense) => stayed && tense == Tense::Past,
                None => after() == Some(Tense::Past),
            };
            return if past { Tense::Past } else { Tense::Future };
        }
        "since" | "last" => return Tense::Past,
        // "was postponed to July"
        "to" if (first.saturating_sub(6)..first).any(|at| DEFERRED.contains(&grammar.lower(at))) => {
            return Tense::Future;
        }
        _ => {}
    }
    // "after missing a February deadline"
    if (lowest.max(first.saturating_sub(5))..first)
        .any(|at| grammar.is(at, "after") && grammar.lower(at + 1).ends_with("ing"))
    {
        return Tense::Past;
    }
    if matches!(grammar.lower(end), "will" | "would" | "must") {
        return Tense::Future;
    }
    let mut present = false;
    for at in (lowest..first).rev() {
        match mark(grammar, at, Side::Before(first)) {
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
        match mark(grammar, at, Side::After) {
            Some(tense) => return tense,
            None if matches!(grammar.lower(at), ";") => break,
            None => {}
        }
    }
    Tense::Unknown
}

/// "NAIROBI, May 8 (Reuters) -": the day of the report, whatever it goes on to say.
fn dateline(grammar: &Grammar<'_>, first: usize, end: usize) -> bool {
    let place = first > 1 && grammar.shouts(first - 2) && grammar.raw(first - 2).len() > 2;
    place
        && grammar.before(first, 1) == ","
        && matches!(grammar.lower(end), "(" | "-" | "–" | "—" | "/" | ":" | ".")
}

/// Where a verb stands: before an expression that begins at a token, or after it.
#[derive(Clone, Copy)]
enum Side {
    Before(usize),
    After,
}

/// The tense that a token shows for the expression, if it is a verb that shows one.
fn mark(grammar: &Grammar<'_>, at: usize, side: Side) -> Option<Tense> {
    let word = grammar.lower(at);
    let next = grammar.lower(at + 1);
    if grammar.kind(at) == Some(Kind::Suffix) {
        return match word {
            "'ll" | "’ll" => Some(Tense::Future),
            "'ve" | "’ve" => Some(Tense::Past),
            // "they're leaving", "it's to open"; "the minister's" is a possessive. What is quoted after a date has
            // a time of its own.
            "'re" | "’re" | "'m" | "’m" => ahead(next, side),
            "'s" | "’s" if SUBJECTS.contains(&grammar.before(at, 1)) => ahead(next, side),
            _ => None,
        };
    }
    if grammar.kind(at) != Some(Kind::Word) {
        return None;
    }
    match word {
        "will" | "shall" | "would" | "must" | "might" | "should" | "could" | "may" | "can" => {
            if word == "may" && grammar.capital(at)
                || word == "will" && grammar.capital(at) && !grammar.opens(at)
            {
                return None;
            }
            // After the expression only "will" and "must" look ahead of it for sure.
            if matches!(side, Side::After) && !matches!(word, "will" | "shall" | "must") {
                return None;
            }
            let perfect =
                next == "have" || grammar.is(at + 2, "have") || next == "not" && grammar.is(at + 2, "have");
            Some(if perfect && word != "will" { Tense::Past } else { Tense::Future })
        }
        "won" if matches!(next, "'t" | "’t") => Some(Tense::Future),
        "forward" if grammar.before(at, 1).starts_with("look") => Some(Tense::Future),
        // "due to take place", but "closed due to snow"
        "due" if next == "to" => {
            let is = matches!(grammar.before(at, 1), "is" | "are" | "was" | "were" | "be");
            (is || EVENT_VERBS.contains(&grammar.lower(at + 2))).then_some(Tense::Future)
        }
        "upcoming" | "due" | "slated" | "ahead" => Some(Tense::Future),
        "going" if next == "to" => Some(Tense::Future),
        "supposed" if next == "to" && !matches!(grammar.before(at, 1), "was" | "were" | "been") => {
            Some(Tense::Future)
        }
        "scheduled" | "expected" | "planned" | "set" | "plans" | "plan" | "planning" | "agreed" | "vowed"
        | "vows" | "aims" | "hopes" | "ordered" | "urged" | "called" | "wants" | "intends" | "pledged"
        | "promised" | "seeks" | "asked" | "preparing" | "likely" | "ready" => {
            // What follows the aim is ahead; what stands before "agreed to …" is when it was agreed.
            let limit = match side {
                Side::Before(first) => first.min(at + 7),
                Side::After => 0,
            };
            let aimed = (at + 1..limit).any(|at| grammar.is(at, "for") || infinitive(grammar, at));
            let onward = aimed || (at + 1..limit).any(|at| grammar.is(at, "on"));
            let was = matches!(grammar.before(at, 1), "was" | "were" | "been");
            match word {
                // "was planned for Tuesday": told once it is over.
                "planned" if was => Some(Tense::Past),
                // "rose as expected on Monday"
                "scheduled" | "expected" | "planned" if matches!(grammar.before(at, 1), "as" | "than") => {
                    None
                }
                "scheduled" | "expected" | "planned" => Some(Tense::Future),
                "called" | "ordered" | "asked" if was && !until(grammar, at) => Some(Tense::Past),
                "agreed" | "vowed" | "ordered" | "urged" | "called" | "pledged" | "promised" | "asked" => {
                    Some(if aimed { Tense::Future } else { Tense::Past })
                }
                // "is set to open", but "set off alarms on Monday".
                "set" => Some(if aimed { Tense::Future } else { Tense::Past }),
                _ => (onward || matches!(side, Side::After)).then_some(Tense::Future),
            }
        }
        "was" | "were" | "had" | "did" | "been" | "has" | "have" => {
            // "has to leave on Friday"
            let duty = matches!(word, "has" | "have" | "was" | "were") && next == "to";
            // "will have a long wait": what stands before tells.
            if word == "have"
                && matches!(
                    grammar.before(at, 1),
                    "will" | "to" | "would" | "must" | "'ll" | "’ll" | "should"
                )
            {
                return None;
            }
            Some(if duty { Tense::Future } else { Tense::Past })
        }
        // "2 am" is a time.
        "am" if grammar.before(at, 1) != "i" => None,
        "is" | "are" | "am" => match next {
            "to" => Some(Tense::Future),
            _ if next.ends_with("ing") => Some(Tense::Future),
            _ => Some(Tense::Present),
        },
        // "would be imposed": the participle shows no tense of its own.
        // "the market reopens on Monday"
        // "polls close on Tuesday", not "soldiers close to the front"
        "begin" | "start" | "resume" | "reopen" | "open" | "close" | "meet" | "return" | "vote"
            if matches!(side, Side::Before(_)) && next != "to" && plural_subject(grammar, at) =>
        {
            Some(Tense::Future)
        }
        // Not "Niagara Falls".
        _ if TIMETABLE.contains(&word) => {
            (matches!(side, Side::Before(_)) && !grammar.capital(at)).then_some(Tense::Future)
        }
        _ if past_form(word) => {
            let passive = grammar.before(at, 1) == "be" || grammar.before(at, 2) == "be";
            // "a televised conference", "its proposed merger": the participle is an adjective.
            let adjective = word.ends_with("ed")
                && DETERMINERS.contains(&grammar.before(at, 1))
                && grammar.word(at + 1)
                && !matches!(next, "in" | "on" | "by" | "at" | "to" | "that" | "and" | "from");
            // "if needed", "as planned"
            let aside =
                word.ends_with("ed") && matches!(grammar.before(at, 1), "if" | "as" | "than" | "unless");
            (!passive && !adjective && !aside).then_some(Tense::Past)
        }
        _ => None,
    }
}

/// What a short form of "be" says with the word after it, before an expression.
fn ahead(next: &str, side: Side) -> Option<Tense> {
    (matches!(side, Side::Before(_)) && (next == "to" || next.ends_with("ing"))).then_some(Tense::Future)
}

/// What puts something off to a date.
const DEFERRED: &[&str] = &[
    "postponed", "pushed", "delayed", "moved", "rescheduled", "adjourned", "deferred", "extended", "forward",
    "back",
];

/// What something may be due to do.
const EVENT_VERBS: &[&str] = &[
    "take", "be", "begin", "start", "end", "open", "close", "expire", "meet", "vote", "hold", "go", "return",
    "appear", "play", "face", "leave", "arrive", "run", "finish", "speak", "visit", "launch", "resume",
    "report", "give", "present", "publish", "sign", "join", "fly", "land", "decide", "rule",
];

/// Words before a participle that is an adjective.
const DETERMINERS: &[&str] =
    &["a", "an", "the", "his", "her", "its", "their", "this", "any", "another", "our", "my"];

/// Pronouns whose "'s" is a verb.
const SUBJECTS: &[&str] = &["it", "he", "she", "that", "who", "everyone"];

/// "to leave", not "to the island" or "to London".
fn infinitive(grammar: &Grammar<'_>, at: usize) -> bool {
    const NO_VERB: &[&str] = &[
        "the", "a", "an", "his", "her", "its", "their", "our", "this", "that", "these", "those", "all",
        "some", "many",
    ];
    grammar.is(at, "to")
        && grammar.word(at + 1)
        && !grammar.capital(at + 1)
        && !NO_VERB.contains(&grammar.lower(at + 1))
}

/// "exams start on Monday", not "to start", "the start".
fn plural_subject(grammar: &Grammar<'_>, at: usize) -> bool {
    let before = grammar.before(at, 1);
    let many = matches!(before, "they" | "we" | "who" | "which" | "that") && grammar.before(at, 2) != "to";
    many || before.len() > 3
        && before.ends_with('s')
        && !matches!(before, "was" | "this" | "its" | "does" | "as")
}

/// Whether a limit follows: "was ordered to leave by Friday".
fn until(grammar: &Grammar<'_>, at: usize) -> bool {
    (at + 1..at + 8).any(|at| matches!(grammar.lower(at), "by" | "before" | "until"))
}

/// Verbs of timetables: in the present they speak of what is ahead.
const TIMETABLE: &[&str] = &[
    "opens", "reopens", "begins", "starts", "meets", "ends", "closes", "returns", "takes", "arrives",
    "leaves", "resumes", "expires", "travels", "visits", "votes", "faces", "plays", "hosts", "airs", "goes",
    "heads", "retires", "debuts", "premieres", "falls", "kicks", "launches", "celebrates", "marks",
    "observes",
];

/// Simple pasts and participles of verbs that news is made of, the auxiliaries apart.
pub fn past_form(word: &str) -> bool {
    if word.len() > 4 && word.ends_with("ed") {
        return !NO_PAST.contains(&word);
    }
    IRREGULAR.contains(&word)
}

/// Words in -ed that are no pasts, or qualify nouns.
const NO_PAST: &[&str] = &[
    "indeed", "speed", "breed", "exceed", "proceed", "succeed", "hundred", "sacred", "united",
    "unprecedented", "alleged", "limited", "armed", "red", "supposed",
];

/// Irregular pasts and participles.
const IRREGULAR: &[&str] = &[
    "said", "told", "went", "took", "made", "came", "saw", "got", "gave", "found", "left", "held", "met",
    "broke", "began", "became", "led", "won", "lost", "fell", "rose", "hit", "shot", "struck", "fought",
    "sent", "brought", "kept", "spoke", "wrote", "grew", "drew", "flew", "ran", "sold", "bought", "built",
    "paid", "stood", "sought", "taught", "caught", "thought", "knew", "threw", "wore", "chose", "swore",
    "rode", "drove", "felt", "heard", "died", "born", "done", "gone", "taken", "given", "seen", "known",
    "shown", "written", "fallen", "broken", "stolen", "beaten", "spent", "overthrew", "withdrew",
    "underwent", "tore", "sank", "sang", "burst", "fled", "bled", "blew", "woke", "laid", "lay", "lit",
    "dealt", "meant", "slid", "shook", "sued", "tied", "cried", "tried", "denied", "used", "dug", "swept",
    "swung", "stuck", "stole",
];
