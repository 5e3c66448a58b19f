//! Stories put together: the earthquake of 1989 as several outlets would have told it.

use chrono::{DateTime, TimeDelta, Utc};

use super::*;
use crate::domain::{
    Actor, ActorKind, ArticleId, Digest, Granularity, KeyDate, NewFigure, Provenance, Published, Span,
    Summarizer, SummarySentence,
};

const BRIDGE: &str = "An earthquake shook the San Francisco Bay area on Tuesday evening and brought down a span of the \
    Bay Bridge. The third game of the World Series was called off. Mayor Art Agnos asked people to stay at home. Three \
    people were killed. Power failed in most of the city and fires burned in the Marina District until the fireboat \
    Phoenix pumped water from the bay.";
const FREEWAY: &str = "A mile of the Nimitz Freeway in Oakland fell onto the lanes below when the earthquake struck \
    the Bay area on Tuesday. Rescuers crawled between the decks to reach drivers in their crushed cars. Governor George \
    Deukmejian, who was in Germany, flew home. Five people were killed, the highway patrol said.";
const SERIES: &str = "Players carried their children onto the field at Candlestick Park when the earthquake rolled \
    under the stands before the third game of the World Series. Commissioner Fay Vincent called the game off. The Giants \
    and the Athletics do not know when they will play. The Bay Bridge was closed after a span fell.";

fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(624_672_000, 0).unwrap() + TimeDelta::minutes(minutes)
}

fn actor(name: &str, kind: ActorKind, text: &str) -> Actor {
    let start = text.find(name).map(|at| text[..at].chars().count());
    let span = start.map(|start| Span { start, end: start + name.chars().count() });
    Actor { name: name.to_owned(), kind, role: None, mentions: span.into_iter().collect() }
}

fn day(words: &str, value: &str, event: &str) -> KeyDate {
    KeyDate {
        text: words.to_owned(),
        start: 0,
        end: words.len(),
        value: value.to_owned(),
        granularity: Granularity::Day,
        until: None,
        event: Some(event.to_owned()),
    }
}

/// An article whose summary is its first `sentences`, published after so many minutes.
fn article(outlet: &str, minutes: i64, title: &str, text: &str, sentences: usize) -> Member {
    let mut from = 0;
    let summary = text.split_inclusive(". ").take(sentences).map(|sentence| {
        let start = from;
        from += sentence.chars().count();
        let sentence = sentence.trim_end();
        SummarySentence {
            text: sentence.to_owned(),
            start: Some(start),
            end: Some(start + sentence.chars().count()),
        }
    });
    Member {
        id: ArticleId(minutes + 1000),
        url: format!("https://example.org/{outlet}/{minutes}"),
        outlet: outlet.to_owned(),
        title: Some(title.to_owned()),
        published: Some(Published::Moment(at(minutes).into())),
        published_at: at(minutes),
        vector: vec![0.6, 0.8],
        digest: Digest {
            headline: Some(title.to_owned()),
            summary: summary.collect(),
            actors: Vec::new(),
            dates: vec![day("Tuesday", "1989-10-17", "an earthquake shook the Bay area")],
            text: text.to_owned(),
            warnings: Vec::new(),
            provenance: Provenance {
                summarizer: Summarizer::Extractive,
                model: String::new(),
                version: String::new(),
            },
        },
    }
}

fn bridge() -> Member {
    let mut member = article("Bay Example", 0, "Earthquake brings down a span of the Bay Bridge", BRIDGE, 2);
    member.digest.actors =
        vec![actor("San Francisco", ActorKind::Place, BRIDGE), actor("Art Agnos", ActorKind::Person, BRIDGE)];
    member
}

fn agency() -> Member {
    let text = format!("SAN FRANCISCO — {BRIDGE} More follows.");
    article("Valley Sample", 20, "Bay Bridge span falls in quake", &text, 2)
}

fn freeway() -> Member {
    let mut member =
        article("Harbour Courier", 60, "Nimitz Freeway falls in Bay area earthquake", FREEWAY, 2);
    member.digest.actors = vec![
        actor("George Deukmejian", ActorKind::Person, FREEWAY),
        actor("Oakland", ActorKind::Place, FREEWAY),
    ];
    member.digest.dates.push(day("Wednesday", "1989-10-18", "the governor flew home"));
    member
}

