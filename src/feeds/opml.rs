//! Lists of feeds in OPML (opml.org, versions 1 and 2), read and written.
//!
//! Lists are as broken as feeds: undeclared entities, ends that are missing, no body. A strict reader of
//! XML refuses such a list whole, so the scanner reads this markup too, in one pass and without recursion.

use url::Url;

use super::escape::escape_all;
use super::scan::{self, Event};
use super::{FeedError, decode, text};
use crate::domain::Feed;

/// Feeds read of one list.
const MAX_FEEDS: usize = 5_000;
/// Outlines inside one another.
const MAX_DEPTH: usize = 200;
/// Characters kept of a name.
const MAX_NAME: usize = 500;

/// A feed of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub url: Url,
    pub title: Option<String>,
    /// Names of the folders it lies in, the outermost first.
    pub folders: Vec<String>,
}

/// What a list holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedList {
    pub title: Option<String>,
    /// In its order, each address once.
    pub feeds: Vec<Listed>,
    /// Addresses that cannot be a feed's, as they are written there.
    pub unusable: Vec<String>,
    /// Feeds that were left out: an address named again, or one too many.
    pub repeated: usize,
    pub beyond: usize,
    /// What was wrong with it, a sentence each.
    pub warnings: Vec<String>,
}

/// Reads a list of feeds; what can be read of a broken one, with warnings.
pub fn read(bytes: &[u8]) -> Result<FeedList, FeedError> {
    let (text, warnings) = decode::decode(bytes, None);
    let mut list = FeedList { warnings, ..FeedList::default() };
    let mut reader = Reader::default();
    for event in scan::Scanner::new(&text) {
        match event {
            Event::Start { name, attributes, empty } => reader.start(name, attributes, empty, &mut list)?,
            Event::End { name } => reader.end(name, &mut list),
            Event::Text(text) | Event::Cdata(text) => reader.text(text),
            Event::Entity => return Err(FeedError::Entities),
            Event::Mended(what) => warn(&mut list, what),
            Event::Truncated => warn(&mut list, "The list ends in the middle."),
        }
    }
    if !reader.is_list {
        return Err(FeedError::NotAList);
    }
    if !reader.open.is_empty() {
        warn(&mut list, "The list ends in the middle.");
    }
    if list.beyond > 0 {
        list.warnings.push(format!("The list has more than {MAX_FEEDS} feeds; the first were read."));
    }
    Ok(list)
}

fn warn(list: &mut FeedList, what: &str) {
    if !list.warnings.iter().any(|known| known == what) {
        list.warnings.push(what.to_owned());
    }
}

#[derive(Default)]
struct Reader {
    is_list: bool,
    /// Names of the open outlines; nothing for one without a name.
    open: Vec<Option<String>>,
    /// The title of the head, while it is open.
    title: Option<String>,
    seen: std::collections::HashSet<Url>,
}

