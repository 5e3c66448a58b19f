//! Everything that names serenity or poise: commands, components, posting.
