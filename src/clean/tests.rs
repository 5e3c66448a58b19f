use super::*;

fn body(news: &str) -> Vec<&str> {
    news.lines().collect()
}

const SUEZ: &str = "\
Egypt nationalised the Suez Canal Company on Thursday, taking control of the waterway from its British and French shareholders in a step that London called an act of plunder.
“Today, in the name of the people, I take over the company,” President Nasser told a crowd in Alexandria.
Nasser said that the tolls would pay for the dam at Aswan, for which the United States and Britain withdrew their loans last week.
Engineers entered the offices of the company in Ismailia and Port Said while the president was still speaking; his use of the name de Lesseps was their signal.
The canal carries two thirds of the oil that Western Europe burns, and a third of the ships that pass it sail under the British flag.
Prime Minister Eden, who was at dinner with the king of Iraq when the news came, summoned his chiefs of staff that night.
The company’s concession was to end in 1968, ninety-nine years after the canal was opened to shipping.";

const ICE: &str = "\
The first men to reach the South Pole planted the Norwegian flag there on December 14, Roald Amundsen told the world by cable from Hobart on Thursday.
Amundsen and four companions made the journey from the Bay of Whales with sledges and dogs in fifty-seven days.
They stayed at the pole for three days to take sights of the sun, and left a tent with a letter to King Haakon.
“We have had luck,” the explorer said. “Victory awaits him who has everything in order; luck, people call it.”
Nothing has been heard of Captain Scott, whose British party set out from Cape Evans in November with ponies and motor sledges.
The Fram, Amundsen’s ship, was built for Nansen’s drift across the Arctic ice twenty years ago.";

const TEASERS: [&str; 5] = [
    "The bench of the high court in Delhi has dismissed the petition of the mill owners against…",
    "In a sharp rebuke, the finance secretary told members of the Bombay exchange that the new…",
    "Farmers of the Murray valley have asked for relief after the locusts returned for a…",
    "A jury in Chicago acquitted the grocer whose horse had bolted into a band of…",
    "Tickets for the opera season in Naples went on sale with long queues forming before…",
];

/// Residue around a body, and nothing of it left.
#[test]
fn teasers_below_a_body_are_left_out() {
    let complete = [
        "Mill owners of Bombay lose their petition in high court",
        "Finance secretary scolds exchange members over new rules",
        "Locusts return to the Murray valley",
        "Why did a Chicago jury acquit the grocer whose horse bolted?",
        "Naples opera season draws long queues",
    ];
    let dotted = TEASERS.map(|line| line.replace('…', "..."));
    let bare = TEASERS.map(|line| line.replace('…', ""));
    let with_first_lines = [
        "Locusts return to the Murray valley",
        "Farmers have asked the governor for relief from the swarms.",
        "March 3, 1912",
        "Naples opera season draws long queues",
        "Tickets went on sale with crowds forming before dawn on Saturday.",
        "March 2, 1912",
    ];
    type Lines<'a> = Vec<&'a str>;
    let cases: Vec<(&str, Lines, Lines)> = vec![
        ("cut off", vec![], [&TEASERS[..], &["Leave a Comment"]].concat()),
        ("cut off, no prompt", vec![], TEASERS.to_vec()),
        ("three dots", vec![], dotted.iter().map(String::as_str).chain(["Leave a comment"]).collect()),
        ("no ellipsis", vec![], bare.iter().map(String::as_str).chain(["Leave a Reply"]).collect()),
        ("no ellipsis, no prompt", vec![], bare.iter().map(String::as_str).collect()),
        ("headlines", vec![], complete.to_vec()),
        ("headlines and their first lines", vec![], with_first_lines.to_vec()),
        ("two teasers", vec![], TEASERS[..2].to_vec()),
        ("one teaser and a prompt", vec![], vec![TEASERS[2], "Leave a Comment"]),
        (
            "before the counter",
            vec![],
            [&TEASERS[..], &["12 Comments", "Share", "Facebook", "Twitter"]].concat(),
        ),
        ("under a heading", vec![], [&["You may also like"][..], &complete].concat()),
        (
            "comments follow",
            vec![],
            vec![
                "3 Comments",
                "A disgrace, and every word of it was foreseen by those who warned of it.",
                "Reply",
                "Well said.",
            ],
        ),
        (
            "menu and date in front",
            vec!["Home > World", "Share", "Facebook Twitter", "3 min read", "Published: July 27, 1956"],
            TEASERS.to_vec(),
        ),
        (
            "byline, dateline, caption in front",
            vec!["By Our Correspondent", "CAIRO, July 27 (Reuters)", "File photo: a ship at anchor / AFP"],
            vec!["Tags: shipping, trade", "© 1956 The Chronicle", "Read more…"],
        ),
        (
            "author and notices",
            vec![],
            vec![
                "This article first appeared in the Chronicle.",
                "Follow her on Twitter @chronicle",
                "Get our newsletter in your inbox every morning.",
                "Advertisement",
            ],
        ),
    ];
    for news in [SUEZ, ICE] {
        for (name, before, after) in &cases {
            let lines = [before.clone(), body(news), after.clone()].concat();
            for separator in ["\n", "\n\n", "\r\n"] {
                let article = text(&lines.join(separator), &Hints::default());
                assert_eq!(article.paragraphs, body(news), "{name}");
                assert!(article.warnings.iter().any(|warning| warning.contains("left out")), "{name}");
            }
        }
    }
}