fn series() -> Member {
    let mut member = article("Meridian Wire", 90, "Earthquake stops the World Series", SERIES, 2);
    member.digest.actors = vec![actor("Fay Vincent", ActorKind::Person, SERIES)];
    member
}

fn all() -> Vec<Member> {
    vec![bridge(), agency(), freeway(), series()]
}

fn permutations(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let shorter = permutations(count - 1);
    shorter
        .iter()
        .flat_map(|order| {
            (0..count).map(|at| {
                let mut order = order.clone();
                order.insert(at, count - 1);
                order
            })
        })
        .collect()
}

#[test]
fn the_order_of_arrival_changes_nothing() {
    let first = whole(all()).unwrap();
    for order in permutations(4) {
        let members = order.iter().map(|&at| all()[at].clone()).collect();
        assert_eq!(whole(members).unwrap(), first, "{order:?}");
    }
}

#[test]
fn the_first_published_is_the_original_and_no_copy_leads() {
    let whole = whole(vec![agency(), bridge()]).unwrap();
    assert_eq!(whole.lead, bridge().id);
    let copies: Vec<_> = whole.articles.iter().map(|(id, original, _)| (*id, *original)).collect();
    assert_eq!(copies, [(bridge().id, None), (agency().id, Some(bridge().id))]);
    assert_eq!(whole.articles[1].2, None, "a copy tells nothing new");
}

#[test]
fn one_article_says_it_all() {
    let whole = whole(vec![bridge()]).unwrap();
    assert_eq!((whole.lead, whole.merged), (bridge().id, None));
    assert_eq!(super::whole(Vec::new()), None);
}

#[test]
fn the_plainest_headline_of_equals_leads() {
    for title in [
        "What we know about the earthquake in the Bay area",
        "Why did the span of the bridge fall?",
        "LIVE: Earthquake in the Bay area",
        "Earthquake in San Francisco – live",
        "Opinion: the bridge was never safe at all",
        "Quake!",
        "",
    ] {
        let mut first = article("Early Example", -30, title, BRIDGE, 2);
        first.digest.text = SERIES.to_owned();
        assert_eq!(whole(vec![first, bridge()]).unwrap().lead, bridge().id, "{title}");
    }
    let first = article("Early Example", -30, "Span of the Bay Bridge falls", SERIES, 2);
    let earliest = first.id;
    assert_eq!(whole(vec![first, bridge()]).unwrap().lead, earliest, "of equals the earliest");
    let mut abstained = article("Early Example", -30, "Span of the Bay Bridge falls", SERIES, 2);
    abstained.digest.provenance.summarizer = Summarizer::Lede;
    assert_eq!(
        whole(vec![abstained, bridge()]).unwrap().lead,
        bridge().id,
        "a summary of its own goes first"
    );
    let mut aside = article("Early Example", -30, "Span of the Bay Bridge falls", SERIES, 2);
    aside.vector = vec![0.8, -0.6];
    assert_eq!(
        whole(vec![aside, bridge(), freeway()]).unwrap().lead,
        bridge().id,
        "what is far from the middle does not lead"
    );
}

#[test]
fn a_summary_takes_from_others_what_several_tell() {
    // The lead tells of the Series alone; what the two others have in common is the bridge.
    let lead = article("Early Example", -30, "Earthquake stops the World Series", SERIES, 2);
    let mut other = article("Bay Example", 0, "Earthquake brings down a span of the Bay Bridge", BRIDGE, 2);
    other.vector = vec![0.6, 0.8];
    let third = "A span of the Bay Bridge fell when an earthquake shook the San Francisco Bay area on Tuesday evening, and \
        fires burned in the Marina District. The city has no power.";
    let third = article("Gate Sample", 10, "Fires burn in the Marina after the quake", third, 1);
    let members = vec![lead.clone(), other, third];
    let merged = whole(members.clone()).unwrap().merged.unwrap();
    assert!(merged.summary.len() <= 3);
    let words: usize =
        merged.summary.iter().map(|(sentence, _)| sentence.text.split_whitespace().count()).sum();
    assert!(words <= 60, "{words} words");
    assert_eq!(merged.summary[0].1, lead.id, "the lead's comes first");
    assert!(
        merged.summary.iter().any(|(sentence, by)| *by != lead.id && sentence.text.contains("Bay Bridge"))
    );
    for (sentence, by) in &merged.summary {
        let text = &members.iter().find(|member| member.id == *by).unwrap().digest.text;
        assert!(text.contains(&sentence.text), "a span of the article that is named");
    }
}

