//! Plain text cut into paragraphs: one a line, or wrapped at a margin and parted by blank lines.

use super::shape;

/// Longer lines than this, in characters, are not wrapped by a margin.
const WIDEST_MARGIN: usize = 110;
const NARROWEST_MARGIN: usize = 36;

/// Paragraphs of a text, one line each, in order.
pub(super) fn paragraphs(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let Some(margin) = margin(&lines) else {
        return lines.into_iter().map(shape::collapse).filter(|line| !line.is_empty()).collect();
    };
    let mut paragraphs: Vec<String> = Vec::new();
    let mut previous: Option<&str> = None;
    for line in lines {
        let collapsed = shape::collapse(line);
        match (previous, paragraphs.last_mut()) {
            (Some(before), Some(paragraph)) if !collapsed.is_empty() && joins(before, line, margin) => {
                // A word divided at the margin keeps its hyphen: it may be a compound.
                if !paragraph.ends_with('-') || paragraph.ends_with(" -") {
                    paragraph.push(' ');
                }
                paragraph.push_str(&collapsed);
            }
            _ if !collapsed.is_empty() => paragraphs.push(collapsed.clone()),
            _ => {}
        }
        previous = (!collapsed.is_empty()).then_some(line);
    }
    paragraphs
}

/// The width that the text was wrapped to, in characters, if it was: the next word would not have fitted
/// on nearly every line that another one follows.
fn margin(lines: &[&str]) -> Option<usize> {
    let width = lines.iter().map(|line| line.trim_end().chars().count()).max()?;
    if !(NARROWEST_MARGIN..=WIDEST_MARGIN).contains(&width) {
        return None;
    }
    let breaks: Vec<(&str, &str)> = lines
        .windows(2)
        .filter_map(|pair| match pair {
            [a, b] if !a.trim().is_empty() && !b.trim().is_empty() => Some((*a, *b)),
            _ => None,
        })
        .collect();
    let forced = breaks.iter().filter(|(line, next)| is_full(line, next, width)).count();
    // Lines that break inside a sentence are what tells wrapped prose from a list of headlines.
    let inside = breaks
        .iter()
        .filter(|(line, next)| {
            !shape::ends_sentence(line)
                && next.trim_start().starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit())
        })
        .count();
    (breaks.len() >= 2 && 3 * forced >= 2 * breaks.len() && 2 * inside >= breaks.len()).then_some(width)
}

fn is_full(line: &str, next: &str, margin: usize) -> bool {
    let word = next.split_whitespace().next().map_or(0, |word| word.chars().count());
    line.trim_end().chars().count() + 1 + word > margin.saturating_sub(3)
}

/// Whether the next line goes on with the paragraph.
fn joins(line: &str, next: &str, margin: usize) -> bool {
    let indented = next.starts_with([' ', '\t']) && !line.starts_with([' ', '\t']);
    let ended = shape::ends_sentence(line);
    let capital = next.trim_start().starts_with(|c: char| c.is_uppercase());
    let cut_off = capital && shape::is_cut_off(line);
    !indented && !cut_off && (is_full(line, next, margin) || (!ended && !capital))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapped_lines_become_paragraphs() {
        let text = "The first men to reach the South Pole planted\nthe flag of Norway there on December 14, 1911,\nfive weeks before their British rivals.\n\nAmundsen left a tent and a letter to the king,\nwhich he asked Scott to deliver.\n";
        assert_eq!(
            paragraphs(text),
            [
                "The first men to reach the South Pole planted the flag of Norway there on December 14, 1911, five weeks before their British rivals.",
                "Amundsen left a tent and a letter to the king, which he asked Scott to deliver.",
            ]
        );
    }

    #[test]
    fn teasers_below_wrapped_prose_stay_apart() {
        let text = "The first men to reach the South Pole planted\nthe flag of Norway there on December 14, 1911,\nfive weeks before their British rivals came.\n\nParliament debates the new naval budget in…\nThe price of coal has risen again since the…\n";
        assert_eq!(paragraphs(text).len(), 3);
    }

    #[test]
    fn a_line_is_a_paragraph_elsewhere() {
        let long = "A paragraph on one line that is longer than any margin, as those of scraped texts are, because nothing wraps them there.";
        assert_eq!(paragraphs(&format!("{long}\n{long}\r\n\n  {long}")), [long, long, long]);
        let headlines = "Canal opens to ships of all nations\nTower of iron divides the city of Paris\nBridge at Brooklyn bears its first load";
        assert_eq!(paragraphs(headlines).len(), 3);
        assert_eq!(paragraphs(" \n\n"), Vec::<String>::new());
    }
}
