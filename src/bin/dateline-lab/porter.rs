//! The Porter stemmer as NLTK extends it, which is the one that the Python package rouge-score uses.
//!
//! Porter 1980, "An algorithm for suffix stripping"; the extensions are those of NLTK's
//! `PorterStemmer` in its default mode: a table of irregular forms, short words left alone, and
//! four changed rules, each marked below.

/// The stem of a word in lower-case ASCII letters and digits.
pub fn stem(word: &str) -> String {
    if let Some((_, stem)) = IRREGULAR.iter().find(|(forms, _)| forms.contains(&word)) {
        return (*stem).to_owned();
    }
    // NLTK: words of one or two letters stay.
    if word.len() <= 2 {
        return word.to_owned();
    }
    let mut word = word.to_owned();
    for step in [step_1a, step_1b, step_1c, step_2, step_3, step_4, step_5a, step_5b] {
        word = step(&word);
    }
    word
}

const IRREGULAR: &[(&[&str], &str)] = &[
    (&["sky", "skies"], "sky"),
    (&["dying"], "die"),
    (&["lying"], "lie"),
    (&["tying"], "tie"),
    (&["news"], "news"),
    (&["innings", "inning"], "inning"),
    (&["outings", "outing"], "outing"),
    (&["cannings", "canning"], "canning"),
    (&["howe"], "howe"),
    (&["proceed"], "proceed"),
    (&["exceed"], "exceed"),
    (&["succeed"], "succeed"),
];

/// A suffix, what replaces it, and the least measure of what is left.
type Rule = (&'static str, &'static str, usize);

/// Applies the first rule whose suffix fits; if its condition fails, no other is tried.
fn first_rule(word: &str, rules: &[Rule]) -> String {
    for (suffix, replacement, least) in rules {
        if let Some(rest) = word.strip_suffix(suffix) {
            return if measure(rest) >= *least { format!("{rest}{replacement}") } else { word.to_owned() };
        }
    }
    word.to_owned()
}

fn step_1a(word: &str) -> String {
    // NLTK: "dies" as "die", not "di".
    if word.len() == 4
        && let Some(rest) = word.strip_suffix("ies")
    {
        return format!("{rest}ie");
    }
    first_rule(word, &[("sses", "ss", 0), ("ies", "i", 0), ("ss", "ss", 0), ("s", "", 0)])
}

fn step_1b(word: &str) -> String {
    // NLTK: "died" as "die", "spied" as "spi".
    if let Some(rest) = word.strip_suffix("ied") {
        return format!("{rest}{}", if word.len() == 4 { "ie" } else { "i" });
    }
    if let Some(rest) = word.strip_suffix("eed") {
        return if measure(rest) > 0 { format!("{rest}ee") } else { word.to_owned() };
    }
    let stripped = ["ed", "ing"].iter().filter_map(|suffix| word.strip_suffix(suffix));
    let Some(rest) = stripped.into_iter().find(|rest| consonants(rest).contains(&false)) else {
        return word.to_owned();
    };
    if ["at", "bl", "iz"].iter().any(|end| rest.ends_with(end)) {
        format!("{rest}e")
    } else if ends_in_double_consonant(rest) {
        if rest.ends_with(['l', 's', 'z']) { rest.to_owned() } else { rest[..rest.len() - 1].to_owned() }
    } else if measure(rest) == 1 && ends_cvc(rest) {
        format!("{rest}e")
    } else {
        rest.to_owned()
    }
}

fn step_1c(word: &str) -> String {
    match word.strip_suffix('y') {
        // NLTK: after a consonant only, and not in a word of two letters.
        Some(rest) if rest.len() > 1 && consonants(rest).last() == Some(&true) => format!("{rest}i"),
        _ => word.to_owned(),
    }
}

