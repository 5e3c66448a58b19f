//! A desk with two stories, one feed and one subscription, for the tests of commands and buttons.

use chrono::DateTime;
use chrono_tz::Tz;
use tokio::sync::watch;
use url::Url;

use super::super::desk::*;
use super::super::errors::told;
use super::complete::{feed_choices, subscription_choices};
use super::{MODERATORS_ONLY, all, may_moderate};
use crate::domain::{
    ActorKind, ChannelId, Feed, FeedId, FeedRecord, FeedState, FeedUrl, Filter, GuildId, Headline, Locale,
    Nonce, Settings, SettingsChange, Story, StoryId, Subscription, SubscriptionId, SubscriptionState, Terms,
    UserId, Validators, Verdict,
};
use crate::render::answer::{
    DigestedPage, ImportedFeeds, Preview, ReportQueue, Status, StoryPage, SubscriptionView,
};
use crate::render::chronicle::ActorView;
use crate::render::fixtures::{moon, nonce, quake, ultimatum};
use crate::render::why::Trail;
use crate::render::{Message, terminal, validate};

#[derive(Default)]
pub struct FakeDesk {
    /// The channel that was last reported deleted.
    pub gone: watch::Sender<Option<ChannelId>>,
    /// The language that the guild was last said to prefer.
    pub language: watch::Sender<Option<Locale>>,
    /// Until this is true, nothing that is asked is answered: disk and models are busy.
    pub free: Option<watch::Receiver<bool>>,
}

impl FakeDesk {
    fn ready<'a, T: Send + 'a>(&'a self, value: T) -> Reply<'a, T> {
        Box::pin(async move {
            if let Some(mut free) = self.free.clone() {
                free.wait_for(|free| *free).await.map_err(|_| anyhow::anyhow!("nobody frees the desk"))?;
            }
            Ok(value)
        })
    }
}

/// An answer as a person sees it.
pub fn shown(answer: Result<Message, DeskError>) -> String {
    let message = answer.unwrap_or_else(|error| told(&error, "a test", Locale::English));
    assert_eq!(validate(&message), Ok(()));
    terminal(&message, 84, false)
}

fn refuse<'a, T: Send + 'a>(sentence: &'static str) -> Reply<'a, T> {
    let error = DeskError::user(sentence);
    Box::pin(async move { Err(error) })
}

fn feed() -> Feed {
    Feed {
        id: FeedId(7),
        url: FeedUrl::parse("https://florida.example/rss").unwrap(),
        title: Some("The Florida Example".to_owned()),
        state: FeedState::Active,
        rhythm: crate::domain::Rhythm::default(),
        moving: None,
        validators: Validators::default(),
        next_poll_at: DateTime::UNIX_EPOCH,
        last_success_at: None,
        failures: 0,
        failing_since: None,
        last_error: None,
    }
}

fn view(request: SubscribeRequest) -> SubscriptionView {
    let feed = request.filter.feed.map(|_| "The Florida Example".to_owned());
    let subscription = Subscription {
        id: SubscriptionId(5),
        guild: request.guild,
        channel: request.channel,
        filter: request.filter,
        meaning: None,
        terms: request.terms,
        state: SubscriptionState::Active,
        since: DateTime::UNIX_EPOCH,
        created_by: request.by,
        created_at: DateTime::UNIX_EPOCH,
        changed: None,
    };
    SubscriptionView { subscription, feed }
}

fn space() -> SubscriptionView {
    let filter = Filter { topic: Some("space".to_owned()), ..Filter::default() };
    let (guild, channel, by) = (GuildId(1), ChannelId(3), UserId(2));
    view(SubscribeRequest { guild, channel, by, filter, terms: Terms::default() })
}

/// Those of some stories that are kept, in their order.
fn kept(ids: &[StoryId]) -> Vec<Story> {
    let kept = [moon(), ultimatum()];
    ids.iter().filter_map(|id| kept.iter().find(|story| story.id == *id).cloned()).collect()
}

fn listed(ids: Vec<StoryId>, on_page: usize) -> Listed {
    Listed { first: kept(StoryPage::ids_on(&ids, on_page, 0)), ids }
}

impl Desk for FakeDesk {
    fn time_zone(&self, _: GuildId) -> Reply<'_, Tz> {
        self.ready(Tz::UTC)
    }

    fn latest(&self, query: LatestQuery, on_page: usize) -> Reply<'_, Listed> {
        let known = query.topic.as_deref() != Some("nothing");
        self.ready(if known { listed(vec![StoryId(11), StoryId(14)], on_page) } else { Listed::default() })
    }

