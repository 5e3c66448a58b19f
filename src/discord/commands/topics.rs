//! `/topics`: which stories are posted where.

use poise::serenity_prelude as serenity;

use super::super::desk::{Desk, DeskError, SubscribeRequest};
use super::feeds::chosen_feed;
use super::{
    Context, Seen, answered, asked_by, begin, complete, guild, may_moderate, moderators, own_locale, place,
    send,
};
use crate::domain::{
    ChannelId, Filter, GuildId, Locale, Mode, RoleId, Sensitivity, SubscriptionId, Terms, UserId, split_topic,
};
use crate::render::{Message, answer};
use crate::stories::pattern;

/// A [`Mode`] as a choice.
#[derive(Debug, Clone, Copy, poise::ChoiceParameter)]
pub(super) enum When {
    #[name = "breaking: at once, a card each"]
    Breaking,
    #[name = "hourly: a round-up at the full hour"]
    Hourly,
    #[name = "daily: a round-up in the morning"]
    Daily,
}

impl From<When> for Mode {
    fn from(when: When) -> Self {
        match when {
            When::Breaking => Mode::Breaking,
            When::Hourly => Mode::Hourly,
            When::Daily => Mode::Daily,
        }
    }
}

/// Choose which stories are posted where
#[poise::command(
    slash_command,
    guild_only,
    install_context = "Guild",
    interaction_context = "Guild",
    default_member_permissions = "MANAGE_CHANNELS",
    check = "moderators",
    subcommands("subscribe", "list", "pause", "unsubscribe"),
    subcommand_required
)]
pub(super) async fn topics(_ctx: Context<'_>) -> Result<(), DeskError> {
    Ok(())
}

/// How near a story must come to the topic.
#[derive(Debug, Clone, Copy, poise::ChoiceParameter)]
enum Nearness {
    #[name = "strict: fewer, surer stories"]
    Strict,
    #[name = "normal"]
    Normal,
    #[name = "broad: more stories, some beside the point"]
    Broad,
}

impl From<Nearness> for Sensitivity {
    fn from(nearness: Nearness) -> Self {
        match nearness {
            Nearness::Strict => Self::Strict,
            Nearness::Normal => Self::Normal,
            Nearness::Broad => Self::Broad,
        }
    }
}

/// Post stories to a channel: about a topic, naming an actor, from a feed, or all of these at once
#[expect(clippy::too_many_arguments, reason = "each is an option of the command")]
#[poise::command(slash_command)]
async fn subscribe(
    ctx: Context<'_>,
    #[description = "What the stories are about, in your own words; -word leaves out what has it"]
    #[autocomplete = "complete::topic"]
    #[max_length = 100]
    topic: Option<String>,
    #[description = "A person, organization or place they name"]
    #[autocomplete = "complete::actor"]
    #[max_length = 100]
    actor: Option<String>,
    #[description = "A feed they come from"]
    #[autocomplete = "complete::feed"]
    feed: Option<String>,
    #[description = "Where to post them; here if not given"]
    #[channel_types("Text", "News", "PublicThread", "PrivateThread", "NewsThread", "Forum")]
    channel: Option<serenity::PartialChannel>,
    #[description = "How near a story must come to the topic; normal if not given"] sensitivity: Option<
        Nearness,
    >,
    #[description = "A regular expression that headline or text must match too"]
    #[max_length = 300]
    pattern: Option<String>,
    #[description = "When they are posted; at once if not given"] mode: Option<When>,
    #[description = "Outlets that must tell a story before it is posted"]
    #[min = 1]
    #[max = 20]
    min_sources: Option<u32>,
    #[description = "A role that their cards mention"] mention: Option<serenity::Role>,
    #[description = "In a forum: the tag that their posts have"]
    #[autocomplete = "place::tag"]
    #[max_length = 100]
    tag: Option<String>,
) -> Result<(), DeskError> {
    begin(ctx, Seen::ByAsker).await?;
    let here = ctx.channel_id();
    let kind = match (&channel, ctx) {
        (Some(there), _) => Some(there.kind),
        (None, poise::Context::Application(ctx)) => ctx.interaction.channel.as_ref().map(|here| here.kind),
        _ => None,
    };
    let elsewhere = channel.as_ref().filter(|there| there.id != here);
    // The check of the command was about this channel.
    if elsewhere.is_some_and(|there| !may_moderate(there.permissions)) {
        return Err(not_there());
    }
    let ours = match (elsewhere, ctx) {
        (Some(there), _) => place::our_rights(ctx, there.id),
        (None, poise::Context::Application(ctx)) => ctx.interaction.app_permissions,
        _ => None,
    };
    place::may_post(ours, kind, elsewhere.is_none())?;
    // Discord shows the mention and tells nobody.
    let unheard = mention.as_ref().is_some_and(|role| {
        !role.mentionable && !ours.is_some_and(|ours| ours.administrator() || ours.mention_everyone())
    });
    let to = channel.as_ref().map_or(here, |channel| channel.id);
    let place = place::place(ctx, to, kind, tag.as_deref()).await?;
    let terms = Terms {
        mode: mode.map(Mode::from).unwrap_or_default(),
        min_sources: min_sources.unwrap_or(1).clamp(1, Terms::MOST_SOURCES),
        mention: mention.map(|role| RoleId(role.id.get())),
        place,
    };
    let asked = Asked {
        guild: guild(ctx)?,
        locale: own_locale(ctx),
        channel: ChannelId(to.get()),
        by: asked_by(ctx),
        topic,
        actor,
        feed,
        sensitivity: sensitivity.map(Sensitivity::from).unwrap_or_default(),
        pattern,
        terms,
        unheard,
    };
    let answer = subscribed(&*ctx.data().desk, asked).await?;
    send(ctx, &answer).await
}

