use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::*;
use crate::domain::{
    ChannelId, Feed, FeedId, FeedState, FeedUrl, Filter, GuildId, Rhythm, RoleId, Subscription,
    SubscriptionId, SubscriptionState, Terms, UserId, Validators, picture,
};
use crate::render::fixtures::{HARMS, custom_ids, hostile_stories, moon, nonce, texts, ultimatum};
use crate::render::{terminal, validate};

fn shown(message: &Message) -> String {
    assert_eq!(validate(message), Ok(()));
    terminal(message, 84, false)
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn view(
    topic: Option<&str>,
    actor: Option<&str>,
    feed: Option<&str>,
    state: SubscriptionState,
) -> SubscriptionView {
    SubscriptionView {
        subscription: Subscription {
            id: SubscriptionId(1),
            guild: GuildId(2),
            channel: ChannelId(3),
            filter: Filter {
                topic: topic.map(str::to_owned),
                actor: actor.map(str::to_owned),
                feed: feed.map(|_| FeedId(1)),
                ..Filter::default()
            },
            meaning: None,
            terms: Terms::default(),
            state,
            since: at("1969-07-01T00:00:00Z"),
            created_by: UserId(4),
            created_at: at("1969-07-01T00:00:00Z"),
            changed: None,
        },
        feed: feed.map(str::to_owned),
    }
}

fn feed(title: Option<&str>, url: &str) -> Feed {
    Feed {
        id: FeedId(1),
        url: FeedUrl::parse(url).unwrap(),
        title: title.map(str::to_owned),
        state: FeedState::Active,
        rhythm: Rhythm::default(),
        moving: None,
        validators: Validators::default(),
        next_poll_at: at("1969-07-21T12:00:00Z"),
        last_success_at: None,
        failures: 0,
        failing_since: None,
        last_error: None,
    }
}

#[test]
fn stories_in_pages() {
    let ids: Vec<StoryId> = (11..16).map(StoryId).collect();
    assert_eq!(StoryPage::ids_on(&ids, 2, 2), [StoryId(15)]);
    assert_eq!(StoryPage::ids_on(&ids, 2, 3), []);
    let page = StoryPage { ids: &ids, on_page: 2, page: 1, stories: &[moon(), ultimatum()] };
    let message = stories("**Newest stories**", &page, Tz::UTC);
    insta::assert_snapshot!(shown(&message), @"
    Newest stories

    ▌ Two men walk on the Moon
    ▌ Neil Armstrong and Buzz Aldrin landed on the Moon on Sunday and spent more than
    ▌ two hours outside. Michael Collins stayed in orbit above them.
    ▌ Neil Armstrong · Buzz Aldrin · NASA
    ▌
    ▌ The Florida Example and 2 more · 21 July 1969, 01:05 UTC

    ▌ Vienna gives Belgrade 48 hours
    ▌ Austria-Hungary handed Serbia a note with ten demands on Thursday.
    ▌ Austria-Hungary · Serbia · Leopold Berchtold
    ▌
    ▌ Example Tribune · 23 July 1914, 20:00 UTC

    [ ◀ Page 1 ] [ Page 3 ▶ ]
    ");
    assert_eq!(custom_ids(&message), ["page:0:stories:2:b.c.d.e.f", "page:2:stories:2:b.c.d.e.f"]);
}

#[test]
fn stories_that_are_gone() {
    let page = StoryPage { ids: &[StoryId(1)], on_page: 5, page: 0, stories: &[] };
    insta::assert_snapshot!(shown(&stories("Newest", &page, Tz::UTC)), @"▌ These stories are no longer kept.");
}

#[test]
fn sources_of_a_story() {
    insta::assert_snapshot!(shown(&all_sources(&moon(), &nonce(), 0, Locale::English)), @"
    ▌ 3 sources: Two men walk on the Moon
    ▌ The Florida Example <https://florida.example/moon-landing> — 21 July 1969, 01:05
    ▌ UTC
    ▌ Exempel-Bladet <https://bladet.example/nyheter/manen> — 21 July 1969
    ▌ Radio Sample <https://radio.example/%28live%29>
    ");
    let mut story = ultimatum();
    story.sources = vec![story.sources[0].clone(); 12];
    let second = all_sources(&story, &nonce(), 1, Locale::English);
    insta::assert_snapshot!(shown(&second), @"
    ▌ 12 articles from 1 outlet: Vienna gives Belgrade 48 hours
    ▌ Example Tribune <https://tribune.example/1914/note> — 23 July 1914, 20:00 UTC
    ▌ Example Tribune <https://tribune.example/1914/note> — 23 July 1914, 20:00 UTC
    ▌
    ▌ Page 2 of 2

    [ ◀ Page 1 ]
    ");
    assert_eq!(custom_ids(&second), ["page:0:sources:d1-7f3a9c."]);
}

#[test]
fn subscriptions_of_a_guild() {
    let mut views = [
        view(Some("lunar landings"), None, None, SubscriptionState::Active),
        view(None, Some("NASA"), Some("The Florida Example"), SubscriptionState::Active),
        view(
            Some("a_b"),
            None,
            None,
            SubscriptionState::Paused("allow dateline to send messages here".to_owned()),
        ),
    ];
    views[1].subscription.changed = Some((UserId(5), at("1969-07-03T00:00:00Z")));
    insta::assert_snapshot!(shown(&subscriptions(&views, 0, Locale::English)), @"
    ▌ Subscriptions
    ▌ <#3> about “lunar landings”
    ▌ By <@4>, 1 July 1969
    ▌ <#3> naming NASA, from The Florida Example
    ▌ By <@4>, 1 July 1969; changed by <@5>, 3 July 1969
    ▌ <#3> about “a_b”
    ▌ By <@4>, 1 July 1969
    ▌ Paused: allow dateline to send messages here
    ");
    insta::assert_snapshot!(shown(&subscriptions(&[], 3, Locale::English)), @"
    ▌ Subscriptions
    ▌ No channel is subscribed yet. /topics subscribe starts one.
    ");
}

#[test]
fn a_new_subscription_previews_a_week() {
    let view = view(Some("space"), Some("NASA"), None, SubscriptionState::Active);
    let examples = vec![(moon(), "about “space”: likeness .61, word space; names NASA".to_owned())];
    let preview = Preview { counts: [2, 4, 9], examples };
    insta::assert_snapshot!(shown(&subscribed(&view, &preview, false, Locale::English)), @"
    ▌ <#3> now gets stories about “space”, naming NASA.
    ▌ 4 stories of the last 7 days would have been posted, such as:
    ▌ - Two men walk on the Moon <https://florida.example/moon-landing>
    ▌ about “space”: likeness .61, word space; names NASA
    ▌ In 7 days: strict 2 · normal 4 · broad 9
    ");
    insta::assert_snapshot!(shown(&subscribed(&view, &Preview::default(), false, Locale::English)), @"
    ▌ <#3> now gets stories about “space”, naming NASA.
    ▌ Nothing of the last 7 days would have been posted. The next story that fits will
    ▌ be.
    ▌ In 7 days: strict 0 · normal 0 · broad 0
    ");
    let mut unheard = view.clone();
    unheard.subscription.terms.mention = Some(RoleId(9));
    let answer = shown(&subscribed(&unheard, &Preview::default(), true, Locale::English));
    assert!(answer.contains("Discord tells nobody of a mention of <@&9> by me"), "{answer}");
    insta::assert_snapshot!(shown(&toggled(&view, false, Locale::English)), @"▌ <#3> gets stories about “space”, naming NASA again, from now on.");
    insta::assert_snapshot!(shown(&toggled(&view, true, Locale::English)), @"▌ <#3> gets stories about “space”, naming NASA again, with what has waited.");
    insta::assert_snapshot!(shown(&unsubscribed(&view, Locale::English)), @"▌ <#3> no longer gets stories about “space”, naming NASA.");
}

#[test]
fn feeds_tell_how_they_are() {
    let mut read = feed(Some("The Florida Example"), "https://florida.example/rss");
    read.last_success_at = Some(at("1969-07-21T11:45:00Z"));
    let mut failing = feed(None, "https://radio.example/feed.xml?a=(b)");
    failing.failing_since = Some(at("1969-07-20T08:00:00Z"));
    failing.last_error = Some("the server answered 503 Service Unavailable".to_owned());
    let mut gone = feed(Some("Old *News*"), "https://old.example/");
    gone.state = FeedState::Gone;
    let new = feed(Some("Exempel-Bladet"), "https://bladet.example/atom");
    insta::assert_snapshot!(shown(&feeds(&[read, failing, gone, new.clone()], 0, Locale::English)), @"
    ▌ Feeds
    ▌ The Florida Example <https://florida.example/rss>
    ▌ Read 21 July 1969, 11:45 UTC
    ▌ radio.example/feed.xml <https://radio.example/feed.xml?a=%28b%29>
    ▌ Failing since 20 July 1969, 08:00 UTC, next attempt 21 July 1969, 12:00 UTC: the
    ▌ server answered 503 Service Unavailable
    ▌ Old *News* <https://old.example/>
    ▌ Gone for good (410); no longer polled
    ▌ Exempel-Bladet <https://bladet.example/atom>
    ▌ Not read yet
    ");
    insta::assert_snapshot!(shown(&feeds(&[], 0, Locale::English)), @"
    ▌ Feeds
    ▌ No feed is watched yet. /feeds add takes the address of any news site.
    ");
    insta::assert_snapshot!(shown(&feed_added(&new, false, Locale::English)), @"
    ▌ Watching Exempel-Bladet <https://bladet.example/atom>. /topics subscribe decides
    ▌ which of its stories are posted where.
    ");
    insta::assert_snapshot!(shown(&feed_added(&new, true, Locale::English)), @"▌ Exempel-Bladet <https://bladet.example/atom> is already watched.");
    insta::assert_snapshot!(shown(&feed_removed(&new, Locale::English)), @"▌ Exempel-Bladet <https://bladet.example/atom> is no longer watched.");
}

#[test]
fn a_page_digested_on_demand() {
    let mut digest = ultimatum().digest;
    digest.warnings = vec!["The page gives no publication time; relative dates are left open.".to_owned()];
    let page = DigestedPage {
        image: None,
        icon: None,
        digest,
        outlet: "Example Tribune".to_owned(),
        url: Url::parse("https://tribune.example/1914/note").unwrap(),
        published: None,
    };
    insta::assert_snapshot!(shown(&super::digest(&page, Locale::English)), @"
    ▌ Vienna gives Belgrade 48 hours
    ▌ Austria-Hungary handed Serbia a note with ten demands on Thursday.
    ▌
    ▌ Key actors
    ▌ Austria-Hungary
    ▌ Serbia
    ▌ Leopold Berchtold — foreign minister
    ▌
    ▌ Key dates
    ▌ 48 hours, until 25 July 1914, 18:00 — an answer is due
    ▌ June 1914
    ▌
    ▌ Sources
    ▌ Example Tribune <https://tribune.example/1914/note>
    ▌
    ▌ Notes
    ▌ The page gives no publication time; relative dates are left open.
    ▌
    ▌ The article's first sentences · all-MiniLM-L6-v2 · dateline 0.1.0

    [ Read ↗ ]
    ");
}

#[test]
fn refusals_and_failures() {
    insta::assert_snapshot!(shown(&refused("“soon” is not a date; write 1969-07-20 or “last week”.")), @"▌ “soon” is not a date; write 1969-07-20 or “last week”.");
    insta::assert_snapshot!(shown(&refused("")), @"▌ …");
    insta::assert_snapshot!(shown(&failed("k3f9", Locale::English)), @"▌ Something went wrong (ref k3f9).");
}

#[test]
fn every_answer_fits_and_pings_nobody() {
    for (what, story) in hostile_stories() {
        let text = story.digest.headline.clone().unwrap_or_default();
        let paused = SubscriptionState::Paused(text.clone());
        let view = view(Some(&text), Some(&text), Some(&text), paused);
        let mut feed = feed(Some(&text), &format!("https://example.org/{}", "a".repeat(3000)));
        feed.failing_since = Some(at("1969-07-20T08:00:00Z"));
        feed.last_error = Some(text.clone());
        let ids = [StoryId(i64::MAX); 10];
        let mut page_digest = story.digest.clone();
        page_digest.warnings = vec![text.clone(); 20];
        let url = Url::parse(&format!("https://example.org/{}", "a".repeat(5000))).unwrap();
        let page = DigestedPage {
            digest: page_digest,
            outlet: text.clone(),
            image: picture(url.as_str()),
            icon: picture(url.as_str()),
            url,
            published: None,
        };
        for message in [
            stories(
                "Newest",
                &StoryPage { ids: &ids, on_page: 10, page: 0, stories: &vec![story.clone(); 10] },
                Tz::UTC,
            ),
            all_sources(&story, &nonce(), 0, Locale::English),
            all_sources(&story, &nonce(), usize::MAX, Locale::English),
            subscriptions(&vec![view.clone(); 30], 1, Locale::German),
            subscribed(
                &view,
                &Preview { counts: [1000; 3], examples: vec![(story.clone(), text.clone()); 9] },
                true,
                Locale::French,
            ),
            toggled(&view, false, Locale::English),
            unsubscribed(&view, Locale::English),
            feeds(&vec![feed.clone(); 30], 2, Locale::English),
            feed_added(&feed, true, Locale::German),
            feed_removed(&feed, Locale::French),
            digest(&page, Locale::English),
            refused(&text),
            failed(&text, Locale::German),
        ] {
            assert_eq!(validate(&message), Ok(()), "{what}: {message:?}");
            for harm in HARMS {
                assert!(!texts(&message).iter().any(|text| text.contains(harm)), "{what}: {harm}");
            }
        }
    }
}
