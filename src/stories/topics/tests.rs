use super::*;
use crate::domain::{PIECE, Sensitivity, WHOLE};

const ACTORS: [&str; 2] = ["Gamal Abdel Nasser", "Egypt"];
const TITLE: &str = "Egypt seizes the Suez Canal Company";
const TEXT: &str = "Tolls of the canal are to pay for the Aswan Dam, President Nasser said.";

fn found(filter: &Filter, likeness: f32) -> Option<Match> {
    let actors = ACTORS.map(str::to_owned);
    let (topic, text) = alike(likeness);
    let facts = StoryFacts::new(Some(&text), TITLE, TEXT, &actors, &[FeedId(7)]);
    matches(filter, Some(&topic), &facts)
}

/// Meanings of that cosine, their only pieces too.
fn alike(likeness: f32) -> (Meaning, Meaning) {
    let meaning = |x: f32, y: f32| {
        let along = |length| {
            let mut vector = vec![0.0; length];
            (vector[0], vector[1]) = (x, y);
            vector
        };
        Meaning::new(&along(WHOLE), [along(PIECE).as_slice()].into_iter())
    };
    (meaning(1.0, 0.0), meaning(likeness, (1.0 - likeness * likeness).sqrt()))
}

fn about(topic: &str) -> Filter {
    Filter { topic: Some(topic.to_owned()), ..Filter::default() }
}

#[test]
fn every_part_that_is_given_must_hold() {
    let actor = |name: &str| Filter { actor: Some(name.to_owned()), ..Filter::default() };
    let feed = |id| Filter { feed: Some(FeedId(id)), ..Filter::default() };
    for (filter, likeness, fits) in [
        (actor("nasser"), 0.0, true),
        (actor("Nass"), 0.0, false),
        (feed(7), 0.0, true),
        (feed(8), 0.0, false),
        (about("Suez Canal"), 0.5, true),
        (about("Egyptian politics"), 0.65, true),
        (about("cricket"), 0.05, false),
        (about("nationalisation of companies"), 0.65, true),
        (Filter { actor: Some("Eden".to_owned()), ..about("Suez Canal") }, 0.5, false),
        (Filter::default(), 1.0, false),
    ] {
        let found = found(&filter, likeness);
        assert_eq!(found.is_some(), fits, "{filter:?} gave {found:?}");
    }
}

#[test]
fn words_to_do_without_and_patterns_are_honoured() {
    let without = |words: &str| Filter { without: vec![words.to_owned()], ..about("Suez Canal") };
    for (words, fits) in [
        ("toll", false),
        ("aswan dam", false),
        ("dam aswan", true),
        ("tolls of a canal", true),
        ("CANALS", false),
        ("—", true),
    ] {
        assert_eq!(found(&without(words), 0.5).is_some(), fits, "{words}");
    }
    let written = |pattern: &str| Filter { pattern: Some(pattern.to_owned()), ..about("Suez Canal") };
    assert_eq!(
        found(&written("(?i)dams?\\b"), 0.5).map(|found| found.0.ends_with("; “Dam” matches the pattern")),
        Some(true)
    );
    assert_eq!(found(&written("^Dam"), 0.5), None);
}

#[test]
fn a_reason_tells_likeness_words_and_field() {
    let reason = found(&about("Egypt and the Suez Canal"), 0.613).unwrap().0;
    assert_eq!(reason, "about “Egypt and the Suez Canal”: likeness .61, words egypt, suez canal");
}

#[test]
fn sensitivity_orders_what_fits() {
    for likeness in [0.0_f32, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7] {
        let fits = Sensitivity::ALL
            .map(|sensitivity| found(&Filter { sensitivity, ..about("tolls") }, likeness).is_some());
        assert!(fits.is_sorted(), "{likeness}: {fits:?}");
    }
}

#[test]
fn names_are_known_under_others() {
    let named = |topic: &str, text: &str| {
        let fit = Topic::new(topic).fit(&Text::new("", text), None);
        (fit.words, fit.of_field)
    };
    for (topic, text, words) in [
        ("Iran", "Iranian officials spoke.", &["iran"][..]),
        ("Britain", "The UK's ministers met.", &["britain"]),
        ("Middle East diplomacy", "Talks began in Lebanon.", &["middle east"]),
        ("US politics", "They told us so.", &[]),
        ("US politics", "The U.S. Senate voted.", &["us"]),
        ("Suez Canal", "The canal of Panama", &[]),
        ("Suez Canal", "the Suez Canal", &["suez canal"]),
        ("canals", "A canal was dug.", &["canals"]),
    ] {
        assert_eq!(named(topic, text).0, words, "{topic}: {text}");
    }
    assert!(named("space", "An astronaut left the space station for the Moon.").1 >= 3);
    assert_eq!(named("", "Nothing is asked.").0, Vec::<String>::new());
}

#[test]
fn all_of_a_topic_must_be_there_and_any_of_what_and_and_or_join() {
    let (asked, told) = alike(0.42);
    let late =
        Text::new("Comet jets are late", "Passengers of the airline waited at the airport for two flights.");
    let merger =
        Text::new("BOAC to merge", "The airline agreed to the takeover; its flights go on, the bidder said.");
    for (topic, of_late, of_merger) in [
        ("airlines", true, true),
        ("airline mergers", false, true),
        ("mergers and trains", false, true),
        ("trains or airlines", true, true),
        ("train mergers", false, false),
    ] {
        let fits =
            |text: &Text| Topic::new(topic).fit(text, Some((&asked, &told))).reaches(Sensitivity::Normal);
        assert_eq!((fits(&late), fits(&merger)), (of_late, of_merger), "{topic}");
    }
}

#[test]
fn what_has_no_meaning_counts_as_average() {
    let text = Text::new(TITLE, TEXT);
    let (_, told) = alike(1.0);
    for topic in ["\u{200b}", "Suez Canal"] {
        let without = Topic::new(topic).fit(&text, None);
        assert_eq!(Topic::new(topic).fit(&text, Some((&Meaning::default(), &told))), without, "{topic:?}");
        assert!(!without.reaches(Sensitivity::Broad), "{topic:?}: words alone are not enough");
    }
}

#[test]
fn a_pattern_that_cannot_be_used_is_explained() {
    for (written, why) in [
        ("(", "unclosed group"),
        ("a{1000}{1000}", "it takes too much room compiled: repeat less"),
        (&"a".repeat(301), "it is longer than 300 characters"),
    ] {
        assert_eq!(pattern(written).unwrap_err(), why);
    }
    // In linear time.
    assert!(!pattern("(a*)*b").unwrap().is_match(&"a".repeat(100_000)));
}
