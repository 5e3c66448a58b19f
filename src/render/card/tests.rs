use super::*;
use crate::render::fixtures::{HARMS, hostile_stories, moon, nonce, texts, ultimatum};
use crate::render::{terminal, validate};

#[test]
fn a_card_tells_what_happened_who_and_when() {
    insta::assert_snapshot!(terminal(&card(&moon(), &nonce(), Tz::UTC), 84, false), @"
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
    insta::assert_snapshot!(terminal(&card(&ultimatum(), &nonce(), Tz::Europe__Vienna), 84, false), @"
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
    ▌ Example Tribune <https://tribune.example/1914/note> — 23 July 1914, 21:00 CET
    ▌
    ▌ The article's first sentences · all-MiniLM-L6-v2 · dateline 0.1.0

    [ Read ↗ ] [ Sources ] [ Timeline ] [ Inaccurate ]
    ");
}

#[test]
fn the_card_as_it_is_sent() {
    insta::assert_debug_snapshot!(card(&moon(), &nonce(), Tz::UTC).embeds[0].fields, @r#"
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
            value: "[The Florida Example](https://florida.example/moon-landing) — 21 July 1969, 01:05 UTC\n[Exempel-Bladet](https://bladet.example/nyheter/manen) — 21 July 1969\n[Radio Sample](https://radio.example/%28live%29)\n3 sources · updated <t:-14151600:R>",
            inline: false,
        },
    ]
    "#);
}

#[test]
fn every_story_fits_and_pings_nobody() {
    for (what, story) in hostile_stories() {
        let card = card(&story, &nonce(), Tz::UTC);
        assert_eq!(validate(&card), Ok(()), "{what}");
        assert_eq!(validate(&retracted(&story, &nonce())), Ok(()), "{what}, taken back");
        for room in [300, 600, 1200, 6000] {
            let embed = brief(&story, room, Tz::UTC);
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
