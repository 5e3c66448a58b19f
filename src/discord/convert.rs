//! Messages as serenity's builders.

use poise::serenity_prelude as serenity;
use serenity::{
    ButtonStyle, CreateActionRow, CreateAllowedMentions, CreateButton, CreateEmbed, CreateEmbedAuthor,
    CreateEmbedFooter,
};

use crate::domain::Nonce;
use crate::render::{Action, Embed, LimitError, Message, validate};

/// A message that is within Discord's limits; the only kind that can be converted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Checked<'a>(&'a Message);

impl<'a> Checked<'a> {
    pub fn new(message: &'a Message) -> Result<Self, LimitError> {
        validate(message).map(|()| Self(message))
    }

    /// A new message. Discord returns the first one when the same nonce comes again within minutes.
    pub fn create(self, nonce: &Nonce) -> serenity::CreateMessage {
        self.first_of_post().nonce(serenity::Nonce::String(nonce.0.clone())).enforce_nonce(true)
    }

    /// The first message of a post in a forum, where Discord takes no nonce.
    pub fn first_of_post(self) -> serenity::CreateMessage {
        let mut create = serenity::CreateMessage::new()
            .embeds(self.embeds())
            .components(self.rows())
            .allowed_mentions(self.pinged());
        if let Some(content) = &self.0.content {
            create = create.content(content);
        }
        create
    }

    /// Replaces embeds and buttons; the content stays where the message has none.
    pub fn edit(self) -> serenity::EditMessage {
        let mut edit = serenity::EditMessage::new()
            .embeds(self.embeds())
            .components(self.rows())
            .allowed_mentions(nobody());
        if let Some(content) = &self.0.content {
            edit = edit.content(content);
        }
        edit
    }

    /// The answer to a command.
    pub fn reply(self) -> poise::CreateReply {
        let mut reply = poise::CreateReply::default().components(self.rows()).allowed_mentions(nobody());
        for embed in self.embeds() {
            reply = reply.embed(embed);
        }
        if let Some(content) = &self.0.content {
            reply = reply.content(content);
        }
        reply
    }

    /// What a deferred response becomes.
    pub fn edit_response(self) -> serenity::EditInteractionResponse {
        let mut edit = serenity::EditInteractionResponse::new()
            .embeds(self.embeds())
            .components(self.rows())
            .allowed_mentions(nobody());
        if let Some(content) = &self.0.content {
            edit = edit.content(content);
        }
        edit
    }

    /// A first answer that only the asker sees.
    pub fn private_response(self) -> serenity::CreateInteractionResponseMessage {
        let mut response = serenity::CreateInteractionResponseMessage::new()
            .embeds(self.embeds())
            .components(self.rows())
            .allowed_mentions(nobody())
            .ephemeral(true);
        if let Some(content) = &self.0.content {
            response = response.content(content);
        }
        response
    }

    /// A further answer that only the asker sees.
    pub fn private_followup(self) -> serenity::CreateInteractionResponseFollowup {
        let mut followup = serenity::CreateInteractionResponseFollowup::new()
            .embeds(self.embeds())
            .components(self.rows())
            .allowed_mentions(nobody())
            .ephemeral(true);
        if let Some(content) = &self.0.content {
            followup = followup.content(content);
        }
        followup
    }

    /// An edit pings nobody, whoever was when the message was new.
    fn pinged(self) -> CreateAllowedMentions {
        let roles = self.0.ping.iter().filter_map(|role| std::num::NonZeroU64::new(role.0));
        nobody().roles(roles.map(serenity::RoleId::from))
    }

    fn embeds(self) -> Vec<CreateEmbed> {
        self.0.embeds.iter().map(embed).collect()
    }

    fn rows(self) -> Vec<CreateActionRow> {
        let button = |button: &crate::render::Button| match &button.action {
            Action::Link(url) => CreateButton::new_link(url.as_str()).label(&button.label),
            Action::Custom(id) => CreateButton::new(id).label(&button.label).style(ButtonStyle::Secondary),
        };
        self.0.buttons.iter().map(|row| CreateActionRow::Buttons(row.iter().map(button).collect())).collect()
    }
}

/// Nobody is pinged. serenity and poise would otherwise let users be.
pub(super) fn nobody() -> CreateAllowedMentions {
    CreateAllowedMentions::new()
}

fn embed(embed: &Embed) -> CreateEmbed {
    let mut create = CreateEmbed::new().colour(embed.colour);
    if let Some(author) = &embed.author {
        let mut author = CreateEmbedAuthor::new(author);
        if let Some(icon) = &embed.icon {
            author = author.icon_url(icon.as_str());
        }
        create = create.author(author);
    }
    if let Some(title) = &embed.title {
        create = create.title(title);
    }
    if let Some(url) = &embed.url {
        create = create.url(url.as_str());
    }
    if let Some(thumbnail) = &embed.thumbnail {
        create = create.thumbnail(thumbnail.as_str());
    }
    if let Some(description) = &embed.description {
        create = create.description(description);
    }
    if let Some(footer) = &embed.footer {
        create = create.footer(CreateEmbedFooter::new(footer));
    }
    create.fields(embed.fields.iter().map(|field| (field.name.clone(), field.value.clone(), field.inline)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Locale;
    use crate::render::card;
    use crate::render::fixtures::{LATER, moon, nonce};

    #[test]
    fn the_request_that_posts_a_card() {
        let mut story = moon();
        story.image = Some("https://florida.example/moon.jpg".parse().unwrap());
        story.icon = Some("https://florida.example/icon.png".parse().unwrap());
        let card = card(&story, &nonce(), Locale::English, LATER);
        let request = serde_json::to_value(Checked::new(&card).unwrap().create(&nonce())).unwrap();
        assert_eq!(request["nonce"], "d1-7f3a9c");
        assert_eq!(request["enforce_nonce"], true);
        assert_eq!(request["allowed_mentions"], serde_json::json!({ "parse": [], "roles": [], "users": [] }));
        assert_eq!(request["embeds"][0]["title"], "Two men walk on the Moon");
        assert_eq!(request["embeds"][0]["fields"].as_array().unwrap().len(), 3);
        assert_eq!(request["embeds"][0]["thumbnail"]["url"], "https://florida.example/moon.jpg");
        assert_eq!(request["embeds"][0]["author"]["icon_url"], "https://florida.example/icon.png");
        assert_eq!(request["embeds"][0]["author"]["name"], "The Florida Example");
        let buttons = &request["components"][0]["components"];
        assert_eq!(buttons[0]["url"], "https://florida.example/moon-landing");
        assert_eq!(buttons[1]["custom_id"], "sources:d1-7f3a9c");
    }

    #[test]
    fn an_edit_clears_what_is_gone() {
        let message = Message { content: Some("later".to_owned()), ..Message::default() };
        let request = serde_json::to_value(Checked::new(&message).unwrap().edit()).unwrap();
        assert_eq!(request["embeds"], serde_json::json!([]));
        assert_eq!(request["components"], serde_json::json!([]));
    }

    #[test]
    fn nothing_beyond_a_limit_is_converted() {
        assert!(Checked::new(&Message::default()).is_err());
    }
}