/// What this server is subscribed to
#[poise::command(slash_command)]
async fn list(ctx: Context<'_>) -> Result<(), DeskError> {
    let desk = &ctx.data().desk;
    let views =
        async { Ok(answer::subscriptions(&desk.subscriptions(guild(ctx)?).await?, 0, own_locale(ctx))) };
    answered(ctx, Seen::ByAsker, views).await
}

/// Pause a subscription, or let a paused one go on
#[poise::command(slash_command)]
async fn pause(
    ctx: Context<'_>,
    #[description = "Which subscription"]
    #[autocomplete = "complete::subscription"]
    subscription: String,
) -> Result<(), DeskError> {
    let desk = &*ctx.data().desk;
    let asked = async {
        let chosen = chosen(desk, guild(ctx)?, &subscription, |there| moderates(ctx, there)).await?;
        let toggled = desk.toggle(guild(ctx)?, asked_by(ctx), chosen).await?;
        let (view, waited) = toggled.ok_or_else(unknown)?;
        Ok(answer::toggled(&view, waited, own_locale(ctx)))
    };
    answered(ctx, Seen::ByAsker, asked).await
}

/// End a subscription
#[poise::command(slash_command)]
async fn unsubscribe(
    ctx: Context<'_>,
    #[description = "Which subscription"]
    #[autocomplete = "complete::subscription"]
    subscription: String,
) -> Result<(), DeskError> {
    let desk = &*ctx.data().desk;
    let asked = async {
        let chosen = chosen(desk, guild(ctx)?, &subscription, |there| moderates(ctx, there)).await?;
        let view = desk.unsubscribe(guild(ctx)?, asked_by(ctx), chosen).await?.ok_or_else(unknown)?;
        Ok(answer::unsubscribed(&view, own_locale(ctx)))
    };
    answered(ctx, Seen::ByAsker, asked).await
}

/// The options of a subscription as they were typed.
struct Asked {
    guild: GuildId,
    locale: Locale,
    channel: ChannelId,
    by: UserId,
    topic: Option<String>,
    actor: Option<String>,
    feed: Option<String>,
    sensitivity: Sensitivity,
    pattern: Option<String>,
    terms: Terms,
    /// The role that is mentioned is one that the bot cannot ping.
    unheard: bool,
}

async fn subscribed(desk: &dyn Desk, asked: Asked) -> Result<Message, DeskError> {
    let Asked {
        guild,
        locale,
        channel,
        by,
        topic,
        actor,
        feed,
        sensitivity,
        pattern: written,
        terms,
        unheard,
    } = asked;
    // The role of everybody has the server's own number.
    if terms.mention.is_some_and(|role| role.0 == guild.0) {
        return Err(DeskError::user(
            "I never mention everybody. Choose a role that those who want it can take.",
        ));
    }
    let given =
        |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let feed = match given(feed) {
        Some(typed) => Some(chosen_feed(desk, guild, &typed).await?),
        None => None,
    };
    let (topic, without) = split_topic(&topic.unwrap_or_default());
    let (topic, actor) = (given(Some(topic)), given(actor));
    if topic.is_none() && actor.is_none() && feed.is_none() {
        return Err(DeskError::user("Say what to post: a topic, an actor or a feed."));
    }
    if let Some(Err(why)) = written.as_deref().map(pattern) {
        return Err(DeskError::user_with("That regular expression cannot be used: {why}.", &[("why", why)]));
    }
    let filter = Filter { topic, sensitivity, without, actor, feed, pattern: written };
    let subscribed = desk.subscribe(SubscribeRequest { guild, channel, by, filter, terms }).await?;
    Ok(answer::subscribed(&subscribed.view, &subscribed.preview, unheard, locale))
}

