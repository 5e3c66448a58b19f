//! Numbers of a sentence, in digits or letters, with what they count.

use super::words::{Kind, Word};

/// One number.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// Into the words; end exclusive.
    pub first: usize,
    pub end: usize,
    pub value: f64,
    /// "seventh", "July 15th".
    pub ordinal: bool,
    /// "tens of thousands": a size, no count.
    pub vague: bool,
    /// Base form of what is counted; of the word before it where none follows ("Article 231").
    pub head: Option<String>,
    /// Base form of the last of several words behind it: "men" in "two young men".
    pub noun: Option<String>,
    /// A year of the calendar, as far as its form tells.
    pub year: bool,
    /// "more than" or "less than" stands before it.
    pub bound: Bound,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    None,
    More,
    Less,
}

impl Number {
    pub fn equals(&self, other: &Number) -> bool {
        let close = (self.value - other.value).abs() <= 1e-9 * self.value.abs().max(1.0);
        close && self.ordinal == other.ordinal && self.vague == other.vague
    }
}

impl Number {
    /// Whether it may stand for another: equal, or a bound of it no further off than a tenth ("more than eleven
    /// years" for eleven and a half).
    pub fn tells(&self, other: &Number) -> bool {
        let near = (self.value - other.value).abs() <= 0.1 * other.value.abs() && !self.year && !other.year;
        let within = match self.bound {
            Bound::None => false,
            Bound::More => other.value > self.value,
            Bound::Less => other.value < self.value,
        };
        self.equals(other) || (near && within && self.ordinal == other.ordinal && self.vague == other.vague)
    }
}

/// Marks the words that are numbers.
pub fn mark(words: &mut [Word]) {
    for word in words.iter_mut() {
        if word.kind != Kind::Mark && part(&word.lower).is_some() {
            word.kind = Kind::Number;
        }
    }
}

/// What one word adds to a number.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Part {
    Value(f64),
    Ordinal(f64),
    Hundred,
    Scale(f64),
    Fraction(f64),
    Dozen,
    /// "thousands"
    Vague(f64),
    Twice(f64),
}

fn part(lower: &str) -> Option<Part> {
    if let Some(part) = letters(lower) {
        return Some(part);
    }
    let digits = lower.starts_with(|c: char| c.is_ascii_digit());
    if digits {
        let end =
            lower.find(|c: char| !(c.is_ascii_digit() || matches!(c, ',' | '.'))).unwrap_or(lower.len());
        let number: f64 = lower[..end].trim_end_matches('.').replace(',', "").parse().ok()?;
        return match &lower[end..] {
            "" | "s" | "pm" | "am" | "p" | "km" | "m" | "kg" | "%" => Some(Part::Value(number)),
            "st" | "nd" | "rd" | "th" => Some(Part::Ordinal(number)),
            "½" => Some(Part::Value(number + 0.5)),
            "¼" => Some(Part::Value(number + 0.25)),
            "¾" => Some(Part::Value(number + 0.75)),
            "bn" => Some(Part::Value(number * 1e9)),
            rest if rest.starts_with(['-', '–', '‑']) => Some(Part::Value(number)),
            _ => None,
        };
    }
    let (head, tail) = lower.split_once(['-', '‑'])?;
    match (letters(head)?, tail) {
        (Part::Value(tens), unit) => match (letters(unit.split(['-', '‑']).next().unwrap_or(unit)), unit) {
            (Some(Part::Value(ones)), _) if tens >= 20.0 && ones < 10.0 => Some(Part::Value(tens + ones)),
            (Some(Part::Ordinal(ones)), _) if tens >= 20.0 => Some(Part::Ordinal(tens + ones)),
            (_, unit) => match denominator(unit) {
                Some(of) => Some(Part::Fraction(tens / of)),
                None => Some(Part::Value(tens)),
            },
        },
        _ => None,
    }
}

fn denominator(word: &str) -> Option<f64> {
    Some(match word {
        "half" | "halves" => 2.0,
        "third" | "thirds" => 3.0,
        "quarter" | "quarters" | "fourth" | "fourths" => 4.0,
        "fifth" | "fifths" => 5.0,
        "sixth" | "sixths" => 6.0,
        "eighth" | "eighths" => 8.0,
        "tenth" | "tenths" => 10.0,
        _ => return None,
    })
}

