//! The languages of the fixed words.

/// A language in which messages have their fixed words; what news say stays in theirs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Locale {
    #[default]
    English,
    German,
    French,
}

impl Locale {
    pub const ALL: [Self; 3] = [Self::English, Self::German, Self::French];

    /// Of a tag as Discord gives it, such as `de` or `en-GB`. What we have no words in is English.
    pub fn of(tag: &str) -> Self {
        let language = tag.split(['-', '_']).next().unwrap_or_default().to_lowercase();
        match language.as_str() {
            "de" => Self::German,
            "fr" => Self::French,
            _ => Self::English,
        }
    }

    /// Its name in itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
            Self::French => "Français",
        }
    }

    /// Discord's tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en-US",
            Self::German => "de",
            Self::French => "fr",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_english() {
        for (tag, locale) in [
            ("de", Locale::German),
            ("fr", Locale::French),
            ("fr-CA", Locale::French),
            ("DE_AT", Locale::German),
            ("en-GB", Locale::English),
            ("ja", Locale::English),
            ("deutsch", Locale::English),
            ("", Locale::English),
        ] {
            assert_eq!(Locale::of(tag), locale, "{tag}");
        }
        assert!(Locale::ALL.iter().all(|locale| Locale::of(locale.tag()) == *locale));
    }
}
