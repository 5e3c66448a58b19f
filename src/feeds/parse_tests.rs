//! Feeds of every format and in every state, as a poll would see them.

use std::fmt::Write as _;

use super::*;

fn base() -> Url {
    Url::parse("https://courier.example/feeds/all.xml").unwrap()
}

fn read(bytes: &[u8]) -> Result<ParsedFeed, FeedError> {
    parse(bytes, None, &base())
}

/// A feed as text: title, entries, warnings.
fn show(feed: &ParsedFeed) -> String {
    let mut out = format!("# {}\n", feed.title.as_deref().unwrap_or("-"));
    for entry in &feed.entries {
        let url = entry.url.as_ref().map_or("-", Url::as_str);
        let date = entry.published.map_or_else(|| "-".to_owned(), |date| date.to_string());
        let title = entry.title.as_deref().unwrap_or("-");
        let summary = entry.summary.as_deref().unwrap_or("-");
        writeln!(out, "{} | {url} | {date}\n  {title}\n  {summary}", entry.key).unwrap();
    }
    for warning in &feed.warnings {
        writeln!(out, "! {warning}").unwrap();
    }
    out
}

macro_rules! shown {
    ($file:literal, $expected:expr) => {
        let feed = read(include_bytes!(concat!("../../tests/fixtures/feeds/", $file))).unwrap();
        assert_eq!(show(&feed), $expected, "{}", $file);
    };
}

#[test]
fn rss_2() {
    shown!(
        "rss2.xml",
        "\
# The Tranquility Courier – Space
courier-1101 | https://courier.example/1969/07/20/eagle?utm_source=rss | -
  Eagle lands & two men walk on the Moon
  The lunar module came down in the Sea of Tranquility. Six hours later came the first step.
https://courier.example/1983/home | https://courier.example/1983/home | 1983-04-17T13:07:00-05:00
  Crew of Apollo 13 is home
  Splashdown in the Pacific.
Skylab comes down over Australia | - | -
  Skylab comes down over Australia
  -
! Entries without a date that can be read: 2.
! Entries without a link: 1.
"
    );
    let feed = read(include_bytes!("../../tests/fixtures/feeds/rss2.xml")).unwrap();
    assert_eq!(feed.ttl, Some(Duration::from_hours(1)));
    assert_eq!(feed.skip_hours, [0, 1]);
    assert_eq!(feed.skip_days, [Weekday::Sat, Weekday::Sun]);
}

#[test]
fn atom() {
    shown!(
        "atom.xml",
        "\
# Cable & Wire
urn:cable:berlin:1 | https://cable.example/berlin/1989/wall | 1989-11-09T23:30:00+01:00
  The Wall is open: \"immediately, without delay\"
  At the Bornholmer crossing the gates went up. Guards & crowds mixed.
urn:cable:berlin:2 | https://cable.example/berlin/1989/table | 1989-12-07
  The <table> at the Round Table
  -
"
    );
}

#[test]
fn atom_0_3() {
    shown!(
        "atom03.xml",
        "\
# Canal – Panama
tag:canal.example,2003:1 | http://canal.example/ancon | 2003-08-15T09:00:00-05:00
  Steamer Ancon opens the canal
  The first ship passed from ocean to ocean.
"
    );
}

#[test]
fn rdf() {
    shown!(
        "rdf.xml",
        "\
# Alpine Telegraph
http://alps.example/matterhorn | http://alps.example/matterhorn | 2001-07-14T18:00:00+01:00
  Matterhorn climbed at last
  Seven went up, three came down.
"
    );
}

#[test]
fn json() {
    shown!(
        "feed.json",
        "\
# Suffrage Daily
1893 | https://courier.example/1893/vote | 1993-09-19T11:45:00+12:00
  New Zealand's women win the vote
  The governor has signed.
b | https://elsewhere.example/count | -
  -
  109,461 enrolled & counting
Desk | - | -
  -
  -
! Entries without a date that can be read: 2.
! Entries without a link: 1.
"
    );
}