fn step_2(word: &str) -> String {
    // NLTK: first, and then the step again.
    if let Some(rest) = word.strip_suffix("alli")
        && measure(rest) > 0
    {
        return step_2(&format!("{rest}al"));
    }
    // NLTK: "bli" for Porter's "abli".
    const RULES: &[Rule] = &[
        ("ational", "ate", 1),
        ("tional", "tion", 1),
        ("enci", "ence", 1),
        ("anci", "ance", 1),
        ("izer", "ize", 1),
        ("bli", "ble", 1),
        ("alli", "al", 1),
        ("entli", "ent", 1),
        ("eli", "e", 1),
        ("ousli", "ous", 1),
        ("ization", "ize", 1),
        ("ation", "ate", 1),
        ("ator", "ate", 1),
        ("alism", "al", 1),
        ("iveness", "ive", 1),
        ("fulness", "ful", 1),
        ("ousness", "ous", 1),
        ("aliti", "al", 1),
        ("iviti", "ive", 1),
        ("biliti", "ble", 1),
        ("fulli", "ful", 1),
    ];
    if RULES.iter().any(|(suffix, ..)| word.ends_with(suffix)) {
        return first_rule(word, RULES);
    }
    // NLTK: the "l" counts with the stem.
    match word.strip_suffix("ogi") {
        Some(rest) if rest.ends_with('l') && measure(&word[..word.len() - 3]) > 0 => format!("{rest}og"),
        _ => word.to_owned(),
    }
}

fn step_3(word: &str) -> String {
    first_rule(
        word,
        &[
            ("icate", "ic", 1),
            ("ative", "", 1),
            ("alize", "al", 1),
            ("iciti", "ic", 1),
            ("ical", "ic", 1),
            ("ful", "", 1),
            ("ness", "", 1),
        ],
    )
}

fn step_4(word: &str) -> String {
    const SUFFIXES: [&str; 19] = [
        "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism",
        "ate", "iti", "ous", "ive", "ize",
    ];
    for suffix in SUFFIXES {
        if let Some(rest) = word.strip_suffix(suffix) {
            let fits = measure(rest) > 1 && (suffix != "ion" || rest.ends_with(['s', 't']));
            return if fits { rest.to_owned() } else { word.to_owned() };
        }
    }
    word.to_owned()
}

fn step_5a(word: &str) -> String {
    match word.strip_suffix('e') {
        Some(rest) if measure(rest) > 1 || measure(rest) == 1 && !ends_cvc(rest) => rest.to_owned(),
        _ => word.to_owned(),
    }
}

fn step_5b(word: &str) -> String {
    match word.strip_suffix('l') {
        Some(rest) if rest.ends_with('l') && measure(rest) > 1 => rest.to_owned(),
        _ => word.to_owned(),
    }
}

/// Which letters are consonants; "y" is one at the beginning and after a vowel.
fn consonants(word: &str) -> Vec<bool> {
    let mut flags: Vec<bool> = Vec::with_capacity(word.len());
    for letter in word.bytes() {
        let consonant = match letter {
            b'a' | b'e' | b'i' | b'o' | b'u' => false,
            b'y' => flags.last().is_none_or(|before| !before),
            _ => true,
        };
        flags.push(consonant);
    }
    flags
}

/// Porter's m: how often a consonant follows a vowel.
fn measure(word: &str) -> usize {
    consonants(word).windows(2).filter(|pair| !pair[0] && pair[1]).count()
}

fn ends_in_double_consonant(word: &str) -> bool {
    let bytes = word.as_bytes();
    matches!(bytes, [.., a, b] if a == b) && consonants(word).last() == Some(&true)
}

/// Porter's *o: consonant, vowel, consonant, the last none of w, x, y. NLTK: or a vowel and a
/// consonant alone.
fn ends_cvc(word: &str) -> bool {
    match consonants(word).as_slice() {
        [.., true, false, true] => !word.ends_with(['w', 'x', 'y']),
        [false, true] => true,
        _ => false,
    }
}
