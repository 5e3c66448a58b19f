//! Whether a claim says what the source denies, or the other way round.

use super::Refusal;
use super::lemma::lemma;
use super::polarity::refuses;
use super::support::{Source, found};
use super::words::{Kind, Sentence, Word};

/// Pairs of a claimed word and a word of the sentence it rests on.
fn aligned<'a>(claim: &'a Sentence, clause: usize, sentence: &'a Sentence) -> Vec<(&'a Word, Vec<&'a Word>)> {
    let own = claim.words.iter().filter(|word| word.clause == clause && word.kind == Kind::Content);
    own.filter_map(|word| {
        let exact: Vec<&Word> = sentence.words.iter().filter(|other| other.lemma == word.lemma).collect();
        let light = |word: &Word| LIGHT.contains(&word.lemma.as_str());
        let like = || {
            sentence.words.iter().filter(|other| other.like(word) && !light(other) && !light(word)).collect()
        };
        let found: Vec<&Word> = if exact.is_empty() { like() } else { exact };
        (!found.is_empty()).then_some((word, found))
    })
    .collect()
}

/// Base forms of verbs that mean too much to be taken for another.
const LIGHT: &[&str] =
    &["com", "get", "tak", "mak", "giv", "put", "go", "keep", "set", "do", "hav", "hold", "reach", "leav"];

/// Base forms of words for what was tried or wished, and may have failed.
const ATTEMPTS: &[&str] = &["try", "attempt", "seek", "vain", "abandon", "ask", "demand", "want"];

pub fn polarity(claim: &Sentence, clause: usize, source: &Source, at: usize) -> Result<(), Refusal> {
    let sentence = &source.sentences[at];
    let mut pairs = aligned(claim, clause, sentence);
    let denies =
        claim.words.iter().any(|word| word.clause == clause && word.negated && word.kind == Kind::Content);
    let mut elliptic = pairs.iter().filter(|(_, others)| others.iter().all(|other| other.elliptic));
    if let Some((word, _)) = elliptic.next().filter(|_| !denies) {
        return Err(Refusal::Negation(word.text.clone()));
    }
    // A clause of the source that shares more words with the claim outweighs what others deny.
    let shared = |number: usize| {
        pairs.iter().filter(|(_, others)| others.iter().any(|other| other.clause == number)).count()
    };
    let counts: Vec<usize> = (0..sentence.clauses).map(shared).collect();
    let most = counts.iter().copied().max().unwrap_or(0);
    pairs.retain(|(word, others)| word.verb || others.iter().any(|other| counts[other.clause] * 2 > most));
    // "asked that Iran release them. Tehran refused."
    let behind = source.sentences.iter().skip(at).take(2);
    let vain = |word: &Word| refuses(word) || ATTEMPTS.contains(&word.lemma.as_str());
    let refused = behind.into_iter().any(|sentence| sentence.words.iter().any(vain));
    let differs = |(word, others): &&(&Word, Vec<&Word>)| {
        let could = word.conditional && others.iter().any(|other| other.refused);
        !(could || (word.refused && refused))
            && others
                .iter()
                .all(|other| other.negated != word.negated || (other.conditional && !word.conditional))
    };
    let first = pairs.iter().find(differs);
    let Some((word, _)) = first else {
        let denied = sentence.words.iter().any(|word| word.negated);
        // Its negation may be another sentence's: "no water", "nothing came".
        let elsewhere = || {
            let mut own = claim
                .words
                .iter()
                .filter(|word| word.clause == clause && word.negated && word.kind == Kind::Content);
            own.any(|word| source.sentences.iter().any(|s| s.words.iter().any(|o| o.negated && o.like(word))))
        };
        let unsaid = denies && !denied && pairs.iter().all(|(word, _)| !word.negated) && !elsewhere();
        let first = claim.words.iter().find(|word| word.clause == clause && word.negated);
        return first.filter(|_| unsaid).map_or(Ok(()), |word| Err(Refusal::Negation(word.text.clone())));
    };
    // A word beside the negation may be moved out of its reach; most of them may not.
    let touched = pairs
        .iter()
        .filter(|(word, others)| word.negated || others.iter().any(|o| o.negated || o.conditional));
    let (wrong, all) =
        touched.fold((0, 0), |(wrong, all), pair| (wrong + usize::from(differs(&pair)), all + 1));
    // What merely stands further behind a negation may be told without it.
    let above_all = |(word, others): &(&Word, Vec<&Word>)| {
        word.denied || others.iter().any(|other| other.denied || (other.conditional && word.verb))
    };
    if wrong * 2 >= all && pairs.iter().any(|pair| differs(&pair) && above_all(pair)) {
        Err(Refusal::Negation(word.text.clone()))
    } else {
        Ok(())
    }
}

