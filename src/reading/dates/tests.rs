//! What is found in a text, and the value each expression gets.

use super::*;
use crate::domain::{Granularity, KeyDate};

mod forms;

/// `words=value` of everything found, duration, set and time marked by `P:`, `S:` and `T:`.
fn read(text: &str, published: &str) -> String {
    let document = Document::new(text, published.parse().ok());
    let found = find(&document);
    let shown: Vec<String> = found
        .iter()
        .map(|time| {
            let mark = match time.kind {
                TimeKind::Date => "",
                TimeKind::Time => "T:",
                TimeKind::Duration => "P:",
                TimeKind::Set => "S:",
            };
            format!("{}={mark}{}", document.slice(time.span), time.value)
        })
        .collect();
    shown.join(" | ")
}

/// Published on Wednesday, 7 September 2022.
fn check(cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(text, expected)| {
            let found = read(text, "2022-09-07");
            (found != *expected).then(|| format!("{text}\n   expected {expected}\n   found    {found}"))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn explicit_dates_in_every_order() {
    check(&[
        ("Rescuers reached the mine on July 15, 2010.", "July 15, 2010=2010-07-15"),
        ("Rescuers reached the mine on 15 July 2010.", "15 July 2010=2010-07-15"),
        ("It was signed on Sept. 7, 1978, at the lodge.", "Sept. 7, 1978=1978-09-07"),
        ("The log of 2010-10-13 records it.", "2010-10-13=2010-10-13"),
        ("Filed 7/15/2022 in court.", "7/15/2022=2022-07-15"),
        ("Filed 15/7/2022 in court, again 3/8/2022.", "15/7/2022=2022-07-15 | 3/8/2022=2022-08-03"),
        ("Filed 15.07.2022 in court.", "15.07.2022=2022-07-15"),
        ("On the 20th of July 1969 the craft landed.", "the 20th of July 1969=1969-07-20"),
        ("On Sunday, July 20, 1969, the craft landed.", "Sunday, July 20, 1969=1969-07-20"),
        ("The wall fell in November 1989.", "November 1989=1989-11"),
        ("The wall fell in Nov. 1989.", "Nov. 1989=1989-11"),
        ("It opened on December the twenty-fifth.", "December the twenty-fifth=2021-12-25"),
        ("He died at 44 BC's most famous Senate meeting.", "44 BC=BC0044"),
        ("The eruption of AD 79 buried the town.", "AD 79=0079"),
    ]);
}

#[test]
fn a_date_without_a_year_takes_the_nearest_that_fits_the_tense() {
    check(&[
        ("Hackers struck on July 15.", "July 15=2022-07-15"),
        ("The ship sank on December 3.", "December 3=2021-12-03"),
        ("Voters will go to the polls on October 2.", "October 2=2022-10-02"),
        ("Voters will go to the polls on March 3.", "March 3=2023-03-03"),
        ("The deadline is September 30.", "September 30=2022-09-30"),
        ("The minister resigned in May.", "May=2022-05"),
        ("The minister resigned in November.", "November=2021-11"),
        ("The court is to rule in January.", "January=2023-01"),
        (
            "In 1969, the crew trained for months. They landed on July 20.",
            "1969=1969 | months=P:PXM | July 20=1969-07-20",
        ),
        ("The strike began last July and ended last November.", "last July=2022-07 | last November=2021-11"),
        ("The decree of the 12th of October last, was void.", "the 12th of October last=2021-10-12"),
        (
            "They met on Monday last; they meet on 3 March next.",
            "Monday last=2022-09-05 | 3 March next=2023-03-03",
        ),
        ("It stood on March 3 next to the bridge.", "March 3=2022-03-03"),
    ]);
}

#[test]
fn weekdays_follow_the_tense_of_their_clause() {
    check(&[
        ("The council severed ties on Wednesday.", "Wednesday=2022-09-07"),
        ("The miners surfaced on Thursday.", "Thursday=2022-09-01"),
        ("The court will rule on Friday.", "Friday=2022-09-09"),
        ("Officials said Tuesday they would meet on Friday.", "Tuesday=2022-09-06 | Friday=2022-09-09"),
        ("On Saturday, the union will vote.", "Saturday=2022-09-10"),
        ("The treaty could be signed as early as Monday.", "Monday=2022-09-12"),
        (
            "He left last Wednesday and returns next Wednesday.",
            "last Wednesday=2022-08-31 | next Wednesday=2022-09-14",
        ),
        ("The talks are due to begin on Monday.", "Monday=2022-09-12"),
        ("The truce was extended until Sunday.", "Sunday=2022-09-11"),
        ("The fire began on Tuesday last week.", "Tuesday last week=2022-08-30"),
        ("Workers set off alarms on Monday morning.", "Monday morning=T:2022-09-05TMO"),
        ("The vote is set for Monday.", "Monday=2022-09-12"),
        ("Monday’s quake shook the island.", "Monday=2022-09-05"),
    ]);
}

#[test]
fn relative_expressions_count_from_publication() {
    check(&[
        ("Today, yesterday and tomorrow.", "Today=2022-09-07 | yesterday=2022-09-06 | tomorrow=2022-09-08"),
        ("The bridge fell last year.", "last year=2021"),
        ("It opens next month.", "next month=2022-10"),
        ("Rain fell earlier this week.", "earlier this week=2022-W36"),
        ("The fair closes this weekend.", "this weekend=2022-W36-WE"),
        ("The attack this summer was blamed on a neighbour.", "this summer=2022-SU"),
        ("Three days ago the dam burst.", "Three days ago=2022-09-04"),
        ("The law passed two months ago.", "two months ago=2022-07"),
        ("They met two weeks ago.", "two weeks ago=2022-W34"),
        ("The king died 10 years ago.", "10 years ago=2012"),
        ("The plant opens in two weeks' time.", "two weeks' time=2022-W38"),
        ("He resigned at the end of last year.", "the end of last year=2021"),
        ("Sales fell in the last decade.", "the last decade=P:P1DE"),
        ("They will vote later in the day.", "later in the day=2022-09-07"),
    ]);
}

#[test]
fn some_count_from_the_date_named_before() {
    check(&[
        (
            "The craft landed on July 20, 1969. Two days later it left.",
            "July 20, 1969=1969-07-20 | Two days later=1969-07-22",
        ),
        (
            "The wall fell on November 9, 1989. The next day crowds came.",
            "November 9, 1989=1989-11-09 | The next day=1989-11-10",
        ),
        ("The treaty of 1978 held. A year later it was ratified.", "1978=1978 | A year later=1979"),
        (
            "Profit rose in the second quarter of 2021 from a year earlier.",
            "the second quarter of 2021=2021-Q2 | a year earlier=2020-Q2",
        ),
    ]);
}

#[test]
fn times_of_day() {
    check(&[
        ("The quake hit at 3:34 a.m. on Saturday.", "3:34 a.m. on Saturday=T:2022-09-03T03:34"),
        (
            "The launch was on July 16, 1969, at 9:32 a.m. EDT.",
            "July 16, 1969, at 9:32 a.m. EDT=T:1969-07-16T09:32",
        ),
        ("Guns fell silent at 11 a.m. local time.", "11 a.m. local time=T:2022-09-07T11:00"),
        ("The vote was held on Tuesday night.", "Tuesday night=T:2022-09-06TNI"),
        (
            "It rained this morning and last night.",
            "this morning=T:2022-09-07TMO | last night=T:2022-09-06TNI",
        ),
        ("The speech begins at 1900 GMT tonight.", "1900 GMT tonight=T:2022-09-07T19:00"),
        ("Shops opened at noon on Monday.", "noon on Monday=T:2022-09-05T12:00"),
        ("Polls were open from 7 to 11 a.m.", "7=T:2022-09-07T07:00 | 11 a.m.=T:2022-09-07T11:00"),
        ("They fled in the early hours of Tuesday.", "the early hours of Tuesday=T:2022-09-06TMO"),
        ("At six o'clock it was over.", "six o'clock=T:2022-09-07T06:00"),
    ]);
}

#[test]
fn parts_of_the_year_and_more_than_a_year() {
    check(&[
        ("Output fell in the third quarter.", "the third quarter=2022-Q3"),
        ("Profit for the first half of 2021 doubled.", "the first half of 2021=2021-H1"),
        (
            "First-quarter sales of 2021 rose in Q2 2022.",
            "First-quarter=2022-Q1 | 2021=2021 | Q2 2022=2022-Q2",
        ),
        ("Revenue for fiscal 2020 was flat.", "fiscal 2020=2020"),
        ("Strikes spread in the summer of 1980.", "the summer of 1980=1980-SU"),
        ("The band formed in the late 1960s.", "the late 1960s=196"),
        ("The music of the '80s returned.", "the '80s=198"),
        ("The canal was dug in the 19th century.", "the 19th century=18"),
        ("A 20th-century idea.", "20th-century=19"),
        ("The war of 1812 and the 1979 revolution.", "1812=1812 | 1979=1979"),
    ]);
}

#[test]
fn a_range_is_two_expressions() {
    check(&[
        ("The fair ran from 3 to 5 May 2019.", "3=2019-05-03 | 5 May 2019=2019-05-05"),
        ("The fair ran on May 3-5, 2019.", "May 3=2019-05-03 | 5, 2019=2019-05-05"),
        ("It met on July 15 and 16.", "July 15=2022-07-15 | 16=2022-07-16"),
        ("The drought of 2013-15 ended.", "2013=2013 | 15=2015"),
        ("He ruled between 1979 and 1989.", "1979=1979 | 1989=1989"),
        ("It rained from March to August 2011.", "March=2011-03 | August 2011=2011-08"),
        ("The siege lasted from November to February 1990.", "November=1989-11 | February 1990=1990-02"),
        ("Open Monday to Friday.", "Monday=2022-09-05 | Friday=2022-09-09"),
    ]);
}

#[test]
fn durations() {
    check(&[
        ("The crew spent 69 days underground.", "69 days=P:P69D"),
        ("He ruled for nearly three decades.", "nearly three decades=P:P3DE"),
        ("A 24-hour strike halted trains.", "24-hour=P:PT24H"),
        ("It lasted two and a half hours.", "two and a half hours=P:PT2.5H"),
        ("It took half an hour.", "half an hour=P:PT30M"),
        ("They have been foes for years.", "years=P:PXY"),
        ("The past three years were dry.", "The past three years=P:P3Y"),
        ("She waited several months.", "several months=P:PXM"),
        ("It will last two to three weeks.", "two to three weeks=P:P3W"),
        ("It took 1 hour and 30 minutes.", "1 hour and 30 minutes=P:PT1H30M"),
        ("A 34-year-old teacher was freed.", "34-year-old=P:P34Y"),
        ("More than 20 years passed.", "More than 20 years=P:P20Y"),
    ]);
}

#[test]
fn sets() {
    check(&[
        ("They march every Monday.", "every Monday=S:XXXX-WXX-1"),
        ("The paper came out daily.", "daily=S:P1D"),
        ("It meets twice a week.", "twice a week=S:P1W"),
        ("Prayers are held on Fridays.", "Fridays=S:XXXX-WXX-5"),
        ("It kills 3,000 people each year.", "each year=S:P1Y"),
        ("He works 60 hours a week.", "60 hours=P:PT60H | a week=S:P1W"),
        ("It is held every two years.", "every two years=S:P2Y"),
    ]);
}

#[test]
fn vague_references_and_holidays() {
    check(&[
        ("They recently met and now agree.", "recently=PAST_REF | now=PRESENT_REF"),
        ("In recent years the ice thinned.", "recent years=PAST_REF"),
        ("A vote is likely in the coming weeks.", "the coming weeks=FUTURE_REF"),
        ("Troops sang on Christmas Eve 1914.", "Christmas Eve 1914=1914-12-24"),
        ("The rising began on Easter Monday 1916.", "Easter Monday 1916=1916-04-24"),
        ("Markets close on Thanksgiving.", "Thanksgiving=2022-11-24"),
        ("After the 9/11 attacks, flights stopped.", "9/11=2001-09-11"),
    ]);
}

#[test]
fn what_only_looks_like_a_date_is_left_alone() {
    check(&[
        ("Theresa May said the talks may resume.", ""),
        ("May said she would not march.", ""),
        ("Thousands joined the March for Life.", ""),
        ("The Sunday Times reported it.", ""),
        ("A swap freed 2013 prisoners and some 3,000 members.", ""),
        ("He sat in the sun for a second term.", ""),
        ("The team won 3-2 in the second half.", ""),
        ("Call 555-2013 or flight 1549.", ""),
        ("The fall of Rome and the Arab Spring.", ""),
        ("It cost $2000 and weighed 1950 kg.", ""),
        ("The F-16 and the A320 and COVID-19.", ""),
        ("See https://example.org/2010/10/13/mine for more.", ""),
        ("He scored in the 89th minute of the third round.", ""),
        ("The Daily Mail and the Weekly Standard.", ""),
        ("A quarter of voters, 24/7, took it day by day.", ""),
    ]);
}

#[test]
fn without_a_publication_what_is_relative_stays_open() {
    let cases = [
        ("The council met on Wednesday.", "Wednesday=XXXX-WXX-3"),
        ("The council met on July 15.", "July 15=XXXX-07-15"),
        ("The council met today, after last year.", "today=PRESENT_REF | last year=XXXX"),
        ("It was three days ago, in the summer.", "three days ago=XXXX-XX-XX | the summer=XXXX-SU"),
        ("It fell in 1989. On November 9 crowds came.", "1989=1989 | November 9=1989-11-09"),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text, ""), expected, "{text}");
    }
}

