//! Stories for tests: events of history, retold as news in our own words.

use chrono::{DateTime, Utc};

use super::{Action, Message};
use crate::domain::{
    Actor, ActorKind, ArticleId, ChannelId, Dated, Digest, Dispute, DisputedFigure, Granularity, GuildId,
    KeyDate, MessageId, NewFigure, News, Nonce, Provenance, Related, Source, Story, StoryId, Summarizer,
    SummarySentence,
};

/// Long after all of these: 2001-09-09T01:46:40Z.
pub const LATER: DateTime<Utc> = DateTime::from_timestamp_secs(1_000_000_000).unwrap();

pub fn nonce() -> Nonce {
    Nonce("d1-7f3a9c".to_owned())
}

/// Three outlets, roles, a time of day and a whole decade.
pub fn moon() -> Story {
    story(
        StoryId(11),
        digest(
            Some("Two men walk on the Moon"),
            &[
                "Neil Armstrong and Buzz Aldrin landed on the Moon on Sunday and spent more than two hours outside",
                "Michael Collins stayed in orbit above them.",
            ],
            vec![
                actor("Neil Armstrong", ActorKind::Person, Some("commander")),
                actor("Buzz Aldrin", ActorKind::Person, Some("pilot of the landing craft")),
                actor("NASA", ActorKind::Organization, None),
            ],
            vec![
                date("July 16", "1969-07-16", Granularity::Day, None, Some("the rocket left Florida")),
                date(
                    "Sunday evening",
                    "1969-07-20T20:17",
                    Granularity::Time,
                    None,
                    Some("the craft touched down"),
                ),
                date("this decade", "196", Granularity::Decade, None, Some("the goal that Kennedy had set")),
            ],
            Summarizer::Extractive,
        ),
        vec![
            source(
                "The Florida Example",
                "https://florida.example/moon-landing",
                Some("1969-07-20T21:05:00-04:00"),
            ),
            source("Exempel-Bladet", "https://bladet.example/nyheter/manen", Some("1969-07-21")),
            source("Radio Sample", "https://radio.example/(live)", None),
        ],
        -14_151_600,
    )
}

/// One source, an abstained summary, a deadline.
pub fn ultimatum() -> Story {
    story(
        StoryId(14),
        digest(
            Some("Vienna gives Belgrade 48 hours"),
            &["Austria-Hungary handed Serbia a note with ten demands on Thursday."],
            vec![
                actor("Austria-Hungary", ActorKind::Place, None),
                actor("Serbia", ActorKind::Place, None),
                actor("Leopold Berchtold", ActorKind::Person, Some("foreign minister")),
            ],
            vec![
                date(
                    "within 48 hours",
                    "PT48H",
                    Granularity::Duration,
                    Some("1914-07-25T18:00:00"),
                    Some("an answer is due"),
                ),
                date("last month", "1914-06", Granularity::Month, None, None),
            ],
            Summarizer::Lede,
        ),
        vec![source("Example Tribune", "https://tribune.example/1914/note", Some("1914-07-23T20:00:00Z"))],
        -1_750_219_200,
    )
}

/// A story as its articles make it, with the first source in the lead.
fn story(id: StoryId, digest: Digest, mut sources: Vec<Source>, updated: i64) -> Story {
    for (number, source) in (1..).zip(&mut sources) {
        source.article_id = ArticleId(number);
    }
    let event = |date: &&KeyDate| date.event.is_some();
    Story {
        id,
        lead: ArticleId(1),
        told_by: vec![ArticleId(1); digest.summary.len()],
        timeline: digest
            .dates
            .iter()
            .filter(event)
            .map(|date| Dated { date: date.clone(), article: ArticleId(1) })
            .collect(),
        disputes: Vec::new(),
        image: None,
        icon: None,
        breaking: None,
        earlier: None,
        merged_into: None,
        revision: i64::try_from(sources.len()).unwrap(),
        updated_at: DateTime::from_timestamp(updated, 0).unwrap(),
        digest,
        sources,
    }
}

