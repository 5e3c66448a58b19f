//! A message as we mean it, without any Discord library.

use url::Url;

use crate::domain::RoleId;

/// One message: at most 10 embeds, at most 5 rows of 5 buttons.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Message {
    pub content: Option<String>,
    /// The roles that this message pings; nobody else ever is.
    pub ping: Vec<RoleId>,
    pub embeds: Vec<Embed>,
    /// Rows of buttons.
    pub buttons: Vec<Vec<Button>>,
}

impl Message {
    /// With a mention of `roles` above it, if there are any.
    #[must_use]
    pub fn mentioning(self, roles: impl IntoIterator<Item = RoleId>) -> Self {
        let ping: Vec<RoleId> = roles.into_iter().collect();
        if ping.is_empty() {
            return self;
        }
        let mentions: Vec<String> = ping.iter().map(|role| format!("<@&{role}>")).collect();
        Self { content: Some(mentions.join(" ")), ping, ..self }
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Embed {
    pub author: Option<String>,
    /// Before the author.
    pub icon: Option<Url>,
    pub title: Option<String>,
    /// Where the title leads.
    pub url: Option<Url>,
    pub description: Option<String>,
    /// A small picture beside the text.
    pub thumbnail: Option<Url>,
    pub fields: Vec<Field>,
    pub footer: Option<String>,
    /// 0xRRGGBB.
    pub colour: u32,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    pub name: String,
    pub value: String,
    pub inline: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Button {
    pub label: String,
    pub action: Action,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Opens a page.
    Link(Url),
    /// Comes back to us as a component interaction with this `custom_id`.
    Custom(String),
}
