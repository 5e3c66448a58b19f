use super::*;
use crate::clean::{Hints, html, warning};
use crate::domain::Article;

const STORY: &str = "<p>Louis Blériot flew across the Channel on Sunday morning in a monoplane of his own making, the first to do so in a machine heavier than air.</p>\
    <p>He left Les Baraques at a quarter to five and came down in a meadow behind Dover Castle thirty-six minutes later, where a constable asked for his papers.</p>\
    <p>A London newspaper had offered a prize of a thousand pounds, and crowds in Paris and London wait to carry the winner through their streets this week.</p>";

/// A page about the flight, with something in its head and something above its story.
fn page(head: &str, top: &str) -> String {
    format!("<html lang=en><head>{head}</head><body><article>{top}{STORY}</article></body></html>")
}

fn read(head: &str, top: &str) -> Article {
    at("https://www.chronicle.example/flight", &page(head, top))
}

fn at(url: &str, page: &str) -> Article {
    html(page, &Hints { url: Url::parse(url).ok(), ..Hints::default() })
}

fn ld(fields: &str) -> String {
    format!(r#"<script type="application/ld+json">{{"@type":"NewsArticle",{fields}}}</script>"#)
}

const HEADLINE: &str = "Blériot flies the Channel";

#[test]
fn the_headline_is_what_readers_see() {
    let h1 = "<h1>Blériot flies the Channel</h1>";
    let cases = [
        // (head, top of the story, headline)
        ("<title>Blériot flies the Channel | The Chronicle</title>".to_owned(), h1, HEADLINE),
        ("<title>Channel flight: Blériot wins prize - Chronicle</title>".to_owned(), h1, HEADLINE),
        (
            "<title>Blériot flies the Channel – World – The Chronicle</title>".to_owned(),
            "",
            "Blériot flies the Channel – World",
        ),
        ("<title>Blériot flies the Channel - chronicle.example</title>".to_owned(), "", HEADLINE),
        (
            "<meta property='og:title' content='Bl&amp;eacute;riot flies the Channel'>".to_owned(),
            "",
            HEADLINE,
        ),
        (ld(r#""headline":"Blériot flies the Channel""#), "", HEADLINE),
        // The site's name is no headline, even where it is the only heading of the first order.
        (
            "<title>Blériot flies the Channel | Notes of an old balloonist</title>".to_owned(),
            "<h1>Notes of an old balloonist</h1><h2>Blériot flies the Channel</h2>",
            HEADLINE,
        ),
        (
            "<title>Notes of an old balloonist » Blériot flies the Channel</title>".to_owned(),
            "<h1><a href='/'>Notes of an old balloonist</a></h1><h2>Blériot flies the Channel</h2>",
            HEADLINE,
        ),
        // Kickers, dates and what only screen readers are told.
        (
            "<meta property='og:title' content='Blériot flies the Channel'>".to_owned(),
            "<h1><span class='x'>Aviation in France</span> <span class='y'>Blériot flies the Channel</span></h1>",
            HEADLINE,
        ),
        (
            "<meta property='og:title' content='Aviation: Blériot flies the Channel'>".to_owned(),
            "<h1><span class='kicker'>Aviation</span><br>Blériot flies the Channel</h1>",
            HEADLINE,
        ),
        (
            String::new(),
            "<h1><span class='sr-only'>Headline:</span> Blériot flies the Channel</h1>",
            HEADLINE,
        ),
        (String::new(), "<h1>25.07.1909 - Blériot flies the Channel</h1>", HEADLINE),
        (String::new(), "<h1><small>July 25, 1909</small> Blériot flies the Channel</h1>", HEADLINE),
        // Stress within a headline does not cut it.
        (String::new(), "<h1>Blériot <em>flies</em> the Channel</h1>", HEADLINE),
        (String::new(), "<h1>Watch: Blériot flies the Channel (updated)</h1>", HEADLINE),
        (String::new(), "<h1>Channel flown – and now?</h1>", "Channel flown – and now?"),
        (
            "<title>The Chronicle</title>".to_owned(),
            "<h1>Flight | A step-by-step account</h1>",
            "Flight | A step-by-step account",
        ),
    ];
    for (head, top, expected) in cases {
        let name = "<meta property='og:site_name' content='The Chronicle'>";
        let article = read(&format!("{name}{head}"), top);
        assert_eq!(article.title.as_deref(), Some(expected), "{head} {top}");
    }
}

#[test]
fn a_headline_cut_off_by_a_feed_is_made_whole() {
    let hints = Hints { title: Some("Blériot flies the…".to_owned()), ..Hints::default() };
    let article = html(&page("", "<h1>Blériot flies the Channel</h1>"), &hints);
    assert_eq!(article.title.as_deref(), Some(HEADLINE));
}

#[test]
fn dates_are_found_where_readers_see_them() {
    let h1 = "<h1>Blériot flies the Channel</h1>";
    let cases = [
        (format!("{h1}<p>By A. Pilot | July 25, 1909</p>"), Some("1909-07-25")),
        (format!("{h1}<p>Published: 25 July 1909, 10:15 am GMT</p>"), Some("1909-07-25T10:15:00Z")),
        (format!("{h1}<div class=meta>25. Juli 1909, 10:15 Uhr</div>"), Some("1909-07-25")),
        (format!("{h1}<div class=meta>25 juillet 1909</div>"), Some("1909-07-25")),
        (format!("{h1}<div class=meta>25 de julio de 1909</div>"), Some("1909-07-25")),
        (format!("{h1}<div class=meta>7/25/1909</div>"), Some("1909-07-25")),
        (format!("<p>25.7.1909</p>{h1}"), Some("1909-07-25")),
        (
            format!("{h1}<time datetime='1909-07-25T10:15:00+00:00'>Sunday</time>"),
            Some("1909-07-25T10:15:00Z"),
        ),
        (
            format!(
                "{h1}<p>July 25, 1909 – The Channel is no longer a moat, said the mayor of a town on its coast when he heard of the flight, and the ministers who met at noon in the capital did not contradict him.</p>"
            ),
            Some("1909-07-25"),
        ),
        // Elsewhere on the page: menus, teasers, comments, the story's own words.
        (
            format!(
                "</article><nav><ul><li><a href=/>Home</a></li><li>July 25, 1909</li></ul></nav><article>{h1}"
            ),
            None,
        ),
        (
            format!(
                "{h1}</article><div class=comments><p>A reader</p><time datetime='1909-07-26T08:00:00Z'>1909</time></div><article>"
            ),
            None,
        ),
        (
            format!(
                "{h1}<p>He had wrecked his tenth machine on December 6, 1907 and told friends in Paris over dinner that the eleventh would do it.</p>"
            ),
            None,
        ),
        (format!("{h1}<footer class=copyright>© 1909</footer>"), None),
    ];
    for (top, expected) in cases {
        let article = read("", &top);
        assert_eq!(article.published.map(|at| at.to_string()).as_deref(), expected, "{top}");
    }
    let below = |line: &str| {
        let page = page("", h1).replace("</article>", &format!("{line}</article>"));
        at("https://chronicle.example/x", &page).published.map(|at| at.to_string())
    };
    assert_eq!(below("<p>Erstellt am: 25.07.1909</p>").as_deref(), Some("1909-07-25"));
    let teaser =
        "<aside><a href=/x>Wright flies at Le Mans</a> <span class=date>August 8, 1908</span></aside>";
    assert_eq!(below(teaser), None);
}

#[test]
fn publication_and_change_are_kept_apart() {
    let cases = [
        (ld(r#""datePublished":"1909-07-25T10:00:00Z","dateModified":"1909-07-26T10:00:00Z""#), "", Some("1909-07-25T10:00:00Z"), Some("1909-07-26T10:00:00Z")),
        ("<meta property='article:published_time' content='1909-07-25'><meta property='article:modified_time' content='1909-07-26'>".to_owned(), "", Some("1909-07-25"), Some("1909-07-26")),
        ("<meta name='pubdate' content='1909-07-25'><meta name='lastmod' content='1909-07-26'>".to_owned(), "", Some("1909-07-25"), Some("1909-07-26")),
        (String::new(), "<h1>Blériot flies the Channel</h1><p>Published: July 25, 1909</p><p>Updated: July 26, 1909</p>", Some("1909-07-25"), Some("1909-07-26")),
        (String::new(), "<h1>Blériot flies the Channel</h1><time itemprop=datePublished datetime='1909-07-25'></time><time itemprop=dateModified datetime='1909-07-26'></time>", Some("1909-07-25"), Some("1909-07-26")),
        // Where only a change is dated it stands for the publication too.
        (String::new(), "<h1>Blériot flies the Channel</h1><p>Aktualisiert am 26. Juli 1909</p>", Some("1909-07-26"), Some("1909-07-26")),
        // Broken JSON still has its dates.
        (r#"<script type="application/ld+json">{"@type":"NewsArticle","headline":"He said "now"","datePublished":"1909-07-25","dateModified":"1909-07-26"}</script>"#.to_owned(), "", Some("1909-07-25"), Some("1909-07-26")),
        // What only scripts know.
        (r#"<script>window.state={"article":{"publishedAt":"1909-07-25T10:00:00Z"}}</script>"#.to_owned(), "", Some("1909-07-25T10:00:00Z"), None),
        (r#"<script>window.state=[{"publishedAt":"1909-07-25"},{"publishedAt":"1908-08-08"}]</script>"#.to_owned(), "", None, None),
        // Placeholders of templates.
        ("<meta property='article:published_time' content='0001-01-01T00:00:00Z'><meta name='date' content='1909-07-25'>".to_owned(), "", Some("1909-07-25"), None),
        ("<meta property='article:published_time' content='1970-01-01T00:00:00Z'>".to_owned(), "", None, None),
    ];
    for (head, top, published, modified) in cases {
        let article = read(&head, top);
        let shown = |at: Option<Published>| at.map(|at| at.to_string());
        assert_eq!(shown(article.published).as_deref(), published, "{head} {top}");
        assert_eq!(shown(article.modified).as_deref(), modified, "{head} {top}");
    }
}

#[test]
fn the_outlets_own_clock_gives_the_zone() {
    let h1 = "<h1>Blériot flies the Channel</h1>";
    let json = ld(r#""datePublished":"1909-07-25T23:30:20Z""#);
    let cases = [
        // The same minute by the clock on the page.
        (json.clone(), format!("{h1}<time>26.07.1909 00:30</time>"), "1909-07-26T00:30:20+01:00"),
        // The same moment with its zone.
        (
            format!("{json}<meta name='date' content='1909-07-26T00:30:20+01:00'>"),
            h1.to_owned(),
            "1909-07-26T00:30:20+01:00",
        ),
        // A zone that the JSON-LD gives as UTC.
        (
            ld(r#""datePublished":"1909-07-25T10:00:00Z""#)
                + "<meta name='date' content='1909-07-25T10:00:00+01:00'>",
            h1.to_owned(),
            "1909-07-25T10:00:00+01:00",
        ),
        // Only the day is shown.
        (json.clone(), format!("{h1}<p>July 26, 1909</p>"), "1909-07-26T00:30:20+01:00"),
        (json, format!("{h1}<p>July 25, 1909</p>"), "1909-07-25T23:30:20Z"),
        // A bare day that some template wrote as midnight.
        (
            ld(r#""datePublished":"1909-07-25T00:00:00Z""#),
            format!("{h1}<p>July 24, 1909</p>"),
            "1909-07-25T00:00:00Z",
        ),
    ];
    for (head, top, expected) in cases {
        let article = read(&head, &top);
        assert_eq!(article.published.map(|at| at.to_string()).as_deref(), Some(expected), "{head} {top}");
    }
}

#[test]
fn sources_that_contradict_each_other_are_reported() {
    let graph = "<meta property='article:published_time' content='1909-07-29T10:00:00Z'>";
    let article = read(&(ld(r#""datePublished":"1909-07-25T10:00:00Z""#) + graph), "");
    assert_eq!(article.published.map(|at| at.to_string()).as_deref(), Some("1909-07-25T10:00:00Z"));
    let said = |article: &Article| article.warnings.iter().find(|own| own.contains("contradicts")).cloned();
    assert_eq!(
        said(&article).as_deref(),
        Some(
            "The page contradicts itself on when it was published: 1909-07-25 by its JSON-LD, 1909-07-29 by its OpenGraph data."
        )
    );
    let agreed = read(&(ld(r#""datePublished":"1909-07-28T20:00:00Z""#) + graph), "");
    assert_eq!(said(&agreed), None);
    let by_address = at("https://chronicle.example/1909/07/20/flight", &page(graph, ""));
    assert!(said(&by_address).is_some_and(|said| said.contains("1909-07-20 by its address")));
}

#[test]
fn authors_are_people() {
    let h1 = "<h1>Blériot flies the Channel</h1>";
    let cases = [
        (ld(r#""author":{"name":"Ann Pilot"}"#), String::new(), Some("Ann Pilot")),
        (
            ld(r#""author":[{"name":"Ann Pilot"},{"name":"By Bob Rudder, Staff Writer"}]"#),
            String::new(),
            Some("Ann Pilot, Bob Rudder"),
        ),
        (
            ld(r#""author":{"@type":"Person","name":["Ann Pilot","Bob Rudder"]}"#),
            String::new(),
            Some("Ann Pilot, Bob Rudder"),
        ),
        (
            "<meta name=author content='Ann Pilot and Bob Rudder'>".to_owned(),
            String::new(),
            Some("Ann Pilot, Bob Rudder"),
        ),
        (
            "<meta property='article:author' content='https://social.example/ann'>".to_owned(),
            format!("{h1}<a rel=author href=/ann>Ann Pilot</a>"),
            Some("Ann Pilot"),
        ),
        // The outlet as author gives way to a person near the headline.
        (
            ld(r#""author":{"name":"The Chronicle"},"publisher":{"name":"The Chronicle"}"#),
            format!("{h1}<p class=byline>By Ann Pilot</p>"),
            Some("Ann Pilot"),
        ),
        (
            ld(r#""author":{"name":"The Chronicle"},"publisher":{"name":"The Chronicle"}"#),
            h1.to_owned(),
            Some("The Chronicle"),
        ),
        (String::new(), format!("{h1}<span itemprop=author>Ann Pilot</span>"), Some("Ann Pilot")),
        (
            String::new(),
            format!("{h1}<div class=post-author>By Ann Pilot, Paris Correspondent | July 25, 1909</div>"),
            Some("Ann Pilot"),
        ),
        (
            String::new(),
            format!("{h1}<p>Von Anna Pilot und Otto Ruder am 25. Juli 1909, 10:15 Uhr</p>"),
            Some("Anna Pilot, Otto Ruder"),
        ),
        (
            String::new(),
            format!("{h1}<p>By ANN PILOT @annpilot ann@chronicle.example</p>"),
            Some("ANN PILOT"),
        ),
        (String::new(), format!("{h1}<p>By the time he landed the news was in London</p>"), None),
        (
            String::new(),
            format!(
                "{h1}</article><div class=comments><span class=author>Angry Reader</span></div><article>"
            ),
            None,
        ),
        (String::new(), format!("{h1}<span class=author>admin</span>"), None),
        ("<meta name=citation_author content='Pilot, Ann'><meta name=citation_author content='Rudder, Bob'>".to_owned(), String::new(), Some("Ann Pilot, Bob Rudder")),
        ("<meta property='dc:creator x:author' content='Ann Pilot (with Bob Rudder)'>".to_owned(), String::new(), Some("Ann Pilot")),
        ("<meta name=author content='Aero Press GmbH, Berlin, Germany'>".to_owned(), String::new(), Some("Aero Press GmbH")),
    ];
    for (head, top, expected) in cases {
        assert_eq!(read(&head, &top).byline.as_deref(), expected, "{head} {top}");
    }
}

#[test]
fn the_outlet_is_named_by_the_best_source() {
    let cases = [
        ("<meta property='og:site_name' content='The Chronicle'>".to_owned() + &ld(r#""publisher":{"name":"Chronicle Ltd"}"#), "The Chronicle"),
        (
            r##"<script type="application/ld+json">{"@graph":[{"@type":"Organization","@id":"#us","name":"The Chronicle"},{"@type":"NewsArticle","publisher":{"@id":"#us"}}]}</script>"##.to_owned(),
            "The Chronicle",
        ),
        ("<meta name='application-name' content='The Chronicle'>".to_owned(), "The Chronicle"),
        ("<title>Blériot flies the Channel | Aviation | The Chronicle</title>".to_owned(), "The Chronicle"),
        ("<title>Blériot flies the Channel | Aviation</title>".to_owned(), "chronicle.example"),
        (String::new(), "chronicle.example"),
    ];
    for (head, expected) in cases {
        let article = read(&head, "<h1>Blériot flies the Channel</h1>");
        assert_eq!(article.outlet.as_deref(), Some(expected), "{head}");
    }
}

#[test]
fn the_lead_picture_is_a_picture() {
    let graph = |image: &str| format!("<meta property='og:image' content='{image}'>");
    let cases = [
        (ld(r#""image":"/bleriot.jpg""#), Some("https://www.chronicle.example/bleriot.jpg")),
        (
            ld(r#""image":[{"@type":"ImageObject","url":"https://i.example/b.jpg","width":1200}]"#),
            Some("https://i.example/b.jpg"),
        ),
        (
            ld(r#""image":{"url":"https://i.example/dot.gif","width":1}"#)
                + &graph("https://i.example/b.jpg"),
            Some("https://i.example/b.jpg"),
        ),
        (graph("https://i.example/b.jpg"), Some("https://i.example/b.jpg")),
        (graph("https://i.example/site-logo.png"), None),
        (graph("https://i.example/placeholder.jpg"), None),
        (graph("data:image/gif;base64,R0lGOD"), None),
        (
            "<meta name='twitter:image' content='https://i.example/b.jpg'>".to_owned(),
            Some("https://i.example/b.jpg"),
        ),
        (String::new(), None),
    ];
    for (head, expected) in cases {
        assert_eq!(read(&head, "").image.as_deref(), expected, "{head}");
    }
}

#[test]
fn section_tags_and_paywall_are_read() {
    let article = read(
        &ld(
            r#""articleSection":["Aviation","World"],"keywords":"Channel, Blériot, channel","isAccessibleForFree":"False""#,
        ),
        "",
    );
    assert_eq!(article.section.as_deref(), Some("Aviation"));
    assert_eq!(article.tags, ["Channel", "Blériot"]);
    assert!(article.paywalled);
    assert!(article.warnings.iter().any(|own| own == warning::PAYWALL));
    let meta = "<meta property='article:section' content='Aviation'><meta property='article:tag' content='Channel'>\
        <meta property='article:tag' content='Blériot'><meta property='article:content_tier' content='free'>";
    let article = read(meta, "");
    assert_eq!(
        (article.section.as_deref(), article.tags.len(), article.paywalled),
        (Some("Aviation"), 2, false)
    );
    let part = read(&ld(r#""hasPart":{"isAccessibleForFree":false,"cssSelector":".rest"}"#), "");
    assert!(part.paywalled);
    let many: String = (0..100).map(|n| format!("<meta property='article:tag' content='tag {n}'>")).collect();
    assert_eq!(read(&many, "").tags.len(), 20);
}

#[test]
fn an_amp_page_names_the_real_one() {
    let head = "<link rel='canonical' href='https://www.chronicle.example/flight'><meta property='og:url' content='https://amp.chronicle.example/flight'>";
    let article = at("https://www.chronicle.example/amp/flight", &page(head, ""));
    assert_eq!(article.canonical_url.as_deref(), Some("https://www.chronicle.example/flight"));
}

#[test]
fn the_icon_is_one_that_a_chat_can_show() {
    for (head, expected) in [
        ("<link rel='icon' href='/icon.png'>", Some("https://www.chronicle.example/icon.png")),
        ("<link rel='shortcut icon' href='/favicon.ico'>", None),
        ("<link rel='icon' type='image/svg+xml' href='/icon'><link rel='mask-icon' href='/mask.png'>", None),
        (
            "<link rel='icon' sizes='32x32' href='/32.png'><link rel='icon' sizes='96x96' href='/96.png'>\
             <link rel='apple-touch-icon' href='https://cdn.gazette.example/touch.png'>",
            Some("https://www.chronicle.example/96.png"),
        ),
        (
            "<link rel='icon' sizes='16x16' href='/16.png'><link rel='icon' sizes='32x32' href='/32.png'>",
            Some("https://www.chronicle.example/32.png"),
        ),
        ("<link rel='icon' href='data:image/png;base64,AAAA'>", None),
        ("", None),
    ] {
        assert_eq!(read(head, "").icon.as_deref(), expected, "{head}");
    }
}