#[test]
fn residue_between_paragraphs_is_left_out() {
    let notes = [
        "Read more: The men who dug the canal",
        "ALSO READ | Who owns the seas?",
        "(Read also: A letter from Port Said)",
        "Advertisement",
        "Story continues below",
        "Photo: Library of Congress",
        "A dredger at work. (AP Photo/Port Authority)",
        "Sign up for our daily newsletter to get the best of the week.",
        "Share this article",
        "Follow us on Facebook and Twitter",
        "We use cookies to improve your experience.",
        "What do you think? Have your say in the comments",
    ];
    for note in notes {
        let mut lines = body(SUEZ);
        lines.insert(3, note);
        assert_eq!(text(&lines.join("\n"), &Hints::default()).paragraphs, body(SUEZ), "{note}");
    }
}

#[test]
fn what_recurs_on_an_outlet_is_left_out() {
    let motto = "The Chronicle has told the truth to the ports of two seas since 1851.";
    let lines = [vec![motto], body(SUEZ)].concat().join("\n");
    let other = text(&[body(ICE), vec![motto]].concat().join("\n"), &Hints::default());
    let hints = |recurring| Hints { recurring, ..Hints::default() };
    assert_eq!(text(&lines, &hints(prints(&other))).paragraphs, body(SUEZ));
    // An article that was seen before is not furniture.
    let seen = prints(&text(&lines, &Hints::default()));
    assert_eq!(text(&lines, &hints(seen)).paragraphs.len(), body(SUEZ).len() + 1);
}

#[test]
fn the_end_of_an_article_stays() {
    let ends = [
        "He was 84.",
        "“We shall see.”",
        "“I have nothing to add, but if they come with ships, then…”",
        "“I have nothing to add, but if they come with ships, then…” the president said.",
        "And so the ships wait…",
        "Will the canal remain open to the ships of every nation, as the convention of 1888 demands?",
        "No ship was delayed.",
        "Nasser laughed.",
        "The Soviet Union and Yugoslavia congratulated Cairo.",
    ];
    for end in ends {
        let lines = [body(SUEZ), vec![end]].concat();
        for prompt in ["", "\nLeave a Comment"] {
            assert_eq!(text(&(lines.join("\n") + prompt), &Hints::default()).paragraphs, lines, "{end}");
        }
    }
    let list = [
        "The three demands of the company are:",
        "- a lump sum in London",
        "- pensions for pilots",
        "- free passage of convoys",
    ];
    let lines = [body(SUEZ), list.to_vec()].concat();
    assert_eq!(text(&lines.join("\n"), &Hints::default()).paragraphs, lines);
}

