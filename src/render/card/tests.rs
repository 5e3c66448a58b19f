use chrono_tz::Tz;

use super::*;
use crate::render::fixtures::{HARMS, LATER, hostile_stories, moon, nonce, texts, ultimatum};
use crate::render::{terminal, validate};

#[test]
fn a_card_tells_what_happened_who_and_when() {
    insta::assert_snapshot!(terminal(&card(&moon(), &nonce(), Locale::English, LATER), 84, false), @"
    ▌ Two men walk on the Moon
    ▌ Neil Armstrong and Buzz Aldrin landed on the Moon on Sunday and spent more than
    ▌ two hours outside. Michael Collins stayed in orbit above them.
    ▌
    ▌ Key actors
    ▌ Neil Armstrong — commander
    ▌ Buzz Aldrin — pilot of the landing craft
    ▌ NASA
    ▌
    ▌ Key dates
    ▌ 16 July 1969 — the rocket left Florida
    ▌ 20 July 1969, 20:17 — the craft touched down
    ▌ 1960s — the goal that Kennedy had set
    ▌
    ▌ Sources
    ▌ The Florida Example <https://florida.example/moon-landing> — 21 July 1969, 01:05
    ▌ UTC
    ▌ Exempel-Bladet <https://bladet.example/nyheter/manen> — 21 July 1969
    ▌ Radio Sample <https://radio.example/%28live%29>
    ▌ 3 sources · updated 21 July 1969, 05:00 UTC
    ▌
    ▌ Automatic summary · all-MiniLM-L6-v2 · dateline 0.1.0

    [ Read ↗ ] [ Sources ] [ Timeline ] [ Inaccurate ]
    ");
}

#[test]
fn a_deadline_a_lede_and_one_source() {
    insta::assert_snapshot!(terminal(&card(&ultimatum(), &nonce(), Locale::English, LATER), 84, false), @"
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
    ▌ Example Tribune <https://tribune.example/1914/note> — 23 July 1914, 20:00 UTC
    ▌
    ▌ The article's first sentences · all-MiniLM-L6-v2 · dateline 0.1.0

    [ Read ↗ ] [ Sources ] [ Timeline ] [ Inaccurate ]
    ");
}

#[test]
fn the_card_as_it_is_sent() {
    insta::assert_debug_snapshot!(card(&moon(), &nonce(), Locale::English, LATER).embeds[0].fields, @r#"
    [
        Field {
            name: "Key actors",
            value: "**Neil Armstrong** — commander\n**Buzz Aldrin** — pilot of the landing craft\n**NASA**",
            inline: false,
        },
        Field {
            name: "Key dates",
            value: "**16 July 1969** — the rocket left Florida\n**20 July 1969, 20:17** — the craft touched down\n**1960s** — the goal that Kennedy had set",
            inline: false,
        },
        Field {
            name: "Sources",
            value: "[The Florida Example](https://florida.example/moon-landing) — <t:-14165700:f>\n[Exempel-Bladet](https://bladet.example/nyheter/manen) — 21 July 1969\n[Radio Sample](https://radio.example/%28live%29)\n3 sources · updated <t:-14151600:R>",
            inline: false,
        },
    ]
    "#);
}

#[test]
fn every_story_fits_and_pings_nobody() {
    for (at, (what, story)) in hostile_stories().into_iter().enumerate() {
        let card = card(&story, &nonce(), Locale::ALL[at % 3], LATER);
        assert_eq!(validate(&card), Ok(()), "{what}");
        assert_eq!(validate(&retracted(&story, &nonce(), Locale::German)), Ok(()), "{what}, taken back");
        for room in [300, 600, 1200, 6000] {
            let embed = brief(&story, room, Tz::UTC.into());
            let size = [&embed.title, &embed.description, &embed.footer]
                .into_iter()
                .flatten()
                .map(|t| units(t))
                .sum::<usize>();
            assert!(size <= room, "{what}: {size} in {room}");
            assert_eq!(validate(&Message { embeds: vec![embed], ..Message::default() }), Ok(()), "{what}");
        }
        for harm in HARMS {
            assert!(!texts(&card).iter().any(|text| text.contains(harm)), "{what}: {harm}");
        }
    }
}

#[test]
fn a_card_in_german_and_in_french() {
    let shown = |story: &Story, locale| terminal(&card(story, &nonce(), locale, LATER), 84, false);
    let quake = crate::render::fixtures::quake();
    insta::assert_snapshot!(shown(&quake, Locale::German), @"
    ▌ Earthquake strikes San Francisco Bay
    ▌ An earthquake shook the San Francisco Bay area on Tuesday and brought down a span
    ▌ of the Bay Bridge. The third game of the World Series was called off at
    ▌ Candlestick Park. (Harbour Courier)
    ▌
    ▌ Hauptakteure
    ▌ San Francisco
    ▌ Art Agnos — mayor
    ▌
    ▌ Wichtige Daten
    ▌ 17. Oktober 1989 — an earthquake shook the Bay area
    ▌
    ▌ Neu
    ▌ A mile of the Nimitz Freeway fell onto the lanes below. · 5 dead (zuvor: 3 dead) ·
    ▌ erstmals genannt: George Deukmejian (Meridian Wire)
    ▌
    ▌ Die Angaben weichen voneinander ab
    ▌ 3 dead (Harbour Courier), 5 dead (Meridian Wire)
    ▌
    ▌ Zuvor
    ▌ Tremor felt in Lake Elsman <https://discord.com/channels/1/3/77>
    ▌
    ▌ Quellen
    ▌ Bay Example <https://bay.example/quake> — 18 October 1989, 01:00 UTC
    ▌ Valley Sample <https://valley.example/quake> — 18 October 1989, 01:20 UTC · der
    ▌ Text von Bay Example
    ▌ Harbour Courier <https://courier.example/series> — 18 October 1989, 02:00 UTC
    ▌ Meridian Wire <https://wire.example/quake> — 18 October 1989, 02:30 UTC
    ▌ 4 Quellen, davon 1 mit dem Text einer anderen · aktualisiert 18 October 1989,
    ▌ 02:30 UTC
    ▌
    ▌ Automatische Zusammenfassung · all-MiniLM-L6-v2 · dateline 0.1.0

    [ Lesen ↗ ] [ Quellen ] [ Zeitleiste ] [ Unzutreffend ]
    ");
    insta::assert_snapshot!(shown(&ultimatum(), Locale::French), @"
    ▌ Vienna gives Belgrade 48 hours
    ▌ Austria-Hungary handed Serbia a note with ten demands on Thursday.
    ▌
    ▌ Acteurs clés
    ▌ Austria-Hungary
    ▌ Serbia
    ▌ Leopold Berchtold — foreign minister
    ▌
    ▌ Dates clés
    ▌ 48 heures, jusqu’au 25 juillet 1914, 18:00 — an answer is due
    ▌ juin 1914
    ▌
    ▌ Sources
    ▌ Example Tribune <https://tribune.example/1914/note> — 23 July 1914, 20:00 UTC
    ▌
    ▌ Les premières phrases de l’article · all-MiniLM-L6-v2 · dateline 0.1.0

    [ Lire ↗ ] [ Sources ] [ Chronologie ] [ Inexact ]
    ");
}

#[test]
fn the_kind_of_news_is_a_colour_and_pictures_are_shown_where_there_are_any() {
    let plain = moon();
    let soon = plain.updated_at + chrono::TimeDelta::hours(1);
    let of = |story: &Story, now| {
        let message = card(story, &nonce(), Locale::English, now);
        assert_eq!(validate(&message), Ok(()));
        message.embeds.into_iter().next().unwrap()
    };
    let colours = |story: &Story| [soon, LATER].map(|now| of(story, now).colour);
    assert_eq!(colours(&plain), [DEVELOPING, NEWS]);
    assert_eq!(colours(&ultimatum()), [NEWS, NEWS], "a single outlet");
    let breaking = Story { breaking: Some("5 outlets".to_owned()), ..moon() };
    assert_eq!(colours(&breaking), [BREAKING, BREAKING]);
    let mut corrected = breaking.clone();
    corrected.sources[1].corrects = true;
    assert_eq!(colours(&corrected), [CORRECTED, CORRECTED]);
    assert_eq!(of(&corrected, LATER).author.as_deref(), Some("Corrected"));

    assert_eq!((of(&plain, LATER).author, of(&plain, LATER).thumbnail), (None, None));
    let image: Url = "https://florida.example/moon.jpg".parse().unwrap();
    let icon: Url = "https://florida.example/icon.png".parse().unwrap();
    let pictured = Story { image: Some(image.clone()), icon: Some(icon.clone()), ..breaking };
    let embed = of(&pictured, LATER);
    assert_eq!((embed.thumbnail, embed.icon), (Some(image), Some(icon)));
    assert_eq!(embed.author.as_deref(), Some("Breaking · The Florida Example"));
    assert_eq!(embed.fields, of(&plain, LATER).fields, "all else is as it was");
}