#[test]
fn broken_in_many_ways() {
    shown!(
        "broken.xml",
        "\
# Gazette déchirée
http://gazette.example/strike?a=1&b=2 | http://gazette.example/strike?a=1&b=2 | -
  Bread & roses: 20,000 strike in Lawrence
  Wages < rent, say strikers. More at noon
http://gazette.example/titanic | http://gazette.example/titanic | 2012-04-18T21:30:00-05:00
  Titanic’s survivors land
  -
Oxygen on board | - | -
  Oxygen on board
  -
! The feed is not written in UTF-8; it was read as windows-1252.
! The feed has bare ampersands.
! The feed has a stray < in its text.
! An entry is not closed.
! Entries without a date that can be read: 2.
! Entries without a link: 1.
"
    );
}

#[test]
fn truncated() {
    shown!(
        "truncated.xml",
        "\
# Night Wire
w1 | https://wire.example/1 | -
  Hindenburg burns at Lakehurst
  -
w2 | https://wire.example/2 | -
  Golden Gate Bridge opens to walkers
  -
! The feed ends in the middle; the last entry was left out.
! Entries without a date that can be read: 2.
"
    );
}

#[test]
fn every_cut_of_a_feed_is_read_or_refused() {
    let whole = include_bytes!("../../tests/fixtures/feeds/rss2.xml");
    let full = read(whole).unwrap();
    for end in 0..whole.len() {
        if let Ok(feed) = read(&whole[..end]) {
            for (entry, expected) in feed.entries.iter().zip(&full.entries) {
                assert_eq!(entry.key, expected.key, "cut at {end}");
                assert_eq!(entry.url, expected.url, "cut at {end}");
            }
        }
    }
}

#[test]
fn a_byte_changed_never_panics() {
    let files: [&[u8]; 3] = [
        include_bytes!("../../tests/fixtures/feeds/rss2.xml"),
        include_bytes!("../../tests/fixtures/feeds/atom.xml"),
        include_bytes!("../../tests/fixtures/feeds/feed.json"),
    ];
    for file in files {
        for at in (0..file.len()).step_by(11) {
            for byte in *b"<>&\"\0]\xff" {
                let mut changed = file.to_vec();
                changed[at] = byte;
                let _ = read(&changed);
            }
        }
    }
}

#[test]
fn what_is_no_feed_says_so() {
    for (bytes, expected) in [
        ("<!doctype html><html><head><title>Home</title></head></html>", "not a feed: HTML page"),
        ("\n<HTML><body>Just a moment...</body></HTML>", "not a feed: HTML page"),
        ("<div>fragment</div>", "not a feed: HTML page"),
        ("", "not a feed: an empty answer"),
        ("  \n", "not a feed: an empty answer"),
        ("Not found", "not a feed: plain text or data"),
        ("<?xml version='1.0'?><urlset><url/></urlset>", "not a feed: a sitemap"),
        ("<?xml version='1.0'?><opml/>", "not a feed: an OPML list of feeds"),
        ("<channel><item/></channel>", "not a feed: XML of another kind"),
        ("<?xml version='1.0'?><note/>", "not a feed: XML of another kind"),
        ("{\"error\": \"x\"}", "not a feed: JSON of another kind"),
        ("[1]", "not a feed: JSON of another kind"),
    ] {
        assert_eq!(read(bytes.as_bytes()).unwrap_err().to_string(), expected, "{bytes}");
    }
    assert!(matches!(read(b"{\"items\": ["), Err(FeedError::Unreadable(_))));
}

#[test]
fn an_entity_bomb_is_refused() {
    let mut bomb = "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol \"lol\">".to_owned();
    for n in 1..10 {
        write!(bomb, "<!ENTITY lol{n} \"{}\">", format!("&lol{};", n - 1).repeat(10)).unwrap();
    }
    bomb.push_str("]><rss version=\"2.0\"><channel><title>&lol9;</title></channel></rss>");
    assert_eq!(read(bomb.as_bytes()), Err(FeedError::Entities));
}