    fn search(&self, query: SearchQuery, on_page: usize) -> Reply<'_, Listed> {
        let known = query.query != "nothing";
        self.ready(if known { listed(vec![StoryId(11)], on_page) } else { Listed::default() })
    }

    fn stories(&self, ids: Vec<StoryId>) -> Reply<'_, Vec<Story>> {
        self.ready(kept(&ids))
    }

    fn story_by_nonce(&self, asked: Nonce) -> Reply<'_, Option<Story>> {
        self.ready((asked == nonce()).then(moon))
    }

    fn roundup(&self, asked: Nonce) -> Reply<'_, Vec<StoryId>> {
        self.ready(if asked == nonce() { vec![StoryId(11), StoryId(14)] } else { Vec::new() })
    }

    fn settings(&self, _: GuildId, _: Option<ChannelId>) -> Reply<'_, Settings> {
        self.ready(Settings {
            time_zone: Tz::UTC,
            quiet_hours: None,
            locale: self.language.borrow().unwrap_or_default(),
            reply_updates: false,
            crosspost: false,
        })
    }

    fn set(&self, request: SetRequest) -> Reply<'_, Settings> {
        let SettingsChange { time_zone, quiet_hours, locale, reply_updates, crosspost, .. } = request.change;
        self.ready(Settings {
            time_zone: time_zone.unwrap_or(Tz::UTC),
            quiet_hours: quiet_hours.flatten(),
            locale: locale.flatten().unwrap_or_default(),
            reply_updates: reply_updates.unwrap_or_default(),
            crosspost: crosspost.unwrap_or_default(),
        })
    }

    fn file_report(&self, _: GuildId, _: UserId, _: Nonce) -> Reply<'_, Filed> {
        self.ready(Filed::Noted)
    }

    fn reports(&self, _: GuildId) -> Reply<'_, ReportQueue> {
        self.ready(ReportQueue::default())
    }

    fn settle(&self, _: GuildId, _: UserId, _: Nonce, _: Verdict) -> Reply<'_, ()> {
        self.ready(())
    }

    fn story(&self, guild: GuildId, id: StoryId) -> Reply<'_, Option<Story>> {
        self.ready(Some(quake()).filter(|story| story.id == id && guild == GuildId(1)))
    }

    fn actor(&self, query: ActorQuery, _: usize) -> Reply<'_, Option<(ActorView, Vec<Story>)>> {
        let view = ActorView {
            name: "Neil Armstrong".to_owned(),
            kind: ActorKind::Person,
            role: Some("commander".to_owned()),
            also: Vec::new(),
            articles: 3,
            more: false,
            stories: vec![StoryId(11)],
            first: DateTime::UNIX_EPOCH,
            last: DateTime::UNIX_EPOCH,
            with: vec![("Buzz Aldrin".to_owned(), 1)],
        };
        self.ready((query.name == "Armstrong").then(|| (view, kept(&[StoryId(11)]))))
    }

    fn headlines(&self, _: GuildId, typed: String) -> Reply<'_, Vec<Headline>> {
        let url = "https://florida.example/moon-landing".to_owned();
        self.ready(vec![Headline { story: StoryId(20), words: format!("{typed}…"), url }])
    }

    fn digest_url(&self, url: Url) -> Reply<'_, DigestedPage> {
        match url.host_str() {
            Some("down.example") => return refuse("The page did not answer."),
            Some("broken.example") => return Box::pin(async { Err(anyhow::anyhow!("disk full").into()) }),
            Some("panic.example") => return Box::pin(async { panic!("a mistake of ours") }),
            _ => (),
        }
        self.ready(DigestedPage {
            image: None,
            icon: None,
            digest: ultimatum().digest,
            outlet: "Example Tribune".to_owned(),
            url,
            published: None,
        })
    }

    fn subscribe(&self, request: SubscribeRequest) -> Reply<'_, Subscribed> {
        let examples = vec![(moon(), "about “space”: likeness .61, word space".to_owned())];
        self.ready(Subscribed { view: view(request), preview: Preview { counts: [2, 4, 9], examples } })
    }

    fn subscriptions(&self, _: GuildId) -> Reply<'_, Vec<SubscriptionView>> {
        self.ready(vec![space()])
    }

    fn toggle(
        &self,
        _: GuildId,
        _: UserId,
        id: SubscriptionId,
    ) -> Reply<'_, Option<(SubscriptionView, bool)>> {
        self.ready((id == SubscriptionId(5)).then(|| (space(), false)))
    }

    fn why(&self, _: GuildId, url: Url) -> Reply<'_, Option<Trail>> {
        let trail = Trail {
            url: url.to_string(),
            headline: Some("Two men walk on the Moon".to_owned()),
            outlet: None,
            steps: Vec::new(),
            story: None,
            nearly: Vec::new(),
        };
        self.ready((url.host_str() == Some("florida.example")).then_some(trail))
    }

    fn unsubscribe(&self, _: GuildId, _: UserId, id: SubscriptionId) -> Reply<'_, Option<SubscriptionView>> {
        self.ready((id == SubscriptionId(5)).then(space))
    }

    fn add_feed(&self, _: GuildId, _: UserId, address: String) -> Reply<'_, AddedFeed> {
        if address == "intranet" {
            return refuse("That is not an address; write it whole, such as https://example.org/feed.xml.");
        }
        self.ready(AddedFeed { feed: feed(), already: false })
    }

    fn import_feeds(&self, _: GuildId, _: UserId, _: Vec<u8>) -> Reply<'_, ImportedFeeds> {
        self.ready(ImportedFeeds { added: 1, ..ImportedFeeds::default() })
    }

    fn feeds(&self, _: GuildId) -> Reply<'_, Vec<Feed>> {
        self.ready(vec![feed()])
    }

    fn feed_history(&self, _: GuildId, id: FeedId) -> Reply<'_, Option<(Feed, Vec<FeedRecord>)>> {
        let record = |words: &str, hour: i64| FeedRecord {
            words: words.to_owned(),
            at: feed().next_poll_at - chrono::TimeDelta::hours(hour),
        };
        let history = vec![record("reads again", 2), record("failed: the server answered 503", 3)];
        self.ready((id == FeedId(7)).then(|| (feed(), history)))
    }

    fn remove_feed(&self, _: GuildId, id: FeedId) -> Reply<'_, Option<Feed>> {
        self.ready((id == FeedId(7)).then(feed))
    }

    fn status(&self) -> Reply<'_, Status> {
        self.ready(Status::default())
    }

    fn complete(&self, _: GuildId, _: Stored, typed: String) -> Reply<'_, Vec<String>> {
        self.ready(vec![format!("{typed}…")])
    }

    fn guild_speaks(&self, _: GuildId, locale: Locale) -> Reply<'_, ()> {
        self.language.send_replace(Some(locale));
        self.ready(())
    }

    fn channel_gone(&self, channel: ChannelId) -> Reply<'_, ()> {
        self.gone.send_replace(Some(channel));
        self.ready(())
    }

    fn guild_gone(&self, _: GuildId) -> Reply<'_, ()> {
        self.ready(())
    }
}