#[test]
fn a_date_in_digits_that_reads_both_ways_is_flagged() {
    let ambiguous = |text: &str| -> Vec<bool> {
        find(&Document::new(text, "2022-09-07".parse().ok())).iter().map(|time| time.ambiguous).collect()
    };
    assert_eq!(ambiguous("The siege ended on 3/8/2021."), [true]);
    assert_eq!(ambiguous("The siege ended on 3/8/2021, not on 15/8/2021."), [false, false]);
    assert_eq!(ambiguous("The siege began on 2 July 2021 and ended on 3/8/2021."), [false, false]);
    assert!(keys("The siege of the town ended on 3/8/2021 with a truce.", "2022-09-07", &[1.0]).is_empty());
    check(&[
        ("It began on 2 July 2021 and ended on 3/8/2021.", "2 July 2021=2021-07-02 | 3/8/2021=2021-08-03"),
        ("It began on July 2, 2021 and ended on 3/8/2021.", "July 2, 2021=2021-07-02 | 3/8/2021=2021-03-08"),
    ]);
}

#[test]
fn deadlines_end_where_they_end() {
    let until = |text: &str, published: &str| {
        let document = Document::new(text, published.parse().ok());
        find(&document).into_iter().find_map(|time| time.until).map(|until| until.to_string())
    };
    let text = "Envoys had 24 hours to leave the country.";
    assert_eq!(until(text, "2022-09-07").as_deref(), Some("2022-09-08 00:00:00"));
    assert_eq!(until(text, "2022-09-07T14:30:00+02:00").as_deref(), Some("2022-09-08 14:30:00"));
    assert_eq!(until(text, ""), None);
    let day = |text| until(text, "2022-09-07").map(|until| until[..10].to_owned());
    assert_eq!(day("The king gave them three days to surrender.").as_deref(), Some("2022-09-10"));
    assert_eq!(day("The envoy must leave within two weeks.").as_deref(), Some("2022-09-21"));
    assert_eq!(day("A 48-hour ultimatum was sent to Belgrade.").as_deref(), Some("2022-09-09"));
    assert_eq!(day("The rescue took 69 days."), None);
    assert_eq!(day("He died within two hours of the crash."), None);
    assert_eq!(day("It took him three years to write."), None);
}