#[test]
fn deep_markup_is_refused() {
    for deep in [
        format!("<rss><channel>{}", "<a>".repeat(10_000)),
        format!("<rss><channel><item><description>{}", "<p>".repeat(10_000)),
        format!("<feed><entry><content type='xhtml'>{}x", "<div>".repeat(10_000)),
        format!("<feed>{}", "<feed>".repeat(10_000)),
    ] {
        assert_eq!(read(deep.as_bytes()), Err(FeedError::TooDeep { limit: 200 }));
    }
    let json = format!("{{\"items\":{}", "[".repeat(10_000));
    assert_eq!(read(json.as_bytes()), Err(FeedError::TooDeep { limit: 128 }));
    // Depth of escaped HTML is nobody's depth.
    let escaped =
        format!("<rss><channel><item><title>{}x</title></item></channel></rss>", "&lt;p&gt;".repeat(10_000));
    assert_eq!(read(escaped.as_bytes()).unwrap().entries[0].title.as_deref(), Some("x"));
}

#[test]
fn a_flood_of_entries_is_cut() {
    let items = "<item><title>x</title><link>/a</link></item>".repeat(6_000);
    let feed = read(format!("<rss><channel>{items}</channel></rss>").as_bytes()).unwrap();
    assert_eq!(feed.entries.len(), 1);
    assert_eq!(feed.warnings[0], "The feed has more than 5000 entries; the first were read.");
}

#[test]
fn hostile_markup_ends() {
    for unit in [
        "<a b='", "<", "&", "</", "<![CDATA[", "<!", "<!--", "<a ", "<item>", "<a/>", "<a x=1", "\"'", "&#",
        "<item/>",
    ] {
        for start in ["<rss><channel>", "<rss><channel><item><title>", "<feed><entry><title>", ""] {
            let _ = read(format!("{start}{}", unit.repeat(20_000)).as_bytes());
        }
    }
    let attributes: String = (0..50_000).map(|n| format!(" a{n}='x'")).collect();
    assert!(
        read(format!("<rss{attributes}><channel><item{attributes}/></channel></rss>").as_bytes()).is_ok()
    );
}

#[test]
fn one_guid_for_many_articles_identifies_none() {
    let feed = read(
        b"<rss><channel>
        <item><guid>0</guid><link>/moon</link></item>
        <item><guid>0</guid><link>/mars</link></item>
        <item><guid>7</guid><link>/venus</link></item>
        <item><guid>7</guid><link>/venus</link></item>
        </channel></rss>",
    )
    .unwrap();
    let keys: Vec<_> = feed.entries.iter().map(|entry| entry.key.as_str()).collect();
    assert_eq!(keys, ["https://courier.example/moon", "https://courier.example/mars", "7"]);
}

#[test]
fn identity_falls_back_and_is_stable() {
    for (item, expected) in [
        ("<guid> g </guid><link>/a</link><title>T</title>", "g"),
        ("<link>/a</link><title>T</title>", "https://courier.example/a"),
        ("<title>T</title><pubDate>2022-09-07</pubDate>", "T 2022-09-07"),
        ("<title>T</title>", "T"),
        ("<description>Words</description>", "Words"),
    ] {
        let feed = format!("<rss><channel><item>{item}</item></channel></rss>");
        assert_eq!(read(feed.as_bytes()).unwrap().entries[0].key, expected, "{item}");
        assert_eq!(read(feed.as_bytes()), read(feed.as_bytes()));
    }
    let long = format!("<rss><channel><item><guid>{}</guid></item></channel></rss>", "g".repeat(10_000));
    assert_eq!(read(long.as_bytes()).unwrap().entries[0].key.len(), "sha256:".len() + 64);
}

