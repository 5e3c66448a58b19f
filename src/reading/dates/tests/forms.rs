//! Forms of dates and times beyond those of every article: stretches of hours, digits, what follows a unit.

use super::check;

#[test]
fn the_ends_of_a_stretch_share_their_half_of_the_day_and_their_day() {
    check(&[
        (
            "Polls closed between 5 and 6 in the afternoon.",
            "5=T:2022-09-07T17:00 | 6 in the afternoon=T:2022-09-07T18:00",
        ),
        (
            "They danced from 10 to two in the morning.",
            "10=T:2022-09-07T10:00 | two in the morning=T:2022-09-07T02:00",
        ),
        (
            "Talks ran from 10:30 to 3 on September 2.",
            "10:30=T:2022-09-02T10:30 | 3 on September 2=T:2022-09-02T15:00",
        ),
        (
            "The strike is set for 10 a.m. to noon Monday.",
            "10 a.m.=T:2022-09-12T10:00 | noon Monday=T:2022-09-12T12:00",
        ),
        ("Shells fell between 7 and 9 last night.", "7=T:2022-09-06T19:00 | 9 last night=T:2022-09-06T21:00"),
        (
            "The fort was shelled on April 12, 1861; the next evening from 7 to 9 the guns were silent.",
            "April 12, 1861=1861-04-12 | the next evening=T:1861-04-13TEV | 7=T:1861-04-13T19:00 | 9=T:1861-04-13T21:00",
        ),
        ("Power was cut from 9.30-4.30pm GMT.", "9.30=T:2022-09-07T09:30 | 4.30pm GMT=T:2022-09-07T16:30"),
        // Counts, scores and scales are no hours.
        ("The toll rose from 4 to 22 last night.", "last night=T:2022-09-06TNI"),
        ("They lost 5 to 3 last night.", "last night=T:2022-09-06TNI"),
        ("They won 5 to 3 in the evening.", "the evening=T:2022-09-07TEV"),
        ("They came back Sunday night from 3-1 down.", "Sunday night=T:2022-09-04TNI"),
        ("The storm reached 4 on a scale from 1 to 5 Tuesday night.", "Tuesday night=T:2022-09-06TNI"),
        (
            "Open Monday 5 p.m.-midnight, Tuesday-Thursday 4 p.m.-1 a.m.",
            "Monday 5 p.m.=T:2022-09-05T17:00 | midnight=T:2022-09-05T24:00 | Tuesday=2022-09-06 | \
             Thursday 4 p.m.=T:2022-09-08T16:00 | 1 a.m.=T:2022-09-08T01:00",
        ),
    ]);
}

#[test]
fn a_day_and_its_time_stand_in_either_order() {
    check(&[
        ("The dam burst at 10:30 Friday night.", "10:30 Friday night=T:2022-09-02T22:30"),
        ("Guards fled at five-thirty yesterday evening.", "five-thirty yesterday evening=T:2022-09-06T17:30"),
        (
            "The envoy left on Sunday early morning at 8:00.",
            "Sunday early morning at 8:00=T:2022-09-04T08:00",
        ),
        ("The envoys will meet Monday evening next week.", "Monday evening next week=T:2022-09-12TEV"),
        ("The wire is dated 8/5/1963 @ 17:49.", "8/5/1963 @ 17:49=T:1963-08-05T17:49"),
        ("It was stamped Wed Oct 26 15:50:06 1983.", "Wed Oct 26 15:50:06 1983=T:1983-10-26T15:50:06"),
        ("He was woken in the morning at 7.", "the morning at 7=T:2022-09-07T07:00"),
        ("The cabinet met on Monday of the following week.", "Monday of the following week=2022-09-12"),
        ("It was signed on Friday last.", "Friday last=2022-09-02"),
        (
            "The vote is on the 17 from 2pm to 4pm.",
            "the 17=2022-09-17 | 2pm=T:2022-09-17T14:00 | 4pm=T:2022-09-17T16:00",
        ),
    ]);
}

