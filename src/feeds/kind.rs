//! Entries whose address leads to no article.
//!
//! What a feed itself shows of it: the address's file name and sections, the title's label, the files it offers.
//! No outlet is known by name; what cannot be told from these is told by the page.

use url::Url;

use crate::domain::FeedEntry;

/// Text beside a sound file that makes an entry an article to be listened to, in bytes of HTML; an episode's notes
/// are shorter.
const ARTICLE: usize = 3_000;

/// Why the entry's address is no article's, in words for the moderators; nothing where it may be one.
pub(super) fn no_article(entry: &FeedEntry) -> Option<&'static str> {
    let url = entry.url.as_ref()?;
    by_file(url)
        .or_else(|| by_media(entry, url))
        .or_else(|| by_section(url))
        .or_else(|| entry.title.as_deref().and_then(by_title))
}

fn by_file(url: &Url) -> Option<&'static str> {
    let (_, extension) = url.path().rsplit('/').next()?.rsplit_once('.')?;
    Some(match extension.to_ascii_lowercase().as_str() {
        "pdf" => "a PDF, not an article",
        "mp3" | "m4a" | "aac" | "ogg" | "oga" | "opus" | "wav" | "flac" => "a sound file, not an article",
        "mp4" | "m4v" | "mov" | "webm" | "avi" | "mkv" | "m3u8" => "a video, not an article",
        "jpg" | "jpeg" | "png" | "gif" | "webp" | "avif" | "svg" => "a picture, not an article",
        "doc" | "docx" | "xls" | "xlsx" | "ppt" | "pptx" | "odt" | "epub" | "zip" | "gz" | "exe" | "dmg" => {
            "a file to download, not an article"
        }
        _ => return None,
    })
}

fn by_media(entry: &FeedEntry, url: &Url) -> Option<&'static str> {
    let is =
        |kind: &Option<String>, wanted: &str| kind.as_deref().is_some_and(|kind| kind.starts_with(wanted));
    let long = entry.content.as_ref().is_some_and(|content| content.len() >= ARTICLE);
    for media in &entry.media {
        if media.url == *url && is(&media.kind, "video") {
            return Some("a video, not an article");
        }
        if is(&media.kind, "audio") && !long {
            return Some("an episode of a podcast, not an article");
        }
    }
    None
}

/// By a whole segment of the path, or the end of one: an article on video games is none.
fn by_section(url: &Url) -> Option<&'static str> {
    let path = url.path().to_ascii_lowercase();
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    // The last one is the article's own words, but for "watch" and its like with the rest in the query.
    let sections = segments.split_last().map_or(&[][..], |(_, sections)| sections);
    for section in sections {
        match *section {
            "video" | "videos" | "watch" => return Some("a video, not an article"),
            "podcast" | "podcasts" | "audio" => return Some("an episode of a podcast, not an article"),
            "gallery" | "galleries" | "slideshow" | "photo-gallery" => {
                return Some("a gallery, not an article");
            }
            "live" | "liveblog" | "live-blog" | "live-updates" | "live-news" => {
                return Some("a live blog, not an article");
            }
            _ => {}
        }
    }
    let last = *segments.last()?;
    if last == "watch" && url.query().is_some() {
        return Some("a video, not an article");
    }
    ["live-blog", "liveblog", "live-updates"]
        .iter()
        .any(|end| last.trim_end_matches(".html").ends_with(end))
        .then_some("a live blog, not an article")
}

/// By the label that publishers set before a title.
fn by_title(title: &str) -> Option<&'static str> {
    let (label, rest) = title.split_once([':', '|', ']'])?;
    if rest.trim().is_empty() {
        return None;
    }
    Some(match label.trim().trim_start_matches('[').to_lowercase().as_str() {
        "video" | "watch" | "watch live" => "a video, not an article",
        "podcast" | "listen" | "audio" => "an episode of a podcast, not an article",
        "in pictures" | "gallery" | "photos" | "pictures" => "a gallery, not an article",
        "live updates" | "live blog" | "liveblog" => "a live blog, not an article",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Media;

    fn entry(url: &str, title: &str) -> FeedEntry {
        FeedEntry {
            url: Some(Url::parse(url).unwrap()),
            title: Some(title.to_owned()),
            ..FeedEntry::default()
        }
    }

    #[test]
    fn what_an_address_and_a_title_tell() {
        let word = |url: &str, title: &str| {
            no_article(&entry(url, title)).map(|reason| reason.trim_end_matches(", not an article"))
        };
        for (url, title, expected) in [
            ("https://a.example/1912/titanic", "Titanic sinks", None),
            ("https://a.example/video-games/pong.html", "Video games arrive", None),
            ("https://a.example/news/watch", "A watch for the Navy", None),
            ("https://a.example/sport/live-at-wembley", "Live at Wembley: 100,000 sing", None),
            ("https://a.example/report.PDF", "The report", Some("a PDF")),
            ("https://a.example/a/moon.mp3?x=1", "Moon", Some("a sound file")),
            ("https://a.example/moon.mp4", "Moon", Some("a video")),
            ("https://a.example/moon.jpg", "Moon", Some("a picture")),
            ("https://a.example/moon.docx", "Moon", Some("a file to download")),
            ("https://a.example/news/videos/moon", "Moon", Some("a video")),
            ("https://a.example/watch?v=1969", "Moon", Some("a video")),
            ("https://a.example/podcasts/1969/moon", "Moon", Some("an episode of a podcast")),
            ("https://a.example/gallery/moon", "Moon", Some("a gallery")),
            ("https://a.example/space/live/1969/jul/20/moon", "Moon", Some("a live blog")),
            ("https://a.example/1969/moon-landing-live-updates", "Moon", Some("a live blog")),
            ("https://a.example/1", "Video: the Eagle lands", Some("a video")),
            ("https://a.example/1", "[Podcast] What the Eagle found", Some("an episode of a podcast")),
            ("https://a.example/1", "In pictures: the Moon", Some("a gallery")),
            ("https://a.example/1", "Live updates: the Eagle lands", Some("a live blog")),
            ("https://a.example/1", "Video:", None),
        ] {
            assert_eq!(word(url, title), expected, "{url} {title}");
        }
        assert_eq!(no_article(&FeedEntry::default()), None);
    }

    #[test]
    fn what_its_files_tell() {
        let with = |kind: &str, url: &str, content: usize| FeedEntry {
            media: vec![Media { url: Url::parse(url).unwrap(), kind: Some(kind.to_owned()) }],
            content: Some("x".repeat(content)),
            ..entry("https://a.example/moon", "Moon")
        };
        for (found, expected) in [
            (with("image/jpeg", "https://a.example/moon.jpg", 100), false),
            (with("video/mp4", "https://a.example/moon.mp4", 100), false),
            (with("video", "https://a.example/moon", 100), true),
            (with("audio/mpeg", "https://a.example/moon.mp3", 100), true),
            (with("audio/mpeg", "https://a.example/read-aloud.mp3", ARTICLE), false),
        ] {
            assert_eq!(no_article(&found).is_some(), expected, "{found:?}");
        }
    }
}