#[test]
fn the_headline_is_not_part_of_the_text() {
    let headline = "Egypt takes the Suez Canal from its shareholders";
    let page = format!("{headline}\n\n{SUEZ}");
    let found = text(&page, &Hints::default());
    assert_eq!(found.title.as_deref(), Some(headline));
    assert_eq!(found.paragraphs, body(SUEZ));

    let hints = Hints { title: Some(format!("BREAKING: {headline} | The Chronicle")), ..Hints::default() };
    let told = text(&page, &hints);
    assert_eq!(told.title.as_deref(), Some(headline));
    assert_eq!(told.paragraphs, body(SUEZ));
    assert_eq!(text(SUEZ, &Hints::default()).title, None);
}

#[test]
fn a_dateline_in_a_sentence_stays() {
    let lines = body(SUEZ).join("\n").replacen("Egypt", "CAIRO (AP) — Egypt", 1);
    assert_eq!(text(&lines, &Hints::default()).paragraphs, body(&lines));
}

#[test]
fn wrapped_text_is_joined() {
    let mut wrapped = String::new();
    for paragraph in body(ICE) {
        let mut width = 0;
        for word in paragraph.split(' ') {
            let length = word.chars().count();
            if width > 0 && width + 1 + length > 72 {
                wrapped.push('\n');
                width = 0;
            } else if width > 0 {
                wrapped.push(' ');
                width += 1;
            }
            wrapped.push_str(word);
            width += length;
        }
        wrapped.push_str("\n\n");
    }
    assert_eq!(text(&wrapped, &Hints::default()).paragraphs, body(ICE));
}

#[test]
fn lines_around_a_text_tell_its_author_and_day() {
    let page = format!("By Our Special Correspondent\nUpdated: July 27, 1956 at 9:15 am\n{SUEZ}");
    let article = text(&page, &Hints::default());
    assert_eq!(article.byline.as_deref(), Some("Our Special Correspondent"));
    assert_eq!(article.published.map(|at| at.to_string()).as_deref(), Some("1956-07-27"));
    assert_eq!(article.lang.as_deref(), Some("en"));
    assert_eq!(article.paragraphs, body(SUEZ));
}