impl Reader {
    fn start(
        &mut self,
        name: &str,
        attributes: &str,
        empty: bool,
        list: &mut FeedList,
    ) -> Result<(), FeedError> {
        match name.to_ascii_lowercase().as_str() {
            "opml" => self.is_list = true,
            "title" if self.is_list && self.open.is_empty() && list.title.is_none() && !empty => {
                self.title = Some(String::new());
            }
            "outline" if self.is_list => {
                let value = |name: &str| {
                    scan::attribute(attributes, name).and_then(|value| text::plain(value, true, MAX_NAME))
                };
                let title = value("text").or_else(|| value("title"));
                if scan::attribute(attributes, "xmlurl").is_some() {
                    self.feed(scan::attribute(attributes, "xmlurl"), title.clone(), list);
                }
                if !empty {
                    if self.open.len() >= MAX_DEPTH {
                        return Err(FeedError::TooDeep { limit: MAX_DEPTH });
                    }
                    self.open.push(title);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn feed(&mut self, address: Option<&str>, title: Option<String>, list: &mut FeedList) {
        let address = address.and_then(|address| text::plain(address, false, usize::MAX)).unwrap_or_default();
        let Some(url) = address_of(&address) else {
            list.unusable.push(address.chars().take(MAX_NAME).collect());
            return;
        };
        if self.seen.contains(&url) {
            list.repeated += 1;
        } else if list.feeds.len() >= MAX_FEEDS {
            list.beyond += 1;
        } else {
            self.seen.insert(url.clone());
            let folders = self.open.iter().flatten().cloned().collect();
            list.feeds.push(Listed { url, title, folders });
        }
    }

    fn end(&mut self, name: &str, list: &mut FeedList) {
        match name.to_ascii_lowercase().as_str() {
            "outline" if self.open.pop().is_none() => {
                warn(list, "Outlines of the list are closed that were not open.");
            }
            "title" => {
                if let Some(title) = self.title.take() {
                    list.title = text::plain(&title, true, MAX_NAME);
                }
            }
            // What is still open in a body that ends was forgotten.
            "body" | "opml" if !self.open.is_empty() => {
                warn(list, "Outlines of the list are not closed.");
                self.open.clear();
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(title) = &mut self.title
            && title.len() + text.len() <= 4 * MAX_NAME
        {
            title.push_str(text);
        }
    }
}

/// The address of a feed, which some readers write as `feed://host/…` or `feed:https://host/…`.
fn address_of(text: &str) -> Option<Url> {
    let text = match text.strip_prefix("feed:") {
        Some(rest) if rest.starts_with("//") => format!("http:{rest}"),
        Some(rest) => rest.to_owned(),
        None => text.to_owned(),
    };
    Url::parse(&text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// The feeds that the bot watches, as a list for other readers.
pub fn of_watched(feeds: &[Feed]) -> String {
    let listed: Vec<Listed> = feeds
        .iter()
        .map(|feed| Listed { url: feed.url.as_url().clone(), title: feed.title.clone(), folders: Vec::new() })
        .collect();
    write("Feeds watched by dateline", &listed)
}

/// A list of feeds, version 2.0, UTF-8; their folders are written as its outlines.
pub fn write(title: &str, feeds: &[Listed]) -> String {
    let mut out =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n<head><title>");
    escape_all(title, &mut out);
    out.push_str("</title></head>\n<body>\n");
    let mut open: &[String] = &[];
    for feed in feeds {
        let common = open.iter().zip(&feed.folders).take_while(|(open, wanted)| open == wanted).count();
        for _ in common..open.len() {
            out.push_str("</outline>\n");
        }
        for folder in feed.folders.get(common..).unwrap_or_default() {
            out.push_str("<outline text=\"");
            attribute(folder, &mut out);
            out.push_str("\">\n");
        }
        open = &feed.folders;
        let name = feed.title.as_deref().or(feed.url.host_str()).unwrap_or_default();
        out.push_str("<outline type=\"rss\" text=\"");
        attribute(name, &mut out);
        out.push_str("\" xmlUrl=\"");
        attribute(feed.url.as_str(), &mut out);
        out.push_str("\"/>\n");
    }
    for _ in open {
        out.push_str("</outline>\n");
    }
    out.push_str("</body>\n</opml>\n");
    out
}

fn attribute(value: &str, out: &mut String) {
    let mut escaped = String::with_capacity(value.len());
    escape_all(value, &mut escaped);
    out.push_str(&escaped.replace('"', "&quot;").replace(['\n', '\r', '\t'], " "));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(bytes: &[u8]) -> String {
        match read(bytes) {
            Ok(list) => {
                let mut out = list.title.map(|title| format!("# {title}\n")).unwrap_or_default();
                for feed in &list.feeds {
                    let title = feed.title.as_deref().unwrap_or("-");
                    out.push_str(&format!("{} | {title} | {}\n", feed.url, feed.folders.join("/")));
                }
                for address in &list.unusable {
                    out.push_str(&format!("! unusable: {address}\n"));
                }
                for warning in &list.warnings {
                    out.push_str(&format!("! {warning}\n"));
                }
                out
            }
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn nested_lists() {
        let list = r#"<?xml version="1.0"?><opml version="2.0"><head><title> Papers &amp; wires </title></head><body>
            <outline text="Space"><outline title="Moon"><outline text="Courier" type="rss"
              xmlUrl=" https://courier.example/rss?a=1&amp;b=2 "/></outline>
            <outline text="Again" xmlUrl="https://courier.example/rss?a=1&amp;b=2"/></outline>
            <OUTLINE TEXT="Gazette" XMLURL="feed://gazette.example/"></OUTLINE>
            <outline xmlUrl="feed:https://herald.example/"/><outline text="A note"/><outline text="Elsewhere" type="link" url="https://links.example/"/>
            <outline text="Hidden" xmlUrl="file:///etc/passwd"/></body></opml>"#;
        assert_eq!(
            shown(list.as_bytes()),
            "# Papers & wires\n\
             https://courier.example/rss?a=1&b=2 | Courier | Space/Moon\n\
             http://gazette.example/ | Gazette | \n\
             https://herald.example/ | - | \n\
             ! unusable: file:///etc/passwd\n"
        );
    }

    #[test]
    fn broken_lists() {
        let feed = "<outline text='Caf&eacute; &nonsense; <' xmlUrl='https://cafe.example/rss'/>";
        let read = "https://cafe.example/rss | Café &nonsense; < | \n";
        for (list, expected) in [
            (format!("<opml>{feed}"), read.to_owned()),
            (format!("<opml><body>{feed}</nonsense></body></opml>"), read.to_owned()),
            (
                format!("<opml><body><outline text='A'>{feed}</body></opml>"),
                "https://cafe.example/rss | Café &nonsense; < | A\n! Outlines of the list are not closed.\n"
                    .to_owned(),
            ),
            (
                format!("<opml><body>{feed}</outline><outline xmlUrl='https://b"),
                format!(
                    "{read}! Outlines of the list are closed that were not open.\n! The list ends in the middle.\n"
                ),
            ),
            (format!("<opml><body>{feed}<outline><outl"), format!("{read}! The list ends in the middle.\n")),
            ("<opml xmlns><body/></opml>".to_owned(), String::new()),
            ("<html></html>".to_owned(), "not a list of feeds (OPML)".to_owned()),
            (String::new(), "not a list of feeds (OPML)".to_owned()),
            (
                "<!DOCTYPE a [<!ENTITY b 'c'>]><opml/>".to_owned(),
                "refused: the feed declares entities of its own".to_owned(),
            ),
            (
                format!("<opml>{}", "<outline>".repeat(10_000)),
                "refused: the feed's markup is nested more than 200 deep".to_owned(),
            ),
        ] {
            assert_eq!(shown(list.as_bytes()), expected, "{list:.200}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let feed = |url: &str, title: Option<&str>, folders: &[&str]| Listed {
            url: Url::parse(url).unwrap(),
            title: title.map(str::to_owned),
            folders: folders.iter().map(|folder| (*folder).to_owned()).collect(),
        };
        let feeds = [
            feed("https://a.example/?x=1&y=2", Some("A \"quoted\" <one> & more"), &["News", "World"]),
            feed("https://b.example/", Some("B"), &["News"]),
            feed("https://c.example/", Some("C"), &["Space"]),
            feed("https://d.example/", Some("D"), &[]),
        ];
        let list = read(write("Feeds & more", &feeds).as_bytes()).unwrap();
        assert_eq!(
            list,
            FeedList { title: Some("Feeds & more".to_owned()), feeds: feeds.to_vec(), ..FeedList::default() }
        );
        let unnamed = read(write("", &[feed("https://e.example/", None, &[])]).as_bytes()).unwrap();
        assert_eq!(unnamed.feeds[0].title.as_deref(), Some("e.example"));
    }

    #[test]
    fn a_flood_of_feeds_is_cut() {
        let outlines: String =
            (0..MAX_FEEDS + 10).map(|n| format!("<outline xmlUrl='https://{n}.example/'/>")).collect();
        let list = read(format!("<opml>{outlines}</opml>").as_bytes()).unwrap();
        assert_eq!(list.feeds.len(), MAX_FEEDS);
        assert_eq!(list.warnings, ["The list has more than 5000 feeds; the first were read."]);
        assert_eq!((list.beyond, list.repeated), (10, 0));
    }

    #[test]
    fn what_is_left_out_is_counted() {
        let outlines = ["https://a.example/", "https://a.example/", "file:///etc/passwd", "nonsense"];
        let outlines = outlines.map(|url| format!("<outline xmlUrl='{url}'/>")).concat();
        let list = read(format!("<opml>{outlines}</opml>").as_bytes()).unwrap();
        assert_eq!((list.feeds.len(), list.repeated, list.beyond), (1, 1, 0));
        assert_eq!(list.unusable, ["file:///etc/passwd", "nonsense"]);
    }
}