fn unknown() -> DeskError {
    DeskError::user("There is no such subscription. Choose one of those that are suggested.")
}

fn not_there() -> DeskError {
    DeskError::user("You need the Manage Channels permission in that channel too.")
}

/// Whether the asker may manage a channel that is not known from the command. Where the gateway has not told of it, the
/// check of the command has to do.
fn moderates(ctx: Context<'_>, there: ChannelId) -> bool {
    let rights = std::num::NonZeroU64::new(there.0).and_then(|id| place::askers_rights(ctx, id.into()));
    rights.is_none() || may_moderate(rights)
}

/// The subscription that was chosen among those of the server, if its channel is one that the asker may manage.
async fn chosen(
    desk: &dyn Desk,
    guild: GuildId,
    typed: &str,
    may: impl Fn(ChannelId) -> bool,
) -> Result<SubscriptionId, DeskError> {
    let id = typed.trim().parse().map(SubscriptionId).map_err(|_| unknown())?;
    let views = desk.subscriptions(guild).await?;
    let chosen = views.iter().find(|view| view.subscription.id == id).ok_or_else(unknown)?;
    if may(chosen.subscription.channel) { Ok(id) } else { Err(not_there()) }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{FakeDesk, shown};
    use super::*;

    fn asked(topic: Option<&str>, feed: Option<&str>) -> Asked {
        Asked {
            guild: GuildId(1),
            locale: Locale::English,
            channel: ChannelId(3),
            by: UserId(2),
            topic: topic.map(str::to_owned),
            actor: None,
            feed: feed.map(str::to_owned),
            sensitivity: Sensitivity::Normal,
            pattern: None,
            terms: Terms::default(),
            unheard: false,
        }
    }

    #[tokio::test]
    async fn a_subscription_previews_a_week() {
        let answer = subscribed(&FakeDesk::default(), asked(Some(" space "), Some("7"))).await;
        insta::assert_snapshot!(shown(answer), @"
        ▌ <#3> now gets stories about “space”, from The Florida Example.
        ▌ 4 stories of the last 7 days would have been posted, such as:
        ▌ - Two men walk on the Moon <https://florida.example/moon-landing>
        ▌ about “space”: likeness .61, word space
        ▌ In 7 days: strict 2 · normal 4 · broad 9
        ");
        for (asked, first) in [
            (asked(None, None), "▌ Say what to post: a topic, an actor or a feed."),
            (asked(Some("  "), None), "▌ Say what to post: a topic, an actor or a feed."),
            (
                asked(None, Some("9")),
                "▌ No such feed is watched here. Choose one of those that are suggested.",
            ),
        ] {
            assert_eq!(shown(subscribed(&FakeDesk::default(), asked).await), first);
        }
    }

    #[tokio::test]
    async fn a_topic_is_typed_with_what_it_must_not_have() {
        let typed = Asked {
            sensitivity: Sensitivity::Strict,
            pattern: Some("(?i)moon".to_owned()),
            ..asked(Some("space -tourism -\"science fiction\""), None)
        };
        assert_eq!(
            shown(subscribed(&FakeDesk::default(), typed).await).lines().next(),
            Some("▌ <#3> now gets stories about “space” (strict), without “tourism”, “science"),
        );
        let broken = Asked { pattern: Some("(".to_owned()), ..asked(Some("space"), None) };
        assert_eq!(
            shown(subscribed(&FakeDesk::default(), broken).await),
            "▌ That regular expression cannot be used: unclosed group."
        );
    }

    #[tokio::test]
    async fn a_subscription_is_chosen_by_who_may_manage_its_channel() {
        let unknown = "There is no such subscription. Choose one of those that are suggested.";
        let elsewhere = "You need the Manage Channels permission in that channel too.";
        for (typed, channel, expected) in [
            (" 5 ", 3, Ok(SubscriptionId(5))),
            ("5", 4, Err(elsewhere.to_owned())),
            ("6", 3, Err(unknown.to_owned())),
            ("", 3, Err(unknown.to_owned())),
            ("space", 3, Err(unknown.to_owned())),
            ("-1", 3, Err(unknown.to_owned())),
        ] {
            let chosen =
                chosen(&FakeDesk::default(), GuildId(1), typed, |own| own == ChannelId(channel)).await;
            assert_eq!(chosen.map_err(|error| error.to_string()), expected, "{typed:?} in {channel}");
        }
    }

    #[tokio::test]
    async fn everybody_is_never_mentioned() {
        let everybody = Terms { mention: Some(RoleId(1)), ..Terms::default() };
        let answer =
            subscribed(&FakeDesk::default(), Asked { terms: everybody, ..asked(Some("space"), None) }).await;
        assert!(shown(answer).starts_with("▌ I never mention everybody."));
    }
}
