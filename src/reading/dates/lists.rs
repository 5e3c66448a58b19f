//! Rules for days that share their month: "May 3-5", "3 to 5 May".

use super::counts;
use super::grammar::{Found, Grammar, Meaning, joins};
use super::lexer::Kind;
use super::lexicon::month;

impl Grammar<'_> {
    /// "May 3-5", "3 to 5 May", "July 15, 16 and 17", "the 3rd and 5th of May": one expression for each day.
    pub(super) fn list_of_days(&self, at: usize) -> Option<Vec<Found>> {
        if let Some((name, short)) = month(self.lower(at)) {
            let dot = usize::from(short && self.is(at + 1, ".") && self.glued(at + 1));
            let the = usize::from(self.is(at + 1 + dot, "the"));
            let (first_end, day) = self.day_number(at + 1 + dot + the)?;
            let mut days = vec![(at, first_end, day)];
            let mut next = first_end;
            while days.len() < 8 {
                let joined = if self.is(next, ",") && !(joins(self.lower(next + 1))) {
                    next + 1
                } else if self.is(next, ",") {
                    next + 2
                } else if joins(self.lower(next)) {
                    next + 1
                } else {
                    break;
                };
                // "July 15, 2022" is a year; "May 3 and 15 people died" counts.
                let joined = if self.is(joined, "the") { joined + 1 } else { joined };
                let Some((end, day)) = self.day_number(joined).filter(|_| {
                    !self.word(joined) || matches!(self.lower(next), "to" | "through" | "till" | "until")
                }) else {
                    break;
                };
                let comma = self.is(next, ",") && joined == next + 1;
                if counts::counts(self, end)
                    || month(self.lower(end)).is_some()
                    || comma && !(joins(self.lower(end)) || self.is(end, ","))
                    || self.is(end, "of")
                    || self.clock(joined).is_some()
                {
                    break;
                }
                days.push((joined, end, day));
                next = end;
            }
            if days.len() < 2 {
                return None;
            }
            let year = self.year_after(next, true);
            let (last, value) = year.map_or((next, None), |(end, year)| (end, Some(year)));
            let count = days.len();
            return Some(
                days.into_iter()
                    .enumerate()
                    .map(|(nth, (first, end, day))| Found {
                        first,
                        end: if nth + 1 == count { last } else { end },
                        meaning: Meaning::Day { year: value, month: name, day },
                    })
                    .collect(),
            )
            .map(|list| self.across_months(list, true));
        }
        let the = usize::from(self.is(at, "the"));
        let led = matches!(self.before(at, 1), "from" | "between");
        if self.word(at + the) && !led
            || self.kind(at + the) == Some(Kind::Number) && !self.free_number(at + the)
        {
            return None;
        }
        let (mut next, day) = self.day_number(at + the)?;
        let mut days = vec![(at, next, day)];
        for _ in 0..8 {
            if !joins(self.lower(next)) && !self.is(next, ",") {
                return None;
            }
            let joined = next + 1;
            let joined = if self.is(joined, "the") { joined + 1 } else { joined };
            if let Some((end, meaning @ Meaning::Day { .. })) = self.day_first(joined) {
                let Meaning::Day { year, month, day } = meaning else { return None };
                days.push((joined, end, day));
                return Some(
                    days.into_iter()
                        .map(|(first, end, day)| Found {
                            first,
                            end,
                            meaning: Meaning::Day { year, month, day },
                        })
                        .collect(),
                )
                .map(|list| self.across_months(list, false));
            }
            let (end, day) = self.day_number(joined).filter(|_| led || !self.word(joined))?;
            days.push((joined, end, day));
            next = end;
            // "between 4 and 22 this month"
            if let Some((end, Meaning::DayOfMonth { month: Some(by), .. })) = self.day_of_that_month(joined) {
                let last = days.len() - 1;
                days[last].1 = end;
                let found = |(first, end, day)| Found {
                    first,
                    end,
                    meaning: Meaning::DayOfMonth { day, month: Some(by) },
                };
                return matches!(self.before(at, 1), "from" | "between")
                    .then(|| days.into_iter().map(found).collect());
            }
        }
        None
    }

    /// "April 27 to the 3rd", "from the 27th to the 3rd of May": a range that runs backwards crosses into the next
    /// month; whether the month was `told` of its first day or of its last.
    fn across_months(&self, mut list: Vec<Found>, told: bool) -> Vec<Found> {
        let [first, last] = list.as_mut_slice() else { return list };
        let through = matches!(self.lower(first.end), "to" | "through" | "until" | "till" | "-" | "–");
        let (Meaning::Day { day: from, .. }, Meaning::Day { day: until, .. }) =
            (&first.meaning, &last.meaning)
        else {
            return list;
        };
        if !through || from <= until {
            return list;
        }
        let (moved, by) = if told { (last, 1) } else { (first, -1) };
        if let Meaning::Day { year, month, .. } = &mut moved.meaning {
            let months = i32::try_from(*month).unwrap_or(1) - 1 + by;
            *year = year.map(|year| year + months.div_euclid(12));
            *month = months.rem_euclid(12).unsigned_abs() + 1;
        }
        list
    }
}