/// Discord's rules on the shape of commands, and ours: in servers only, settings for moderators.
#[test]
fn commands_are_as_discord_wants_them() {
    let mut commands = all();
    poise::set_qualified_names(&mut commands);
    let built = serde_json::to_value(poise::builtins::create_application_commands(&commands)).unwrap();
    let mut names = Vec::new();
    for command in built.as_array().unwrap() {
        assert_eq!(command["contexts"], serde_json::json!([0]), "servers only");
        assert_eq!(command["integration_types"], serde_json::json!([0]));
        let name = command["name"].as_str().unwrap();
        let for_moderators = command["default_member_permissions"] == "16";
        let moderate = matches!(name, "topics" | "feeds" | "settings" | "reports" | "why");
        assert_eq!(for_moderators, moderate, "{name}");
        check_options(name, command, &mut names);
    }
    assert_eq!(
        names,
        [
            "news latest",
            "news search",
            "news story",
            "news timeline",
            "news actor",
            "digest url!",
            "topics subscribe",
            "topics list",
            "topics unsubscribe",
            "feeds add",
            "feeds health",
            "feeds health feed!",
            "feeds import",
            "feeds import file!",
            "feeds export",
            "feeds list",
            "feeds remove",
            "news latest topic",
            "news latest source",
            "news latest count",
            "news search query!",
            "news search topic",
            "news search actor",
            "news search source",
            "news search from",
            "news search to",
            "news story id!",
            "news timeline query!",
            "news actor name!",
            "news actor from",
            "news actor to",
            "topics subscribe topic",
            "topics subscribe actor",
            "topics subscribe feed",
            "topics subscribe channel",
            "topics subscribe sensitivity",
            "topics subscribe pattern",
            "topics pause",
            "topics pause subscription!",
            "why url!",
            "topics subscribe mode",
            "topics subscribe min_sources",
            "topics subscribe mention",
            "topics subscribe tag",
            "settings time_zone",
            "settings quiet_hours",
            "settings reply_updates",
            "settings channel",
            "settings crosspost",
            "settings locale",
            "settings reset",
            "topics unsubscribe subscription!",
            "feeds add url!",
            "feeds remove feed!",
        ]
        .into_iter()
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect::<Vec<_>>(),
    );
}

