//! A page that asks for consent to tracking where the article should be.

/// What such a page says to whoever it holds up; news says it of others.
const ADDRESSES: &[&str] = &[
    "we and our", "our partners", "we value your", "we care about your", "we use cookies", "your privacy",
    "your device", "your data", "your personal data", "your choices", "your consent", "your preferences",
    "you accept", "you agree", "you can withdraw", "before you continue", "accept all", "reject all",
];

const TOPICS: &[&str] =
    &["cookie", "consent", "privacy", "personal data", "advertis", "partners", "gdpr", "legitimate interest"];

/// More words than this are an article, whatever it is about.
const MOST_WORDS: usize = 600;
/// So many different addresses, and topics, make a wall.
const LEAST: usize = 2;

/// Whether the paragraphs of a page, at least half of them, ask for consent.
pub fn asks_for_consent(paragraphs: &[String]) -> bool {
    let words: usize = paragraphs.iter().map(|text| text.split_whitespace().count()).sum();
    if paragraphs.is_empty() || words > MOST_WORDS {
        return false;
    }
    let lower: Vec<String> = paragraphs.iter().map(|text| text.to_lowercase()).collect();
    let says = |marks: &[&str], text: &String| marks.iter().any(|mark| text.contains(mark));
    let different =
        |marks: &[&str]| marks.iter().filter(|mark| lower.iter().any(|text| text.contains(**mark))).count();
    let asking = lower.iter().filter(|text| says(ADDRESSES, text) || says(TOPICS, text)).count();
    asking * 2 >= paragraphs.len() && different(ADDRESSES) >= LEAST && different(TOPICS) >= LEAST
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wall(text: &str) -> bool {
        asks_for_consent(&text.lines().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn a_wall_is_told_from_news_about_consent() {
        assert!(wall(
            "We value your privacy\nWe and our partners store information on your device, such as cookies, and \
             process personal data for advertising.\nYou can change your preferences at any time."
        ));
        assert!(wall(
            "Before you continue\nWe use cookies to measure audiences. Reject all or read our privacy policy."
        ));
        assert!(!wall(
            "Parliament passed a law on Tuesday that makes websites ask before they set cookies.\nThe minister said \
             that consent protects the privacy of readers.\nPublishers fear for their advertising."
        ));
        assert!(!wall(""));
    }
}