/// A story of four outlets, one of them with another's text; figures differ, and it is a later development.
pub fn quake() -> Story {
    let mut story = story(
        StoryId(20),
        digest(
            Some("Earthquake strikes San Francisco Bay"),
            &[
                "An earthquake shook the San Francisco Bay area on Tuesday and brought down a span of the Bay Bridge.",
                "The third game of the World Series was called off at Candlestick Park.",
            ],
            vec![
                actor("San Francisco", ActorKind::Place, None),
                actor("Art Agnos", ActorKind::Person, Some("mayor")),
            ],
            vec![date(
                "Tuesday",
                "1989-10-17",
                Granularity::Day,
                None,
                Some("an earthquake shook the Bay area"),
            )],
            Summarizer::Extractive,
        ),
        vec![
            source("Bay Example", "https://bay.example/quake", Some("1989-10-17T18:00:00-07:00")),
            source("Valley Sample", "https://valley.example/quake", Some("1989-10-17T18:20:00-07:00")),
            source("Harbour Courier", "https://courier.example/series", Some("1989-10-17T19:00:00-07:00")),
            source("Meridian Wire", "https://wire.example/quake", Some("1989-10-17T19:30:00-07:00")),
        ],
        624_681_000,
    );
    story.sources[1].copy_of = Some(ArticleId(1));
    story.sources[3].news = Some(News {
        sentence: Some("A mile of the Nimitz Freeway fell onto the lanes below.".to_owned()),
        actors: vec!["George Deukmejian".to_owned()],
        dates: Vec::new(),
        figures: vec![NewFigure { now: "5 dead".to_owned(), before: Some("3 dead".to_owned()) }],
    });
    story.told_by[1] = ArticleId(3);
    let figure = |words: &str, outlet: &str| DisputedFigure {
        words: words.to_owned(),
        outlets: vec![outlet.to_owned()],
    };
    story.disputes = vec![Dispute {
        figures: vec![figure("3 dead", "Harbour Courier"), figure("5 dead", "Meridian Wire")],
    }];
    story.earlier = Some(Related {
        story: StoryId(9),
        headline: Some("Tremor felt in Lake Elsman".to_owned()),
        url: Some("https://bay.example/tremor".to_owned()),
        card: Some((GuildId(1), ChannelId(3), MessageId(77))),
    });
    story
}

/// What no text may hold in which Discord renders markdown and mentions.
pub const HARMS: [&str; 6] = ["@everyone", "@here", "<@1", "<@&", "[free](", "\u{202e}"];