/// In how many other languages a text is said, all within what Discord takes.
fn in_other_languages(said: &serde_json::Value) -> usize {
    let said = said.as_object().into_iter().flatten();
    said.filter(|(_, text)| (1..=100).contains(&text.as_str().unwrap().chars().count())).count()
}

fn check_options(path: &str, command: &serde_json::Value, names: &mut Vec<String>) {
    let description = command["description"].as_str().unwrap();
    assert!((1..=100).contains(&description.chars().count()), "{path}");
    assert_eq!(in_other_languages(&command["description_localizations"]), 2, "{path}: {description}");
    let mut optional_seen = false;
    for option in command["options"].as_array().into_iter().flatten() {
        let name = option["name"].as_str().unwrap();
        assert!(
            name.len() <= 32 && name.chars().all(|c| c.is_ascii_lowercase() || c == '_'),
            "{path} {name}"
        );
        let required = option["required"] == true;
        assert!(!(required && optional_seen), "{path}: required options come first");
        optional_seen |= !required && option["type"] != 1;
        let path = format!("{path} {name}");
        for choice in option["choices"].as_array().into_iter().flatten() {
            // A language is called by its own name.
            let language = Locale::ALL.iter().any(|locale| choice["name"] == locale.name());
            assert_eq!(
                in_other_languages(&choice["name_localizations"]),
                if language { 0 } else { 2 },
                "{choice}"
            );
        }
        names.push(if required { format!("{path}!") } else { path.clone() });
        check_options(&path, option, names);
    }
    names.sort();
}

#[test]
fn suggestions_are_few_short_and_fit_what_was_typed() {
    let feeds = vec![feed(); 40];
    assert_eq!(feed_choices(&feeds, "FLORIDA").len(), 25);
    assert_eq!(feed_choices(&feeds, "elsewhere"), []);
    assert_eq!(
        feed_choices(&feeds[..1], "")[0],
        ("The Florida Example (https://florida.example/rss)".to_owned(), "7".to_owned())
    );
    let mut long = feed();
    long.title = Some("news ".repeat(60));
    assert!(feed_choices(&[long], "news")[0].0.encode_utf16().count() <= 100);
    let channel = |id| (id == 3).then(|| "rockets".to_owned());
    assert_eq!(
        subscription_choices(&[space()], &channel, "space", Locale::English),
        [("#rockets: about “space”".to_owned(), "5".to_owned())]
    );
    assert_eq!(
        subscription_choices(&[space()], &|_| None, "", Locale::French)[0].0,
        "salon 3: sur « space »"
    );
}

#[test]
fn moderators_manage_channels() {
    use poise::serenity_prelude::Permissions;
    assert!(may_moderate(Some(Permissions::MANAGE_CHANNELS)));
    assert!(may_moderate(Some(Permissions::ADMINISTRATOR)));
    assert!(!may_moderate(Some(Permissions::MANAGE_MESSAGES)));
    assert!(!may_moderate(None));
    assert!(MODERATORS_ONLY.contains("Manage Channels"));
}