#[test]
fn a_page_becomes_an_article() {
    let hints = Hints { url: Url::parse("https://www.chronicle.example/amp/story").ok(), ..Hints::default() };
    let article = html(include_str!("../../tests/fixtures/pages/berlin-wall.html"), &hints);
    assert_eq!(article.title.as_deref(), Some("Berlin Wall opens after 28 years"));
    assert_eq!(article.byline.as_deref(), Some("Our Berlin Desk, Our Bonn Desk"));
    assert_eq!(article.outlet.as_deref(), Some("The Chronicle"));
    assert_eq!(article.published.map(|at| at.to_string()).as_deref(), Some("1989-11-10T06:15:00+01:00"));
    assert_eq!(article.lang.as_deref(), Some("en"));
    assert_eq!(
        article.canonical_url.as_deref(),
        Some("https://www.chronicle.example/world/berlin-wall-opens")
    );
    let openings: Vec<String> =
        article.paragraphs.iter().map(|text| text.split(' ').take(3).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(
        openings,
        [
            "BERLIN — Thousands", "The spokesman, Günter", "“We are flooding", "The wall had",
            "Chancellor Helmut Kohl"
        ]
    );
    assert_eq!(abstain_reason(&article), None);
}

#[test]
fn a_paywalled_page_says_so() {
    let article = html(include_str!("../../tests/fixtures/pages/titanic-paywall.html"), &Hints::default());
    assert_eq!(article.title.as_deref(), Some("Liner Titanic founders after striking iceberg"));
    assert_eq!(article.byline.as_deref(), Some("Gazette Shipping Desk"));
    assert_eq!(article.published.map(|at| at.to_string()).as_deref(), Some("1912-04-16"));
    assert_eq!(article.paragraphs.len(), 2);
    assert!(article.warnings.iter().any(|own| own == warning::PAYWALL));
}

/// A page with the given head, and SUEZ as its body.
fn page(head: &str) -> String {
    let paragraphs: String = body(SUEZ).iter().map(|line| format!("<p>{line}</p>")).collect();
    format!("<html><head>{head}</head><body><article>{paragraphs}</article></body></html>")
}

#[test]
fn every_source_of_a_date_is_read_in_order() {
    let json = r#"<script type="application/ld+json">{"@type":["NewsArticle"],"datePublished":"1956-07-26T22:00:00Z"}</script>"#;
    let graph = r#"<meta property="article:published_time" content="1956-07-27T08:00:00+02:00">"#;
    let meta = r#"<meta name="pubdate" content="1956-07-28">"#;
    let time = r#"<time datetime="1956-07-29T10:00:00+00:00"></time>"#;
    let cases = [
        (format!("{meta}{graph}{json}"), "1956-07-26T22:00:00Z"),
        (format!("{meta}{graph}"), "1956-07-27T08:00:00+02:00"),
        (meta.to_owned(), "1956-07-28"),
        (format!("<title>x</title></head><body>{time}"), "1956-07-29T10:00:00Z"),
        // The day of one source and the hour of another.
        (
            r#"<meta name="pubdate" content="1956-07-29">"#.to_owned() + "</head><body>" + time,
            "1956-07-29T10:00:00Z",
        ),
    ];
    for (head, expected) in cases {
        let article = html(&page(&head), &Hints::default());
        assert_eq!(article.published.map(|at| at.to_string()).as_deref(), Some(expected), "{head}");
        assert_eq!(article.paragraphs, body(SUEZ), "{head}");
    }
    let url = Url::parse("https://chronicle.example/1956/07/30/suez").ok();
    let dated = html(&page(""), &Hints { url: url.clone(), ..Hints::default() });
    assert_eq!(dated.published.map(|at| at.to_string()).as_deref(), Some("1956-07-30"));
    let told = "1956-07-31".parse().ok();
    let hinted = html(&page(graph), &Hints { url, published: told, ..Hints::default() });
    assert_eq!(hinted.published, told);
    let undated = html(&page(""), &Hints::default());
    assert_eq!(undated.published, None);
    assert!(undated.warnings.iter().any(|own| own == warning::NO_DATE));
}

#[test]
fn addresses_of_other_schemes_are_not_canonical() {
    let base = Url::parse("https://chronicle.example/suez?utm=1").ok();
    let cases = [
        ("/suez", Some("https://chronicle.example/suez")),
        ("http://chronicle.example/suez", Some("http://chronicle.example/suez")),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("/", None),
        ("http://[", None),
    ];
    for (href, expected) in cases {
        let head = format!(r#"<link rel="canonical" href="{href}">"#);
        let article = html(&page(&head), &Hints { url: base.clone(), ..Hints::default() });
        assert_eq!(article.canonical_url.as_deref(), expected, "{href}");
    }
}

#[test]
fn pages_without_an_article_say_why() {
    let list: String = ["Canal", "Pole", "Wall", "Moon", "Tower", "Bridge", "Liner", "Airship", "Tunnel"]
        .map(|word| format!("<p><a href='/{word}'>{word} in the news of this week</a></p>"))
        .concat();
    let cases = [
        (String::new(), warning::NO_TEXT),
        ("<html><body></body></html>".to_owned(), warning::NO_TEXT),
        ("<p>The canal is closed.</p>".to_owned(), warning::SHORT),
        (
            page(r#"<script type="application/ld+json">{"@type":"LiveBlogPosting","headline":"Suez, hour by hour"}</script>"#),
            warning::LIVE,
        ),
        (
            "<head><meta property='og:type' content='video.other'></head><body><article><p>Film of the opening of the canal: the khedive’s yacht leads the ships of all nations from Port Said to Suez.</p></article></body>".to_owned(),
            warning::VIDEO,
        ),
    ];
    for (page, expected) in cases {
        assert_eq!(abstain_reason(&html(&page, &Hints::default())), Some(expected), "{page}");
    }
    assert!(abstain_reason(&html(&format!("<body>{list}</body>"), &Hints::default())).is_some());
    assert_eq!(abstain_reason(&text("", &Hints::default())), Some(warning::NO_TEXT));
    assert_eq!(abstain_reason(&html(&page(""), &Hints::default())), None);
}

#[test]
fn texts_that_are_no_article_say_why() {
    let list = "1. Fill the tank of the machine to the brim\n\n2. Start the engine and let it run warm\n\n\
        3. Release the brake when the wind is steady\n\n4. Take off along the rail\n\n5. Look down on the dunes";
    let live = "10:05 The gates of the city are open, says the radio of the west.\n10:20 Crowds arrive at the bridge.\n\
        10:40 Guards salute the first cars that cross over to the other side.\n11:00 Music plays in the streets.";
    let short = "Louis Bleriot flew across the Channel in a monoplane on Sunday.\n\
        He landed near the castle of Dover after 36 minutes in the air.\nThe prize of a newspaper is his.";
    let cases = [
        ("How to fly", list, Some(warning::LIST)),
        ("The Wall", live, Some(warning::LIVE)),
        ("Suez: live updates", SUEZ, Some(warning::LIVE)),
        ("Watch: the canal is seized", short, Some(warning::VIDEO)),
        ("Watch: the canal is seized", SUEZ, None),
        ("Bleriot flies the Channel", short, None),
        (
            "Bleriot flies the Channel",
            "Louis Bleriot has flown. The Channel is crossed.",
            Some(warning::SHORT),
        ),
    ];
    for (title, body, expected) in cases {
        let hints = Hints { title: Some(title.to_owned()), ..Hints::default() };
        assert_eq!(abstain_reason(&text(body, &hints)), expected, "{title}: {body}");
    }
}

#[test]
fn hostile_pages_end_in_an_article() {
    let deep = |tag: &str, n: usize| {
        format!(
            "{}{}",
            format!("<{tag}>").repeat(n),
            SUEZ.lines().map(|line| format!("<p>{line}")).collect::<String>()
        )
    };
    let pages = [
        deep("div", 10_000),
        deep("b", 3_000),
        deep("span class=related", 3_000),
        deep("table><tr><td", 1_000),
        deep("svg><style", 1_000),
        "<".repeat(20_000),
        "<p title='".repeat(5_000),
        "<!--".repeat(5_000),
        "\0<p>\0".repeat(2_000),
        "&#0;&#xD800;&lt;".repeat(2_000),
        format!("<script type='application/ld+json'>{}</script>{}", "[".repeat(50_000), page("")),
        "<p>…</p>".repeat(2_000),
        format!("<p>{}</p>", "a".repeat(50_000)),
        "<a href='x'>Read more</a> ".repeat(1_000),
    ];
    for page in &pages {
        let article = html(page, &Hints::default());
        assert!(
            article.paragraphs.iter().all(|text| !text.trim().is_empty() && !text.contains(['\n', '\0']))
        );
        let plain = text(page, &Hints::default());
        assert!(plain.paragraphs.iter().all(|text| !text.trim().is_empty() && !text.contains(['\n', '\0'])));
    }
    let flat = html(&pages[0], &Hints::default());
    assert!(flat.warnings.iter().any(|own| own == warning::FLATTENED));
    assert_eq!(flat.paragraphs.len(), body(SUEZ).len());
    assert!(text(&format!("{}\n", TEASERS[0]).repeat(5_000), &Hints::default()).paragraphs.len() <= 5_000);
}