/// Stories that a card must survive, each with what is odd about it.
pub fn hostile_stories() -> Vec<(&'static str, Story)> {
    let nasty =
        "@everyone <@123> <@&456> **[free](https://evil.example)** \u{202e}:skull: `x` ||y|| @here\n# ";
    let texts = [
        ("empty", String::new()),
        ("blank", " \u{200b}\n\u{3164}".to_owned()),
        ("long", "The commission met again and nothing was decided, ".repeat(200)),
        ("one word", "x".repeat(2000)),
        ("emoji", "👩\u{200d}🚀".repeat(400)),
        ("accents", "e\u{301}\u{323}".repeat(500)),
        ("markdown", "*_~`|[]<>\\".repeat(150)),
        ("nasty", nasty.repeat(12)),
    ];
    let mut stories = Vec::new();
    for (what, text) in texts {
        for (count, url) in [
            (0, String::new()),
            (1, "https://example.org/a".to_owned()),
            (1, format!("https://example.org/{}", "a".repeat(600))),
            (7, format!("https://example.org/{}", "a(b)".repeat(700))),
            (30, "https://example.org/?q=(x)&y=`*`".to_owned()),
            (2, "javascript:alert(1)".to_owned()),
            (3, text.clone()),
        ] {
            let sentence = text.as_str();
            let mut story = story(
                StoryId(i64::MAX),
                digest(
                    Some(sentence),
                    &[sentence; 5],
                    vec![actor(sentence, ActorKind::Person, Some(sentence)); 30],
                    vec![date(sentence, sentence, Granularity::Day, Some(sentence), Some(sentence)); 30],
                    Summarizer::Extractive,
                ),
                vec![source(sentence, &url, Some("2022-09-07T14:30:00+05:45")); count],
                1_662_559_200,
            );
            let words = || sentence.to_owned();
            for source in story.sources.iter_mut().skip(1) {
                source.copy_of = (count > 5).then_some(ArticleId(1));
                source.news = Some(News {
                    sentence: Some(words()),
                    actors: vec![words(); 30],
                    dates: story.digest.dates.clone(),
                    figures: vec![NewFigure { now: words(), before: Some(words()) }; 9],
                });
            }
            story.told_by.iter_mut().for_each(|article| *article = ArticleId(2));
            let figure = DisputedFigure { words: words(), outlets: vec![words(); 9] };
            story.disputes = vec![Dispute { figures: vec![figure; 9] }; 9];
            let related =
                Related { story: story.id, headline: Some(words()), url: Some(url.clone()), card: None };
            story.earlier = Some(related.clone());
            stories.push((what, story.clone()));
            stories.push((what, Story { merged_into: Some(related), sources: Vec::new(), ..story }));
        }
    }
    let mut bare = moon();
    bare.digest = digest(None, &[], Vec::new(), Vec::new(), Summarizer::Lede);
    bare.digest.provenance =
        Provenance { summarizer: Summarizer::Lede, model: String::new(), version: String::new() };
    bare.sources.clear();
    stories.push(("nothing at all", bare));
    let mut popular = moon();
    popular.sources = vec![popular.sources[0].clone(); 400];
    stories.push(("hundreds of sources", popular));
    stories
}

/// Every text of a message in which Discord would render markdown and mentions.
pub fn texts(message: &Message) -> Vec<&str> {
    let mut texts: Vec<&str> = message.content.as_deref().into_iter().collect();
    for embed in &message.embeds {
        texts.extend([&embed.title, &embed.description].into_iter().flatten().map(|t| &**t));
        texts.extend(embed.fields.iter().flat_map(|field| [&*field.name, &*field.value]));
    }
    texts
}

/// The `custom_id`s of a message's buttons.
pub fn custom_ids(message: &Message) -> Vec<&str> {
    let buttons = message.buttons.iter().flatten();
    buttons
        .filter_map(|button| if let Action::Custom(id) = &button.action { Some(&**id) } else { None })
        .collect()
}

fn digest(
    headline: Option<&str>,
    sentences: &[&str],
    actors: Vec<Actor>,
    dates: Vec<KeyDate>,
    summarizer: Summarizer,
) -> Digest {
    let sentence = |text: &&str| SummarySentence { text: (*text).to_owned(), start: None, end: None };
    Digest {
        headline: headline.map(str::to_owned),
        summary: sentences.iter().map(sentence).collect(),
        actors,
        dates,
        text: String::new(),
        warnings: Vec::new(),
        provenance: Provenance {
            summarizer,
            model: "all-MiniLM-L6-v2".to_owned(),
            version: "0.1.0".to_owned(),
        },
    }
}

fn actor(name: &str, kind: ActorKind, role: Option<&str>) -> Actor {
    Actor { name: name.to_owned(), kind, role: role.map(str::to_owned), mentions: Vec::new() }
}

fn date(
    text: &str,
    value: &str,
    granularity: Granularity,
    until: Option<&str>,
    event: Option<&str>,
) -> KeyDate {
    KeyDate {
        text: text.to_owned(),
        start: 0,
        end: 0,
        value: value.to_owned(),
        granularity,
        until: until.map(str::to_owned),
        event: event.map(str::to_owned),
    }
}

fn source(outlet: &str, url: &str, published: Option<&str>) -> Source {
    Source {
        article_id: ArticleId(1),
        outlet: outlet.to_owned(),
        url: url.to_owned(),
        published: published.map(|at| at.parse().unwrap()),
        copy_of: None,
        corrects: false,
        news: None,
    }
}