#[test]
fn what_one_alone_says_stays_out_of_the_summary() {
    let merged = whole(vec![bridge(), freeway()]).unwrap().merged.unwrap();
    assert!(merged.summary.iter().all(|(_, by)| *by == bridge().id), "{:?}", merged.summary);
}

/// The names of a story of articles with these actors: persons, then organizations, then places.
fn names(articles: &[&[(&str, ActorKind)]]) -> Vec<String> {
    let mut members = Vec::new();
    for (number, actors) in articles.iter().enumerate() {
        let text = actors.iter().map(|(name, _)| format!("{name} spoke. ")).collect::<String>();
        let mut member =
            article(&format!("Outlet {number}"), number as i64, "A headline of five words", &text, 1);
        member.digest.actors = actors.iter().map(|(name, kind)| actor(name, *kind, &text)).collect();
        members.push(member);
    }
    let mut names: Vec<String> =
        whole(members).unwrap().merged.unwrap().actors.into_iter().map(|actor| actor.name).collect();
    names.sort();
    names
}

#[test]
fn one_actor_under_different_names_is_one() {
    use ActorKind::{Organization, Person, Place};
    for (articles, expected) in [
        ([&[("Edi Rama", Person)][..], &[("Rama", Person)]], vec!["Edi Rama"]),
        ([&[("Rama", Person)], &[("Edi Rama", Person)]], vec!["Edi Rama"]),
        (
            [&[("J. Robert Oppenheimer", Person)], &[("Robert Oppenheimer", Person)]],
            vec!["J. Robert Oppenheimer", "Robert Oppenheimer"],
        ),
        ([&[("United States", Place)], &[("U.S.", Place)]], vec!["United States"]),
        (
            [&[("Suez Canal Company", Organization)], &[("Suez Canal Company", Organization)]],
            vec!["Suez Canal Company"],
        ),
        (
            [&[("National Aeronautics and Space Administration", Organization)], &[("NASA", Organization)]],
            vec!["National Aeronautics and Space Administration"],
        ),
        // Which of the two is meant nobody can tell.
        (
            [&[("George Bush", Person), ("Barbara Bush", Person)], &[("Bush", Person)]],
            vec!["Barbara Bush", "Bush", "George Bush"],
        ),
        ([&[("George Bush", Person)], &[("Barbara Bush", Person)]], vec!["Barbara Bush", "George Bush"]),
        ([&[("Austria", Place)], &[("Australia", Place)]], vec!["Australia", "Austria"]),
        ([&[("Georgia", Place)], &[("Georgia Gibbs", Person)]], vec!["Georgia", "Georgia Gibbs"]),
        ([&[("Paris", Place)], &[("Paris Match", Organization)]], vec!["Paris", "Paris Match"]),
    ] {
        assert_eq!(names(&articles), expected, "{articles:?}");
    }
}

#[test]
fn an_actor_of_many_articles_goes_before_one_of_a_single() {
    use ActorKind::Person;
    let (agnos, vincent, rama) = (("Art Agnos", Person), ("Fay Vincent", Person), ("Edi Rama", Person));
    let mut members = vec![bridge(), freeway(), series()];
    for (member, actors) in members.iter_mut().zip([[vincent, agnos], [agnos, rama], [agnos, rama]]) {
        member.digest.actors = actors.iter().map(|(name, kind)| actor(name, *kind, "")).collect();
    }
    let merged = whole(members).unwrap().merged.unwrap();
    let names: Vec<_> = merged.actors.iter().map(|actor| actor.name.as_str()).collect();
    assert_eq!(names, ["Art Agnos", "Fay Vincent", "Edi Rama"]);
}

#[test]
fn dates_of_one_day_are_one_and_stand_in_order() {
    let merged = whole(all()).unwrap().merged.unwrap();
    let values: Vec<_> = merged.dates.iter().map(|date| date.value.as_str()).collect();
    assert_eq!(values, ["1989-10-17", "1989-10-18"]);
    let timeline: Vec<_> =
        merged.timeline.iter().map(|dated| (dated.date.value.as_str(), dated.article)).collect();
    assert_eq!(timeline, [("1989-10-17", bridge().id), ("1989-10-18", freeway().id)]);
}

