//! Where cards are to go: what a channel is, the tags of a forum, and whether cards may be posted there.

use poise::serenity_prelude as serenity;
use serenity::{ChannelType, CreateAutocompleteResponse, Permissions, ResolvedValue, Unresolved};

use super::super::desk::DeskError;
use super::Context;
use super::complete::{choices, respond};
use crate::domain::{Place, TagId};

/// What a forum asks of its posts.
#[derive(Debug, Default)]
struct Forum {
    requires_tag: bool,
    tags: Vec<Tag>,
}

#[derive(Debug, Clone)]
struct Tag {
    id: TagId,
    name: String,
    /// Only for those who manage threads.
    moderated: bool,
}

/// What becomes of cards in a channel of this kind.
///
/// # Errors
/// What does not go with the channel, and a forum that the bot does not see.
pub(super) async fn place(
    ctx: Context<'_>,
    channel: serenity::ChannelId,
    kind: Option<ChannelType>,
    tag: Option<&str>,
) -> Result<Place, DeskError> {
    let forum = match kind {
        Some(ChannelType::Forum) => forum(ctx, channel).await?,
        _ => Forum::default(),
    };
    chosen(kind.unwrap_or(ChannelType::Text), &forum, tag)
}

fn chosen(kind: ChannelType, forum: &Forum, tag: Option<&str>) -> Result<Place, DeskError> {
    let tag = tag.map(str::trim).filter(|tag| !tag.is_empty());
    if kind != ChannelType::Forum {
        if tag.is_some() {
            return Err(DeskError::user("Only posts of a forum have tags."));
        }
        return Ok(if kind == ChannelType::News { Place::Announcements } else { Place::Channel });
    }
    let Some(typed) = tag else {
        if forum.requires_tag {
            return Err(DeskError::user(
                "That forum asks for a tag on every post. Choose one with the option tag.",
            ));
        }
        return Ok(Place::Forum(None));
    };
    let is_meant =
        |tag: &&Tag| tag.id.to_string() == typed || tag.name.to_lowercase() == typed.to_lowercase();
    match forum.tags.iter().find(is_meant) {
        Some(tag) if tag.moderated => Err(DeskError::user(
            "I may not give that tag: it is for those who manage threads. Choose another.",
        )),
        Some(tag) => Ok(Place::Forum(Some(tag.id))),
        None => Err(DeskError::user("That forum has no such tag. Choose one of those that are suggested.")),
    }
}

async fn forum(ctx: Context<'_>, channel: serenity::ChannelId) -> Result<Forum, DeskError> {
    // As Discord has it now: tags come and go.
    let asked = ctx.serenity_context().http.get_channel(channel).await;
    let channel = match asked {
        Ok(serenity::Channel::Guild(channel)) => channel,
        Ok(_) => return Err(unseen()),
        Err(serenity::Error::Http(serenity::HttpError::UnsuccessfulRequest(refused)))
            if matches!(refused.status_code.as_u16(), 403 | 404) =>
        {
            return Err(unseen());
        }
        Err(error) => return Err(error.into()),
    };
    let tag = |tag: &serenity::ForumTag| Tag {
        id: TagId(tag.id.get()),
        name: tag.name.clone(),
        moderated: tag.moderated,
    };
    Ok(Forum {
        requires_tag: channel.flags.contains(serenity::ChannelFlags::REQUIRE_TAG),
        tags: channel.available_tags.iter().map(tag).collect(),
    })
}

fn unseen() -> DeskError {
    DeskError::user("I do not see that channel. Allow me: View Channels.")
}

/// The tags of the forum that is chosen as `channel`, each standing for its number.
pub(super) async fn tag(ctx: Context<'_>, typed: &str) -> CreateAutocompleteResponse {
    let poise::Context::Application(here) = ctx else { return respond(Ok(Vec::new())) };
    let channel = here.args.iter().find(|option| option.name == "channel");
    let channel = channel.and_then(|option| match &option.value {
        ResolvedValue::Channel(channel) => Some(channel.id),
        ResolvedValue::Unresolved(Unresolved::Channel(id)) => Some(*id),
        _ => None,
    });
    let Some(channel) = channel else { return respond(Ok(Vec::new())) };
    let forum = forum(ctx, channel).await;
    respond(forum.map(|forum| {
        let tags = forum.tags.into_iter().filter(|tag| !tag.moderated);
        choices(tags.map(|tag| (tag.name, tag.id.to_string())), typed)
    }))
}