#[test]
fn authors_media_and_texts_are_kept() {
    let feed = read(
        b"<rss xmlns:dc='d' xmlns:media='m' xmlns:itunes='i'><channel><link>/home</link><atom:link rel='self' href='/self'/>
        <item rdf:about='/about'><author>curie@example.org (Marie Curie)</author><dc:creator>Pierre Curie</dc:creator>
          <dc:title>Radium</dc:title><itunes:summary>Found.</itunes:summary><link>/radium</link>
          <content:encoded>&lt;p&gt;The whole &lt;b&gt;story&lt;/b&gt;.&lt;/p&gt;</content:encoded>
          <enclosure url='/radium.mp3?a=1&amp;b=2' type='Audio/MPEG'/>
          <media:group><media:content url='/radium.mp4' medium='video'/><media:description>No</media:description></media:group></item>
        <item><title>T</title><guid isPermaLink='false'>https://courier.example/no-page</guid>
          <atom:author><atom:name>Lise Meitner</atom:name><atom:email>lm@example.org</atom:email></atom:author></item>
        </channel></rss>",
    )
    .unwrap();
    assert_eq!(feed.site.as_ref().map(Url::as_str), Some("https://courier.example/home"));
    let [radium, other] = &feed.entries[..] else { panic!("{feed:?}") };
    assert_eq!(radium.key, "/about");
    assert_eq!(radium.title.as_deref(), Some("Radium"));
    assert_eq!(radium.summary.as_deref(), Some("Found."));
    assert_eq!(radium.author.as_deref(), Some("Marie Curie, Pierre Curie"));
    assert_eq!(radium.content.as_deref(), Some("<p>The whole <b>story</b>.</p>"));
    let media: Vec<_> =
        radium.media.iter().map(|media| (media.url.as_str(), media.kind.as_deref())).collect();
    assert_eq!(
        media,
        [
            ("https://courier.example/radium.mp3?a=1&b=2", Some("audio/mpeg")),
            ("https://courier.example/radium.mp4", Some("video"))
        ]
    );
    assert_eq!(radium.no_article, Some("an episode of a podcast, not an article"));
    assert_eq!((other.author.as_deref(), &other.url), (Some("Lise Meitner"), &None));

    let feed = read(
        b"<feed><author><name>The desk</name></author><link href='https://desk.example/'/>
        <entry><id>1</id><title mode='base64'>UmFkaXVt</title><link>/radium</link><content>1 &lt; 2</content>
          <link rel='enclosure' href='/radium.pdf' type='application/pdf'/></entry>
        <entry><id>2</id><title type='application/x-headline'>Zinc</title><author><email>lm@example.org</email></author><source><author>x</author></source></entry>
        </feed>",
    )
    .unwrap();
    assert_eq!(feed.site.as_ref().map(Url::as_str), Some("https://desk.example/"));
    let [radium, other] = &feed.entries[..] else { panic!("{feed:?}") };
    assert_eq!((radium.title.as_deref(), radium.author.as_deref()), (Some("Radium"), Some("The desk")));
    assert_eq!(radium.url.as_ref().map(Url::as_str), Some("https://courier.example/radium"));
    assert_eq!(radium.content.as_deref(), Some("<p>1 &lt; 2</p>"));
    assert_eq!(radium.media.len(), 1);
    assert_eq!((other.title.as_deref(), other.author.as_deref()), (Some("Zinc"), Some("lm@example.org")));
}

#[test]
fn odd_roots() {
    for feed in [
        "<rss version=\"0.93\"><channel><item><title>x</title></item></channel></rss>",
        "<RSS><channel><item><title>x</title></item></channel></RSS>",
        "<rss xmlns=\"http://backend.userland.com/rss2\"><channel><item><title>x</title></item></channel></rss>",
        "<atom:feed xmlns:atom=\"http://www.w3.org/2005/Atom\"><atom:entry><atom:title>x</atom:title></atom:entry></atom:feed>",
        "<entry xmlns=\"http://www.w3.org/2005/Atom\"><title>x</title></entry>",
        "<rss><channel/><item><title>x</title></item></rss>",
        "<rss><channel><item><title>x</title></item>",
        "<rdf:RDF><channel/><item><title>x</title></item></rdf:RDF>",
        "<rss><channel><item><title><![CDATA[&lt;p&gt;x&lt;/p&gt;]]></title></item></channel></rss>",
    ] {
        let read = read(feed.as_bytes()).unwrap();
        assert_eq!(read.entries.first().and_then(|entry| entry.title.as_deref()), Some("x"), "{feed}");
    }
}