#[test]
fn a_weekday_tells_the_year_of_its_date() {
    check(&[
        ("He was told to be in court on Friday, September 30.", "Friday, September 30=2022-09-30"),
        ("Workers told of the fire of Saturday, December 10.", "Saturday, December 10=2022-12-10"),
        // So near to publication the weekday is the slip.
        ("The ship sank on Monday, Sept. 6.", "Monday, Sept. 6=2022-09-06"),
    ]);
}

#[test]
fn a_day_near_publication_is_of_this_year_whatever_the_verb() {
    check(&[
        ("He declared his candidacy for the elections on 3 October.", "3 October=2022-10-03"),
        ("The vote had been scheduled for August 14, then put off.", "August 14=2022-08-14"),
        ("A ceremony due to take place on 11 October was dropped.", "11 October=2022-10-11"),
        ("The road was closed due to snow on 11 December.", "11 December=2021-12-11"),
        ("It has not rained since September 20.", "September 20=2021-09-20"),
    ]);
}

#[test]
fn digits_and_their_separators() {
    check(&[
        ("It ran from 10/1/1962-10/28/1962.", "10/1/1962=1962-10-01 | 10/28/1962=1962-10-28"),
        ("It ran from 10/16-10/28, 1962.", "10/16=1962-10-16 | 10/28, 1962=1962-10-28"),
        ("It met on 8/20, 8/22 or 8/25.", "8/20=2022-08-20 | 8/22=2022-08-22 | 8/25=2022-08-25"),
        ("The log has 2019/aug/01 and 2018-7-6.", "2019/aug/01=2019-08-01 | 2018-7-6=2018-07-06"),
        ("It fell on Friday 2018-7-6.", "Friday 2018-7-6=2018-07-06"),
        ("File 20220715 was closed.", "20220715=2022-07-15"),
        ("Er schrieb am 16. November 2016.", "16. November 2016=2016-11-16"),
        ("The season of 2008/9 ended 3/4-5/6.", "2008=2008 | 9=2009"),
        ("Mix 1/2-3/4 cups; from 1/2 to 3/4 of them.", ""),
    ]);
}

#[test]
fn days_across_months_and_years_in_words() {
    check(&[
        ("The siege lasted from April 27 to the 3rd.", "April 27=2022-04-27 | 3rd=2022-05-03"),
        (
            "They fled from the 27th to the 3rd of May 1945.",
            "the 27th=1945-04-27 | 3rd of May 1945=1945-05-03",
        ),
        ("It burned on the 15th day of June.", "the 15th day of June=2022-06-15"),
        ("It closed in October two thousand and one.", "October two thousand and one=2001-10"),
        ("He was born in May nineteen hundred and five.", "May nineteen hundred and five=1905-05"),
        ("Seas may rise a metre by 2100.", "2100=2100"),
        ("The office shuts from May to July.", "May=2022-05 | July=2022-07"),
    ]);
}

#[test]
fn some_count_back_from_a_day_and_diaries_say_what_day_it_is() {
    check(&[
        ("The wall went up 61 years ago today.", "61 years ago today=1961-09-07"),
        ("It was signed two Sundays ago.", "two Sundays ago=2022-08-28"),
        ("They left two weeks ago Tuesday.", "two weeks ago Tuesday=2022-08-23"),
        ("The siege began a year ago this week.", "a year ago this week=2021-W36"),
        (
            "It is August 20, and the ice holds. Tomorrow we march.",
            "August 20=2022-08-20 | Tomorrow=2022-08-21",
        ),
        (
            "He was jailed in May 1831, freed in June 1831, jailed in July 1831 and freed on 29 April 1832.\n\n\
             The duel took place on 30 May.",
            "May 1831=1831-05 | June 1831=1831-06 | July 1831=1831-07 | 29 April 1832=1832-04-29 | 30 May=1832-05-30",
        ),
    ]);
}

