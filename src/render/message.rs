//! A message as we mean it, without any Discord library.

use url::Url;

use crate::domain::RoleId;

/// One message: at most 10 embeds, at most 5 rows of 5 buttons.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Message {
    pub content: Option<String>,
    /// The one role that this message pings; nobody else ever is.
    pub ping: Option<RoleId>,
    pub embeds: Vec<Embed>,
    /// Rows of buttons.
    pub buttons: Vec<Vec<Button>>,
}

impl Message {
    /// With a mention of `role` above it, if there is one.
    #[must_use]
    pub fn mentioning(self, role: Option<RoleId>) -> Self {
        match role {
            Some(role) => Self { content: Some(format!("<@&{role}>")), ping: Some(role), ..self },
            None => self,
        }
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