fn letters(word: &str) -> Option<Part> {
    const SMALL: [&str; 20] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ];
    const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    const ORDINALS: [&str; 13] = [
        "zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
        "tenth", "eleventh", "twelfth",
    ];
    if let Some(at) = SMALL.iter().position(|small| *small == word) {
        return Some(Part::Value(at as f64));
    }
    if let Some(at) = TENS.iter().position(|tens| *tens == word) {
        return Some(Part::Value(20.0 + 10.0 * at as f64));
    }
    if let Some(at) = ORDINALS.iter().position(|ordinal| *ordinal == word) {
        return Some(Part::Ordinal(at as f64));
    }
    Some(match word {
        "hundred" => Part::Hundred,
        "thousand" => Part::Scale(1e3),
        "million" => Part::Scale(1e6),
        "billion" => Part::Scale(1e9),
        "trillion" => Part::Scale(1e12),
        "dozen" => Part::Dozen,
        "half" => Part::Fraction(0.5),
        "tens" => Part::Vague(10.0),
        "dozens" => Part::Vague(12.0),
        "hundreds" => Part::Vague(1e2),
        "thousands" => Part::Vague(1e3),
        "millions" => Part::Vague(1e6),
        "billions" => Part::Vague(1e9),
        "twice" => Part::Twice(2.0),
        "thrice" => Part::Twice(3.0),
        _ => return None,
    })
}

/// The numbers of a sentence in order. "one" alone is no number, it is a pronoun as often.
pub fn read(words: &[Word]) -> Vec<Number> {
    let mut numbers = Vec::new();
    let mut at = 0;
    while at < words.len() {
        if words[at].kind != Kind::Number {
            at += 1;
            continue;
        }
        let first = at;
        let (mut total, mut current, mut ordinal, mut vague) = (0.0, 0.0, false, false);
        let mut scaled = 1.0;
        let mut last_was_value = false;
        while let Some(word) = words.get(at) {
            // "two and a half million", "a hundred and thirteen", "tens of thousands"
            let next = |by: usize| words.get(at + by).and_then(|word| part(&word.lower));
            match word.lower.as_str() {
                "and" if matches!(next(1), Some(Part::Value(small)) if small < 100.0 && current >= 100.0) => {
                    last_was_value = false;
                    at += 1;
                    continue;
                }
                "and"
                    if words.get(at + 1).is_some_and(|word| word.lower == "a")
                        && next(2) == Some(Part::Fraction(0.5)) =>
                {
                    // "a billion and a half"
                    if current == 0.0 {
                        total += 0.5 * scaled;
                    } else {
                        current += 0.5;
                    }
                    last_was_value = true;
                    at += 3;
                    continue;
                }
                "of" if vague && matches!(next(1), Some(Part::Vague(_))) => {
                    at += 1;
                    continue;
                }
                _ => {}
            }
            let Some(part) = part(&word.lower).filter(|_| word.kind == Kind::Number) else { break };
            // Two numbers side by side ("July 15 2022", "47 98") are two.
            let digits_again = last_was_value
                && matches!(part, Part::Value(value) if value >= 10.0 || current < 20.0 || current % 10.0 != 0.0);
            if digits_again || (ordinal && last_was_value) {
                break;
            }
            last_was_value = matches!(part, Part::Value(_) | Part::Ordinal(_));
            match part {
                Part::Value(value) => current += value,
                Part::Ordinal(value) => {
                    current += value;
                    ordinal = true;
                }
                Part::Hundred => current = f64::max(current, 1.0) * 100.0,
                Part::Dozen => current = f64::max(current, 1.0) * 12.0,
                Part::Fraction(value) => current = if current > 0.0 { current + value } else { value },
                Part::Twice(value) => current = value,
                Part::Scale(scale) => {
                    total += f64::max(current, if at == first { 1.0 } else { current }) * scale;
                    current = 0.0;
                    scaled = scale;
                }
                Part::Vague(value) => {
                    current = f64::max(current, 1.0) * value;
                    vague = true;
                }
            }
            at += 1;
        }
        let lone = at - first == 1;
        let share = words.get(at).is_some_and(|word| word.lower == "of");
        // "a third of it", "half of them"
        let part_of = denominator(&words[first].lower).filter(|_| {
            lone && share
                && (words[first].lower == "half" || (first > 0 && words[first - 1].is(&["a", "one"])))
        });
        if let Some(of) = part_of {
            (total, current, ordinal) = (0.0, 1.0 / of, false);
        }
        let lone_one =
            lone && part_of.is_none() && matches!(words[first].lower.as_str(), "one" | "second" | "half");
        if !lone_one {
            let year = at - first == 1 && is_year(words, first);
            let (head, noun) = if year { (None, None) } else { head(words, first, at) };
            let bound = bound(words, first);
            numbers.push(Number {
                first,
                end: at,
                value: total + current,
                ordinal,
                vague,
                head,
                noun,
                year,
                bound,
            });
        }
    }
    numbers
}

/// Four digits without a comma, behind a month, a day or a preposition.
fn is_year(words: &[Word], at: usize) -> bool {
    let text = &words[at].text;
    let digits = text.len() == 4
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && ("1000".."2100").contains(&text.as_str());
    let before = words[..at].iter().rev().find(|word| word.text != ",");
    let dated = before.is_none_or(|word| {
        matches!(word.kind, Kind::Calendar | Kind::Number)
            || word.is(&[
                "in", "since", "from", "by", "until", "between", "and", "to", "of", "the", "after", "before",
                "early", "late",
            ])
    });
    digits && dated
}