/// Words that say the opposite of each other in the news.
const OPPOSITES: &[(&str, &str)] = &[
    ("survive", "die"),
    ("survive", "kill"),
    ("win", "lose"),
    ("rise", "fall"),
    ("accept", "reject"),
    ("accept", "refuse"),
    ("open", "close"),
    ("north", "south"),
    ("east", "west"),
    ("increase", "decrease"),
    ("support", "oppose"),
    ("approve", "reject"),
    ("guilty", "innocent"),
    ("allow", "ban"),
    ("allow", "forbid"),
    ("buy", "sell"),
    ("begin", "end"),
    ("start", "stop"),
    ("before", "after"),
    ("arrive", "leave"),
    ("up", "down"),
    ("hoist", "lower"),
    ("raise", "lower"),
    ("confirm", "deny"),
    ("admit", "deny"),
    ("agree", "refuse"),
    ("praise", "criticise"),
    ("arrest", "release"),
    ("convict", "acquit"),
    ("hire", "dismiss"),
    ("strengthen", "weaken"),
    ("remember", "forget"),
    ("always", "never"),
    ("dead", "prisoner"),
    ("legal", "illegal"),
    ("advance", "retreat"),
    ("give", "take"),
    ("best", "worst"),
    ("largest", "smallest"),
    ("highest", "lowest"),
    ("longest", "shortest"),
    ("coldest", "hottest"),
    ("friend", "enemy"),
    ("true", "false"),
    ("right", "wrong"),
    ("safe", "dangerous"),
    ("success", "failure"),
    ("succeed", "fail"),
    ("alive", "dead"),
    ("possible", "impossible"),
    ("likely", "unlikely"),
    ("able", "unable"),
    ("willing", "unwilling"),
    ("early", "late"),
    ("public", "secret"),
    ("strong", "weak"),
    ("healthy", "ill"),
    ("hope", "fear"),
    ("gain", "lose"),
    ("join", "leave"),
    ("stay", "leave"),
    ("continue", "end"),
    ("reject", "approve"),
    ("admit", "refuse"),
    ("attack", "defend"),
    ("free", "imprison"),
    ("first", "last"),
    ("majority", "minority"),
    ("old", "new"),
    ("grant", "refuse"),
    ("grant", "deny"),
    ("grant", "reject"),
    ("old", "young"),
    ("more", "fewer"),
    ("most", "fewest"),
    ("within", "outside"),
    ("with", "without"),
    ("for", "against"),
];

/// Whether two base forms are such a pair.
pub fn opposite(a: &str, b: &str) -> bool {
    let pair = |x: &str, y: &str| lemma(x) == a && lemma(y) == b || lemma(x) == b && lemma(y) == a;
    OPPOSITES.iter().any(|(x, y)| pair(x, y)) || prefixed(a, b) || prefixed(b, a)
}

/// "disagree" of "agree", "unable" of "able"; not "inform" of "form".
fn prefixed(long: &str, short: &str) -> bool {
    const ALONE: &[&str] = &["cover", "play", "miss", "pos", "charg", "count"];
    const ADJECTIVES: &[&str] = &["abl", "ibl", "ent", "ant", "al", "iv", "at", "ur"];
    let rest = |prefixes: &[&str]| prefixes.iter().any(|prefix| long.strip_prefix(prefix) == Some(short));
    let adjective = ADJECTIVES.iter().any(|ending| short.ends_with(ending));
    short.len() >= 3
        && !ALONE.contains(&short)
        && (rest(&["un", "dis", "mis"]) || (adjective && rest(&["in", "im", "ir", "il"])))
}

pub fn opposites(claim: &Sentence, clause: usize, sentence: &Sentence) -> Result<(), Refusal> {
    let has = |form: &str, among: &[Word]| among.iter().any(|word| word.lemma == lemma(form));
    for word in claim.words.iter().filter(|word| word.clause == clause && word.kind == Kind::Content) {
        if found(word, &sentence.words) >= 0.8 {
            continue;
        }
        let formed = |own: &Word| prefixed(&own.lemma, &word.lemma) || prefixed(&word.lemma, &own.lemma);
        if sentence.words.iter().any(|own| formed(own) && own.negated == word.negated) {
            return Err(Refusal::Negation(word.text.clone()));
        }
        for (a, b) in OPPOSITES {
            let other = if word.lemma == lemma(a) {
                b
            } else if word.lemma == lemma(b) {
                a
            } else {
                continue;
            };
            if has(other, &sentence.words) && !has(other, &claim.words) {
                return Err(Refusal::Negation(word.text.clone()));
            }
        }
    }
    Ok(())
}
