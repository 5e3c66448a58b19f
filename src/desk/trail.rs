//! What became of an article: `/why` and `dateline why`, from the stage log.

use std::collections::{BTreeSet, HashMap};

use url::Url;

use crate::discord::DeskError;
use crate::domain::{DeliveryState, FeedId, GuildId};
use crate::feeds::canonical_url;
use crate::render::why::{Card, Nearly, Step, StoryTrail, Trail};
use crate::store::entries::{Outcome, Stage, StageRecord};
use crate::store::{SqliteConnection, articles, deliveries, entries, feeds, subscriptions};
use crate::tasks::group;

/// What became of the article at an address, however that is written; with a guild, of what its feeds offered and its
/// channels got. Nothing if no feed offered it.
pub async fn of(
    conn: &mut SqliteConnection,
    guild: Option<GuildId>,
    url: &Url,
) -> Result<Option<Trail>, DeskError> {
    let watched = match guild {
        Some(guild) => Some(feeds::ids_of_guild(conn, guild).await?),
        None => None,
    };
    for spelling in spellings(url) {
        let mut records = entries::history(conn, &spelling).await?;
        records.retain(|record| watched.as_ref().is_none_or(|watched| watched.contains(&record.feed)));
        if !records.is_empty() {
            return Ok(Some(trail(conn, guild, spelling, records).await?));
        }
    }
    Ok(None)
}

/// How a feed may have written an address that a person has from elsewhere.
fn spellings(url: &Url) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for base in [url.clone(), canonical_url(url)] {
        for scheme in [base.scheme().to_owned(), "https".to_owned(), "http".to_owned()] {
            let mut url = base.clone();
            // Between http and https this cannot fail; where it does the address stays as it is.
            let _ = url.set_scheme(&scheme);
            let other = match url.path().strip_suffix('/') {
                Some(bare) => bare.to_owned(),
                None => format!("{}/", url.path()),
            };
            let mut slashed = url.clone();
            slashed.set_path(&other);
            for spelling in [url.to_string(), slashed.to_string()] {
                if !all.contains(&spelling) {
                    all.push(spelling);
                }
            }
        }
    }
    all
}

async fn trail(
    conn: &mut SqliteConnection,
    guild: Option<GuildId>,
    url: String,
    records: Vec<StageRecord>,
) -> Result<Trail, DeskError> {
    let mut names: HashMap<FeedId, String> = HashMap::new();
    for feed in records.iter().map(|record| record.feed).collect::<BTreeSet<_>>() {
        if let Some(feed) = feeds::get(conn, feed).await? {
            names.insert(feed.id, feed.title.unwrap_or_else(|| feed.url.to_string()));
        }
    }
    let own = match guild {
        Some(guild) => Some(subscriptions::of_guild(conn, guild).await?),
        None => None,
    };
    let is_own =
        |channel: u64| own.as_ref().is_none_or(|own| own.iter().any(|other| other.channel.0 == channel));
    let steps = records
        .into_iter()
        // What other servers asked for and got is theirs to know.
        .filter(|record| channel_in(&record.detail).is_none_or(is_own))
        .map(|record| Step {
            at: record.at,
            feed: names.get(&record.feed).cloned().unwrap_or_default(),
            stage: stage(record.stage),
            outcome: match record.outcome {
                Outcome::Ok => "ok",
                Outcome::Retry => "retry",
                Outcome::Skipped => "skipped",
            },
            detail: record.detail,
        })
        .collect();
    let mut trail = Trail { url, headline: None, outlet: None, steps, story: None, nearly: Vec::new() };
    let Some(article) = articles::trace(conn, &trail.url).await? else { return Ok(trail) };
    trail.url = article.url;
    trail.headline = article.title;
    trail.outlet = Some(article.outlet);
    let Some(story) = article.story else { return Ok(trail) };
    let mut cards = deliveries::of_story(conn, story).await?;
    cards.retain(|(card, _)| guild.is_none_or(|guild| card.guild == guild));
    trail.story = Some(StoryTrail {
        story,
        headline: article.headline,
        articles: article.articles,
        cards: cards
            .iter()
            .map(|(card, error)| Card {
                channel: card.channel,
                state: match card.state {
                    DeliveryState::Due => "due",
                    DeliveryState::Posted => "posted",
                    DeliveryState::Held => "held",
                },
                message: card.message,
                error: error.clone(),
            })
            .collect(),
    });
    for subscription in own.into_iter().flatten() {
        let filter = &subscription.filter;
        let Some(topic) = &filter.topic else { continue };
        let nearest = group::nearest(conn, story, filter, subscription.meaning.as_ref()).await?;
        if let Some((nearest, found)) = nearest.filter(|(nearest, _)| *nearest > filter.sensitivity) {
            trail.nearly.push(Nearly { topic: topic.clone(), sensitivity: nearest.name(), why: found.0 });
        }
    }
    Ok(trail)
}

/// The channel that a line of the stage log speaks of.
fn channel_in(detail: &str) -> Option<u64> {
    let (_, rest) = detail.split_once("channel ")?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest[..end].parse().ok()
}

fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Poll => "poll",
        Stage::Fetch => "fetch",
        Stage::Clean => "clean",
        Stage::Read => "read",
        Stage::Group => "group",
        Stage::Match => "match",
        Stage::Post => "post",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_known_however_it_is_written() {
        let url = Url::parse("http://ledger.example/suez/?utm_source=x#top").unwrap();
        let all = spellings(&url);
        for written in
            ["https://ledger.example/suez", "http://ledger.example/suez/", "https://ledger.example/suez/"]
        {
            assert!(all.iter().any(|spelling| spelling == written), "{written}");
        }
        assert!(
            spellings(&Url::parse("https://ledger.example").unwrap())
                .contains(&"https://ledger.example/".to_owned())
        );
    }

    #[test]
    fn a_line_tells_its_channel() {
        assert_eq!(channel_in("goes to channel 123: names Nasser"), Some(123));
        assert_eq!(channel_in("fits channel 7 (names Nasser), but came late"), Some(7));
        assert_eq!(channel_in("shown in channel 12 as message 99"), Some(12));
        assert_eq!(channel_in("no channel asked for it"), None);
    }
}
