//! The update: what one more outlet told that nobody had told before, as a reply to the story's card.

use super::buttons::Press;
use super::card::{NEWS, headline, news_words, read_button};
use super::limits::max;
use super::telling::{Telling, tellings};
use super::words::say;
use super::{Action, Button, Embed, Message};
use crate::domain::{ArticleId, Locale, Nonce, Story};

/// What an article of the story told; nothing where it is no more in the story, or told nothing new. Within Discord's
/// limits for any story.
pub fn update(story: &Story, article: ArticleId, nonce: &Nonce, locale: Locale) -> Option<Message> {
    let source = story.source(article)?;
    let news = news_words(source.news.as_ref()?, max::DESCRIPTION / 4, locale);
    if news.is_empty() {
        return None;
    }
    let telling = Telling::of(source);
    let line = telling.line(locale, max::DESCRIPTION / 4);
    let embed = Embed {
        author: Some(say(locale, "Update").to_owned()),
        title: Some(headline(&story.digest, &tellings(story), max::TITLE, locale)),
        description: Some(format!("{news}\n-# {line}")),
        colour: NEWS,
        ..Embed::default()
    };
    let sources = Action::Custom(Press::Sources(nonce.clone()).to_string());
    let mut row = read_button(&[telling], locale);
    row.push(Button { label: say(locale, "Sources").to_owned(), action: sources });
    Some(Message { embeds: vec![embed], buttons: vec![row], ..Message::default() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixtures::{HARMS, hostile_stories, nonce, quake, texts};
    use crate::render::{terminal, validate};

    #[test]
    fn an_update_tells_what_is_new_and_who_says_so() {
        let story = quake();
        let newest = story.latest_news().unwrap().0.article_id;
        let message = update(&story, newest, &nonce(), Locale::English).unwrap();
        insta::assert_snapshot!(terminal(&message, 84, false), @"
        ▌ Update
        ▌ Earthquake strikes San Francisco Bay
        ▌ A mile of the Nimitz Freeway fell onto the lanes below. · 5 dead (before: 3 dead)
        ▌ · first named: George Deukmejian
        ▌ Meridian Wire <https://wire.example/quake> — 18 October 1989, 02:30 UTC

        [ Read ↗ ] [ Sources ]
        ");
        assert_eq!(update(&story, story.lead, &nonce(), Locale::English), None, "the first tells it all");
        assert_eq!(update(&story, ArticleId(-1), &nonce(), Locale::English), None);
    }

    #[test]
    fn any_stories_fit() {
        for (what, story) in hostile_stories() {
            for source in &story.sources {
                let Some(message) = update(&story, source.article_id, &nonce(), Locale::English) else {
                    continue;
                };
                assert_eq!(validate(&message), Ok(()), "{what}");
                for harm in HARMS {
                    assert!(!texts(&message).iter().any(|text| text.contains(harm)), "{what}: {harm}");
                }
            }
        }
    }
}