#[test]
fn an_update_is_what_nobody_had_told() {
    let whole = whole(all()).unwrap();
    let news = |id| whole.articles.iter().find(|(other, ..)| *other == id).unwrap().2.clone();
    assert_eq!(news(bridge().id), None, "the first tells all");
    let freeway_news = news(freeway().id).unwrap();
    assert!(freeway_news.sentence.unwrap().starts_with("A mile of the Nimitz Freeway"));
    assert_eq!(freeway_news.actors, ["George Deukmejian", "Oakland"]);
    assert_eq!(freeway_news.dates[0].value, "1989-10-18");
    assert_eq!(
        freeway_news.figures,
        [NewFigure { now: "5 dead".to_owned(), before: Some("3 dead".to_owned()) }]
    );
    assert_eq!(news(series().id).unwrap().actors, ["Fay Vincent"]);
    let mut again = article("Gate Sample", 200, "Earthquake brings down a span of the bridge", SERIES, 1);
    again.digest.text = format!("{} {}", SERIES, BRIDGE);
    let whole = super::whole(vec![bridge(), series(), again]).unwrap();
    assert_eq!(whole.articles[2].2, None, "nothing in it is new");
}

/// What is disputed among articles of (outlet, minute, text).
fn disputed(told: &[(&str, i64, &str)]) -> Vec<String> {
    let members = told
        .iter()
        .map(|(outlet, minutes, text)| article(outlet, *minutes, "Earthquake shakes the Bay area", text, 1));
    let merged = whole(members.collect()).unwrap().merged.unwrap();
    let words = |dispute: &crate::domain::Dispute| {
        let figures =
            dispute.figures.iter().map(|figure| format!("{} ({})", figure.words, figure.outlets.join(", ")));
        figures.collect::<Vec<_>>().join(" / ")
    };
    merged.disputes.iter().map(words).collect()
}

#[test]
fn reports_that_differ_are_told() {
    let three = ("Bay Example", 0, "The earthquake killed three people, the police said.");
    let five = ("Harbour Courier", 60, "Five people were killed when the earth shook.");
    let also_five = ("Meridian Wire", 70, "The quake left five dead.");
    assert_eq!(disputed(&[three, five]), ["3 dead (Bay Example) / 5 dead (Harbour Courier)"]);
    assert_eq!(
        disputed(&[three, five, also_five]),
        ["3 dead (Bay Example) / 5 dead (Harbour Courier, Meridian Wire)"]
    );
}

#[test]
fn what_is_no_contradiction_is_not_told_as_one() {
    let three = ("Bay Example", 0, "The earthquake killed three people, the police said.");
    for other in [
        ("Bay Example", 60, "Five people were killed when the earth shook."),
        ("Harbour Courier", 300, "Five people were killed when the earth shook."),
        ("Harbour Courier", 60, "Three people were killed when the earth shook."),
        ("Harbour Courier", 60, "Five people were injured when the earth shook."),
        ("Harbour Courier", 60, "Five people were killed in Oakland."),
        ("Harbour Courier", 60, "Five firefighters were killed."),
        ("Harbour Courier", 60, "Five people may have been killed."),
        ("Harbour Courier", 60, "About five people were killed."),
        ("Harbour Courier", 60, "In 1906 the earthquake killed five people."),
        ("Harbour Courier", 60, "The mayor denied that five people were killed."),
    ] {
        assert_eq!(disputed(&[three, other]), Vec::<String>::new(), "{other:?}");
    }
    let outgrown = ("Bay Example", 90, "The earthquake has now killed five people.");
    let five = ("Harbour Courier", 60, "Five people were killed when the earth shook.");
    assert_eq!(disputed(&[three, five, outgrown]), Vec::<String>::new(), "the first has caught up");
    let mut day_only = article("Harbour Courier", 60, "Earthquake shakes the Bay", five.2, 1);
    day_only.published = day_only.published.map(|at| Published::Day(at.day()));
    let first = article(three.0, three.1, "Earthquake shakes the Bay area", three.2, 1);
    assert!(
        whole(vec![first, day_only]).unwrap().merged.unwrap().disputes.is_empty(),
        "no time of day is known"
    );
}
