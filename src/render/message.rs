//! A message as we mean it, without any Discord library.

use url::Url;

/// One message: at most 10 embeds, at most 5 rows of 5 buttons.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Message {
    pub content: Option<String>,
    pub embeds: Vec<Embed>,
    /// Rows of buttons.
    pub buttons: Vec<Vec<Button>>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Embed {
    pub author: Option<String>,
    pub title: Option<String>,
    /// Where the title leads.
    pub url: Option<Url>,
    pub description: Option<String>,
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