/// What a number counts: the word behind it, and the last one of those.
fn head(words: &[Word], first: usize, end: usize) -> (Option<String>, Option<String>) {
    let own = words[first]
        .lower
        .split_once(['-', '‑'])
        .map(|(_, tail)| tail.split(['-', '‑']).next().unwrap_or(tail));
    // An age is told in many ways: "of 43", "aged 43", "43-year-old".
    if own == Some("year") && words[first].lower.ends_with("-old") {
        return (None, None);
    }
    if let Some(own) = own.filter(|own| part(own).is_none() && denominator(own).is_none()) {
        return (Some(super::lemma::lemma(own)), None);
    }
    if first > 0 && words[first - 1].kind == Kind::Calendar {
        return (Some(words[first - 1].lemma.clone()), None);
    }
    let currency = first.checked_sub(1).and_then(|before| match words[before].text.as_str() {
        "$" => Some("dollar"),
        "£" => Some("pound"),
        "€" => Some("euro"),
        _ => None,
    });
    if let Some(currency) = currency {
        return (Some(super::lemma::lemma(currency)), None);
    }
    // "225,000 of 400,000 people"
    let whole = words[end..].iter().take(3).take_while(|word| word.kind == Kind::Function).count();
    let end = match words.get(end + whole) {
        Some(word) if whole > 0 && words[end].lower == "of" && word.kind == Kind::Number => end + whole + 1,
        _ => end,
    };
    let noun = |word: &&Word| matches!(word.kind, Kind::Content | Kind::Name | Kind::Calendar);
    let mut behind = words[end..]
        .iter()
        .take(5)
        .take_while(|word| {
            (word.kind != Kind::Mark || word.text == "-") && word.kind != Kind::Number && !word.verb
        })
        .skip_while(|word| !noun(word));
    let head = behind.next();
    let noun = head.filter(|word| !unit(&word.lemma)).and_then(|_| behind.take_while(noun).last());
    // "Article 231", but "Spassky 93,000"
    let before = || {
        let behind = words[..first].iter().rev().take(2);
        behind.into_iter().find(|word| matches!(word.kind, Kind::Content | Kind::Name) && !word.verb)
    };
    let lemma = |word: &Word| word.lemma.clone();
    (head.or_else(before).map(lemma), noun.map(lemma))
}

fn bound(words: &[Word], first: usize) -> Bound {
    let before: Vec<&str> =
        words[first.saturating_sub(3)..first].iter().map(|word| word.lower.as_str()).collect();
    match before.as_slice() {
        [.., "more" | "greater", "than"] | [.., "over" | "above"] | [.., "at", "least"] => Bound::More,
        [.., "fewer" | "less", "than"]
        | [.., "under" | "below" | "nearly" | "almost"]
        | [.., "at", "most"]
        | [.., "up", "to"] => Bound::Less,
        _ => Bound::None,
    }
}

/// Whether a base form is a unit of measure: 59 minutes are not 59 seconds.
pub fn unit(head: &str) -> bool {
    const UNITS: &[&str] = &[
        "second", "minute", "hour", "day", "week", "month", "year", "decade", "century", "mile", "foot",
        "metre", "meter", "kilometre", "kilometer", "inch", "pound", "ton", "tonne", "gallon", "litre",
        "liter", "percent", "degree", "dollar", "euro",
    ];
    UNITS.iter().any(|unit| head == *unit || head == super::lemma::lemma(unit))
}

#[cfg(test)]
mod tests {
    use super::super::words;

    #[test]
    fn reads_numbers_in_digits_and_letters() {
        for (text, want) in [
            ("about 3,000 men", vec![3000.0]),
            ("about three thousand men", vec![3000.0]),
            ("two and a half million people", vec![2_500_000.0]),
            ("a billion and a half people", vec![1.5e9]),
            ("2.5 million people", vec![2_500_000.0]),
            ("A hundred and thirteen people died", vec![113.0]),
            ("twenty-seven years of 35", vec![27.0, 35.0]),
            ("two-thirds of the island", vec![2.0 / 3.0]),
            ("tens of thousands of dead", vec![10_000.0]),
            ("a dozen countries", vec![12.0]),
            ("on July 25, 2000", vec![25.0, 2000.0]),
            ("its seventh journey", vec![7.0]),
            ("the 43-year-old policeman", vec![43.0]),
            ("one of them", vec![]),
            ("a third of it", vec![1.0 / 3.0]),
            ("$4.8 billion", vec![4.8e9]),
        ] {
            let found: Vec<f64> = words::read(text, &|_, _| false).numbers.iter().map(|n| n.value).collect();
            assert_eq!(found.len(), want.len(), "{text}: {found:?}");
            assert!(found.iter().zip(&want).all(|(a, b)| (a - b).abs() < 1e-6), "{text}: {found:?}");
        }
    }
}