fn keys(text: &str, published: &str, salient: &[f32]) -> Vec<KeyDate> {
    let document = Document::new(text, published.parse().ok());
    let times = find(&document);
    key_dates(&document, &times, salient)
}

const BREAK: &str = "Utopia broke diplomatic ties with Atlantis on Wednesday over an attack on its ports this summer, its council said.\n\
    The council accused Atlantis of shelling the northern harbour on July 15 in a bid to “starve the island”.\n\
    Envoys of Atlantis had 24 hours to leave the island after the announcement.\n\
    The two have been foes for years, and about 30,000 islanders recently signed a petition that is renewed every year.\n\
    Utopia agreed in 2013 to take in some 3,000 exiles who had fled the 1979 revolution.";

#[test]
fn key_dates_tell_what_happened_when() {
    let dates = keys(BREAK, "2022-09-07", &[1.0, 0.8, 0.8, 0.2, 0.4]);
    let shown: Vec<_> =
        dates.iter().map(|date| (date.value.as_str(), date.granularity, date.event.as_deref())).collect();
    assert_eq!(
        shown[1..],
        [
            (
                "2022-07-15",
                Granularity::Day,
                Some(
                    "The council accused Atlantis of shelling the northern harbour on July 15 in a bid to “starve the island”"
                ),
            ),
            (
                "2022-09-07",
                Granularity::Day,
                Some(
                    "Utopia broke diplomatic ties with Atlantis on Wednesday over an attack on its ports this summer"
                ),
            ),
            (
                "PT24H",
                Granularity::Duration,
                Some("Envoys of Atlantis had 24 hours to leave the island after the announcement"),
            ),
        ]
    );
    assert_eq!(dates[3].until.as_deref(), Some("2022-09-08T00:00:00"));
    assert!(dates.iter().all(|date| BREAK.contains(date.event.as_deref().unwrap())));
    let chars: Vec<char> = BREAK.chars().collect();
    assert!(dates.iter().all(|date| chars[date.start..date.end].iter().collect::<String>() == date.text));
}