#[test]
fn units_and_what_turns_them() {
    check(&[
        ("Profit fell in last year's third quarter.", "last year's third quarter=2021-Q3"),
        ("The team left after last year’s summer.", "last year’s summer=2021-SU"),
        ("After last year’s fall in sales it closed.", "last year=2021"),
        (
            "He left at Easter last year, and she left last Easter.",
            "Easter last year=2021-04-04 | last Easter=2022-04-17",
        ),
        ("The truce of last year's Christmas held.", "last year's Christmas=2021-12-25"),
        ("She won in 2010 and lost last Christmas.", "2010=2010 | last Christmas=2021-12-25"),
        ("Sales for the year to date fell.", "the year to date=2022"),
        ("It is the largest find to date.", "to date=PRESENT_REF"),
        ("He plans to date a star.", ""),
        ("A ruling is due in the next hour.", "the next hour=P:PT1H"),
        ("It rained for the past fortnight.", "the past fortnight=P:P2W"),
        (
            "He spent the last three months and two days ago fled.",
            "the last three months=P:P3M | two days ago=2022-09-05",
        ),
        ("The week beginning February 4 saw riots.", "The week beginning February 4=2022-W05"),
        ("A three and a quarter hour talk.", "three and a quarter hour=P:PT3.25H"),
        ("Parliament sat on the 19th of every month.", "the 19th of every month=S:XXXX-XX-19"),
        ("The semi-annual fair drew few.", "semi-annual=S:P6M"),
        ("Guns fire every night at 9.", "every night at 9=S:XXXX-XX-XXT21:00"),
        ("Fog lies there in the mornings.", "mornings=S:XXXX-XX-XXTMO"),
        ("Crowds came on black friday 2010.", "black friday 2010=2010-11-26"),
    ]);
}

#[test]
fn verbs_around_a_date_tell_its_tense() {
    check(&[
        ("No team has left the Games, which open on Friday.", "Friday=2022-09-09"),
        ("Lawmakers vote on Thursday.", "Thursday=2022-09-08"),
        ("He plans to hold a televised speech on October 17.", "October 17=2022-10-17"),
        ("“We’re leaving on Sunday,” the pilot said.", "Sunday=2022-09-11"),
        ("She is supposed to sing this Saturday, but has lost her voice.", "this Saturday=2022-09-10"),
        // What is quoted after the day has a time of its own.
        ("The envoy said on Tuesday that “we’re moving forward”.", "Tuesday=2022-09-06"),
    ]);
}

#[test]
fn an_obituary_is_no_history() {
    check(&[(
        "Tony Benn died this morning. He entered parliament in 1950, left it in 1960, came back in 1963, joined the \
         cabinet in 1964, stood for leader in 1988 and retired in 2001.\n\n\
         His diaries were published in October.",
        "this morning=T:2022-09-07TMO | 1950=1950 | 1960=1960 | 1963=1963 | 1964=1964 | 1988=1988 | 2001=2001 | \
         October=2021-10",
    )]);
}

#[test]
fn newswire_of_every_continent() {
    check(&[
        ("NAIROBI, Sept 5 - Kenya will open the border.", "Sept 5=2022-09-05"),
        (
            "The quake struck at 4:17am (0117 GMT) on Monday.",
            "4:17am=T:2022-09-05T04:17 | 0117 GMT=T:2022-09-05T01:17 | Monday=2022-09-05",
        ),
        (
            "Voting begins at 8:00 a.m. (0500 GMT) on Sunday.",
            "8:00 a.m.=T:2022-09-11T08:00 | 0500 GMT=T:2022-09-11T05:00 | Sunday=2022-09-11",
        ),
        ("The ferry sank at 1430 hrs on Monday.", "1430 hrs on Monday=T:2022-09-05T14:30"),
        ("The House will sit again on Friday week.", "Friday week=2022-09-16"),
        ("Profit rose in Q4 FY22.", "Q4 FY22=2022-Q4"),
        ("The bill lapses by end-June.", "end-June=2023-06"),
        (
            "The minister will present the 2022/23 budget on October 15.",
            "2022=2022 | 23=2023 | October 15=2022-10-15",
        ),
        (
            "The feast falls on November 12; the vote, if needed, is on December 3.",
            "November 12=2022-11-12 | December 3=2022-12-03",
        ),
    ]);
}