/// What somebody may do in a channel of the server, as the gateway last told; nothing where it did not.
fn rights(
    ctx: Context<'_>,
    channel: serenity::ChannelId,
    who: impl FnOnce(&serenity::Guild) -> Option<serenity::Member>,
) -> Option<Permissions> {
    let guild = ctx.guild()?;
    // What holds in a thread is what its channel says.
    let thread = guild.threads.iter().find(|thread| thread.id == channel);
    let channel = thread.map_or(Some(channel), |thread| thread.parent_id)?;
    Some(guild.user_permissions_in(guild.channels.get(&channel)?, &who(&guild)?))
}

pub(super) fn our_rights(ctx: Context<'_>, channel: serenity::ChannelId) -> Option<Permissions> {
    rights(ctx, channel, |guild| guild.members.get(&ctx.framework().bot_id()).cloned())
}

pub(super) fn askers_rights(ctx: Context<'_>, channel: serenity::ChannelId) -> Option<Permissions> {
    let poise::Context::Application(here) = ctx else { return None };
    rights(ctx, channel, |_| here.interaction.member.as_deref().cloned())
}

/// What a card needs of the channel, here or elsewhere. Said now, to the one who can mend it, rather than at the first
/// story.
pub(super) fn may_post(
    ours: Option<Permissions>,
    kind: Option<ChannelType>,
    here: bool,
) -> Result<(), DeskError> {
    let thread = matches!(
        kind,
        Some(ChannelType::PublicThread | ChannelType::PrivateThread | ChannelType::NewsThread)
    );
    let send = if thread { Permissions::SEND_MESSAGES_IN_THREADS } else { Permissions::SEND_MESSAGES };
    let needed =
        Permissions::VIEW_CHANNEL | send | Permissions::EMBED_LINKS | Permissions::READ_MESSAGE_HISTORY;
    let missing = needed - ours.unwrap_or(needed);
    if missing.is_empty() || ours.is_some_and(Permissions::administrator) {
        return Ok(());
    }
    let refusal = match here {
        true => "I may not post here. Allow me: {why}.",
        false => "I may not post there. Allow me: {why}.",
    };
    Err(DeskError::user_with(refusal, &[("why", missing.get_permission_names().join("; "))]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_where_cards_cannot_be_shown_is_refused() {
        let all = Permissions::VIEW_CHANNEL
            | Permissions::SEND_MESSAGES
            | Permissions::EMBED_LINKS
            | Permissions::READ_MESSAGE_HISTORY;
        let text = Some(ChannelType::Text);
        assert!(may_post(Some(all), text, true).is_ok());
        assert!(may_post(None, text, true).is_ok());
        assert!(may_post(Some(Permissions::ADMINISTRATOR), text, true).is_ok());
        let refused = |ours, kind, here| may_post(Some(ours), Some(kind), here).unwrap_err().to_string();
        insta::assert_snapshot!(
            [
                refused(all - Permissions::EMBED_LINKS, ChannelType::Text, true),
                refused(all, ChannelType::PublicThread, true),
                refused(Permissions::VIEW_CHANNEL, ChannelType::Forum, false),
            ]
            .join("\n"),
            @"
        I may not post here. Allow me: Embed Links.
        I may not post here. Allow me: Send Messages in Threads.
        I may not post there. Allow me: Send Messages; Embed Links; Read Message History.
        "
        );
    }

    #[test]
    fn what_is_asked_for_fits_the_channel() {
        let tag = |id, name: &str, moderated| Tag { id: TagId(id), name: name.to_owned(), moderated };
        let tags = vec![tag(7, "World", false), tag(8, "Staff", true)];
        let said = |kind, requires_tag, tag: Option<&str>| match chosen(
            kind,
            &Forum { requires_tag, tags: tags.clone() },
            tag,
        ) {
            Ok(place) => format!("{place:?}"),
            Err(error) => error.to_string(),
        };
        insta::assert_snapshot!([
            said(ChannelType::Text, false, None),
            said(ChannelType::News, false, None),
            said(ChannelType::PublicThread, false, None),
            said(ChannelType::Text, false, Some("world")),
            said(ChannelType::Forum, false, None),
            said(ChannelType::Forum, true, Some(" world ")),
            said(ChannelType::Forum, true, Some("7")),
            said(ChannelType::Forum, true, None),
            said(ChannelType::Forum, true, Some("sport")),
            said(ChannelType::Forum, false, Some("staff")),
        ].join("\n"), @"
        Channel
        Announcements
        Channel
        Only posts of a forum have tags.
        Forum(None)
        Forum(Some(TagId(7)))
        Forum(Some(TagId(7)))
        That forum asks for a tag on every post. Choose one with the option tag.
        That forum has no such tag. Choose one of those that are suggested.
        I may not give that tag: it is for those who manage threads. Choose another.
        ");
    }
}