#[test]
fn a_value_is_shown_once_and_vague_ones_never() {
    let text =
        "The craft landed on Tuesday.\nOn Tuesday the crew rested for two hours.\nIt recently flew daily.";
    let dates = keys(text, "2022-09-07", &[1.0, 1.0, 1.0]);
    assert_eq!(dates.len(), 1);
    assert_eq!((dates[0].value.as_str(), dates[0].start), ("2022-09-06", 20));
}

#[test]
fn hostile_texts_neither_panic_nor_hang() {
    for text in [
        "5 to ", "May ", "2013-", "the last ", "1:1", "’s", "five and ", "a.m. ", "日本2022年",
        "99999999999 years ago ", "9999-12-31 ",
    ] {
        let document = Document::new(text.repeat(2000), "2022-09-07".parse().ok());
        let times = find(&document);
        key_dates(&document, &times, &[]);
    }
    for published in ["9999-12-31", "0001-01-01", "+262142-12-31"] {
        let document = Document::new(
            "Next year, last week, 9000 years ago, in 900000000 days' time.",
            published.parse().ok(),
        );
        find(&document);
    }
}

#[test]
fn what_a_speaker_calls_tonight_is_no_key_date() {
    let text = "Egypt seized the canal on Thursday.\n“Tonight the canal will be run by Egyptians,” Nasser told a crowd in Alexandria.";
    let dates = keys(text, "1956-07-27", &[0.9, 0.9]);
    let values: Vec<&str> = dates.iter().map(|date| date.value.as_str()).collect();
    assert_eq!(values, ["1956-07-26"]);
}
