//! Counts as TempEval-3 does: a found time answers the first gold one that it overlaps.

use std::fmt;

use dateline::domain::TimeKind;

use super::{Others, Text};

/// A time that a tagger found. Offsets count characters.
#[derive(Debug, Clone)]
pub struct Found {
    pub start: usize,
    pub end: usize,
    pub kind: TimeKind,
    pub value: String,
}

/// A time that stands in a text.
#[derive(Debug, Clone)]
pub struct Gold {
    pub start: usize,
    pub end: usize,
    pub kind: Option<TimeKind>,
    /// Any of these is right; where there is none the value is not scored.
    pub values: Vec<Value>,
}

#[derive(Debug, Clone)]
pub enum Value {
    Exactly(String),
    /// A day, month or year of any finer value: the day of `2022-07-15TMO`.
    Within(String),
    /// Month and day of any year: `-12-25`.
    Yearly(String),
}

impl Value {
    pub fn accepts(&self, value: &str) -> bool {
        match self {
            Value::Exactly(gold) => gold == value,
            Value::Within(gold) => value
                .strip_prefix(gold.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['T', '-'])),
            Value::Yearly(gold) => value.get(4..).is_some_and(|value| value.starts_with(gold.as_str())),
        }
    }
}

/// How often a tagger was right.
#[derive(Debug, Default)]
pub struct Counts {
    pub gold: usize,
    pub found: usize,
    pub relaxed: usize,
    pub strict: usize,
    typed: usize,
    type_right: usize,
    valued: usize,
    value_right: usize,
    gold_valued: usize,
    /// Precision cannot be told.
    untold: bool,
}

impl Counts {
    /// Adds one text; with `wrong`, prints what is missed, wrong or too much.
    pub fn add(&mut self, text: &Text, found: &[Found], wrong: bool) {
        let words = |start: usize, end: usize| -> String {
            text.text.chars().skip(start).take(end.saturating_sub(start)).collect()
        };
        let say = |what: &str, start: usize, end: usize| {
            if wrong {
                let around = words(start.saturating_sub(45), end + 30).replace('\n', " ");
                println!("  {what}   … {around} …");
            }
        };
        let mut taken = vec![false; found.len()];
        self.gold += text.gold.len();
        for (gold, answer) in text.gold.iter().zip(answers(&text.gold, found)) {
            self.gold_valued += usize::from(!gold.values.is_empty());
            let Some(at) = answer else {
                say(&format!("missed [{}]", words(gold.start, gold.end)), gold.start, gold.end);
                continue;
            };
            taken[at] = true;
            let time = &found[at];
            self.relaxed += 1;
            let same = time.start == gold.start && time.end == gold.end;
            self.strict += usize::from(same);
            let mut fault = String::new();
            if !same {
                fault =
                    format!("span [{}] not [{}]", words(time.start, time.end), words(gold.start, gold.end));
            }
            if let Some(kind) = gold.kind {
                self.typed += 1;
                self.type_right += usize::from(kind == time.kind);
                if kind != time.kind {
                    fault += &format!(" type {:?} not {kind:?}", time.kind);
                }
            }
            if !gold.values.is_empty() {
                self.valued += 1;
                let right = gold.values.iter().any(|value| value.accepts(&time.value));
                self.value_right += usize::from(right);
                if !right {
                    fault += &format!(" value {} not {:?}", time.value, gold.values);
                }
            }
            if !fault.is_empty() {
                say(&format!("[{}] {fault}", words(gold.start, gold.end)), time.start, time.end);
            }
        }
        for (time, taken) in found.iter().zip(&taken) {
            let counted = match text.others {
                Others::Wrong => true,
                Others::WrongIfDated => *taken || dated(&time.value),
                Others::Untold => *taken,
            };
            self.untold |= text.others == Others::Untold;
            self.found += usize::from(counted);
            if counted && !taken {
                say(
                    &format!("too much [{}] {}", words(time.start, time.end), time.value),
                    time.start,
                    time.end,
                );
            }
        }
    }

    pub fn strict_f1(&self) -> f64 {
        f1(self.strict, self.found, self.gold)
    }

    /// Of the times found, with the right value.
    pub fn value_accuracy(&self) -> f64 {
        ratio(self.value_right, self.valued)
    }
}

/// Which found time answers each gold one: the one of the same span, else the first that overlaps and answers no
/// other.
pub fn answers(gold: &[Gold], found: &[Found]) -> Vec<Option<usize>> {
    let mut taken = vec![false; found.len()];
    gold.iter()
        .map(|gold| {
            let exact = |time: &Found| time.start == gold.start && time.end == gold.end;
            let mut free = (0..found.len())
                .filter(|&at| !taken[at] && found[at].start < gold.end && gold.start < found[at].end);
            let at = free.clone().find(|&at| exact(&found[at])).or_else(|| free.next())?;
            taken[at] = true;
            Some(at)
        })
        .collect()
}

/// Whether a value is a day, month or year of the calendar.
fn dated(value: &str) -> bool {
    value.len() >= 4 && value.bytes().take(4).all(|byte| byte.is_ascii_digit())
}

fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

fn f1(both: usize, found: usize, gold: usize) -> f64 {
    2.0 * both as f64 / (found + gold).max(1) as f64
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = |share: f64| if self.untold { "    -".to_owned() } else { format!("{share:.3}") };
        let typed = if self.typed == 0 {
            "    -".to_owned()
        } else {
            format!("{:.3}", ratio(self.type_right, self.typed))
        };
        write!(
            f,
            "{:>5} {:>5}  {}  {:.3}  {}  {}  {:.3}  {} {typed} {:.3} {:.3}",
            self.gold,
            self.found,
            told(ratio(self.relaxed, self.found)),
            ratio(self.relaxed, self.gold),
            told(f1(self.relaxed, self.found, self.gold)),
            told(ratio(self.strict, self.found)),
            ratio(self.strict, self.gold),
            told(self.strict_f1()),
            self.value_accuracy(),
            ratio(self.value_right, self.gold_valued),
        )
    }
}
