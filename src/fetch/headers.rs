//! What response headers say about validators, freshness and when to come back.

use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use reqwest::header::{
    AGE, CACHE_CONTROL, DATE, ETAG, EXPIRES, HeaderMap, HeaderName, LAST_MODIFIED, RETRY_AFTER,
};

use crate::domain::Validators;
use crate::feeds::Freshness;

/// Longer validators are not kept, in bytes.
const MAX_VALIDATOR: usize = 1_000;
/// Waits beyond it are no waits but mistakes.
const MAX_WAIT: Duration = Duration::from_hours(24 * 366);

/// The validators to send with the next request: opaque, unchanged. A server that says `Expires: 0` wants no caching,
/// and is known to send validators that never change: none are kept.
pub(super) fn validators(headers: &HeaderMap) -> Validators {
    if text(headers, &EXPIRES) == Some("0") {
        return Validators::default();
    }
    let kept = |name: &HeaderName| {
        text(headers, name)
            .filter(|value| !value.is_empty() && value.len() <= MAX_VALIDATOR)
            .map(str::to_owned)
    };
    Validators { etag: kept(&ETAG), last_modified: kept(&LAST_MODIFIED) }
}

/// What a 304 leaves of the validators that were sent: those it repeats are the newer ones (RFC 9111, 3.2).
pub(super) fn revalidated(headers: &HeaderMap, sent: &Validators) -> Validators {
    if text(headers, &EXPIRES) == Some("0") {
        return Validators::default();
    }
    let new = validators(headers);
    Validators {
        etag: new.etag.or_else(|| sent.etag.clone()),
        last_modified: new.last_modified.or_else(|| sent.last_modified.clone()),
    }
}

pub(super) fn freshness(headers: &HeaderMap, now: DateTime<Utc>) -> Freshness {
    let control = text(headers, &CACHE_CONTROL).unwrap_or("").to_ascii_lowercase();
    let directive = |wanted: &str| {
        control.split(',').find_map(|part| {
            let (name, value) = part.trim().split_once('=').unwrap_or((part.trim(), ""));
            (name == wanted).then(|| value.trim_matches('"').to_owned())
        })
    };
    if directive("no-store").is_some() || directive("no-cache").is_some() {
        return Freshness::default();
    }
    let age = text(headers, &AGE).and_then(|age| age.parse().ok()).unwrap_or(0);
    let max_age = directive("max-age")
        .and_then(|seconds| seconds.parse::<u64>().ok())
        .map(|seconds| Duration::from_secs(seconds.saturating_sub(age)).min(MAX_WAIT));
    // Against the server's own clock, which may be wrong in both.
    let date = text(headers, &DATE).and_then(http_date).unwrap_or(now);
    let expires = text(headers, &EXPIRES).and_then(http_date).and_then(|at| (at - date).to_std().ok());
    Freshness { max_age, expires: expires.map(|wait| wait.min(MAX_WAIT)) }
}

/// `Retry-After`, in seconds or as a date (RFC 9110, 10.2.3).
pub(super) fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let value = text(headers, &RETRY_AFTER)?;
    let at = match value.parse::<u64>() {
        Ok(seconds) => now + TimeDelta::from_std(Duration::from_secs(seconds).min(MAX_WAIT)).ok()?,
        Err(_) => http_date(value)?.min(now + TimeDelta::from_std(MAX_WAIT).ok()?),
    };
    (at > now).then_some(at)
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    // Validators are opaque, but a header outside UTF-8 could not be kept as text.
    std::str::from_utf8(headers.get(name)?.as_bytes()).ok().map(str::trim)
}

/// The three forms of RFC 9110, 5.6.7.
fn http_date(text: &str) -> Option<DateTime<Utc>> {
    let forms = ["%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"];
    forms.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok()).map(|at| at.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2022-09-07T14:00:00Z".parse().unwrap()
    }

    fn headers(lines: &[(&str, &str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in lines {
            map.append(HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
        }
        map
    }

    #[test]
    fn validators_are_opaque() {
        let both = headers(&[("etag", "W/\"x y\""), ("last-modified", "yesterday, about noon")]);
        let kept = validators(&both);
        assert_eq!(kept.etag.as_deref(), Some("W/\"x y\""));
        assert_eq!(kept.last_modified.as_deref(), Some("yesterday, about noon"));
        let mut uncached = both.clone();
        uncached.insert("expires", "0".parse().unwrap());
        assert_eq!(validators(&uncached), Validators::default());
        assert_eq!(revalidated(&headers(&[]), &kept), kept);
        assert_eq!(revalidated(&headers(&[("etag", "\"new\"")]), &kept).etag.as_deref(), Some("\"new\""));
        assert_eq!(revalidated(&uncached, &kept), Validators::default());
        assert_eq!(validators(&headers(&[("etag", &"x".repeat(5_000))])), Validators::default());
    }

    #[test]
    fn how_long_it_is_fresh() {
        for (lines, max_age, expires) in [
            (vec![("cache-control", "public, max-age=600")], Some(600), None),
            (vec![("cache-control", "MAX-AGE=\"600\""), ("age", "100")], Some(500), None),
            (vec![("cache-control", "max-age=60"), ("age", "100")], Some(0), None),
            (vec![("cache-control", "no-cache, max-age=600")], None, None),
            (vec![("cache-control", "max-age=ten")], None, None),
            (vec![("expires", "Wed, 07 Sep 2022 15:00:00 GMT")], None, Some(3600)),
            (
                vec![("expires", "Wed, 07 Sep 2022 15:00:00 GMT"), ("date", "Wed, 07 Sep 2022 14:30:00 GMT")],
                None,
                Some(1800),
            ),
            (vec![("expires", "Wed, 07 Sep 2022 13:00:00 GMT")], None, None),
            (vec![("expires", "0")], None, None),
            (vec![("expires", "-1")], None, None),
            (vec![], None, None),
        ] {
            let expected = Freshness {
                max_age: max_age.map(Duration::from_secs),
                expires: expires.map(Duration::from_secs),
            };
            assert_eq!(freshness(&headers(&lines), now()), expected, "{lines:?}");
        }
        assert_eq!(
            freshness(&headers(&[("cache-control", "max-age=18446744073709551615")]), now()).max_age,
            Some(MAX_WAIT)
        );
    }

    #[test]
    fn when_to_come_back() {
        for (value, expected) in [
            ("300", Some("2022-09-07T14:05:00Z")),
            ("Wed, 07 Sep 2022 14:05:00 GMT", Some("2022-09-07T14:05:00Z")),
            ("Wednesday, 07-Sep-22 14:05:00 GMT", Some("2022-09-07T14:05:00Z")),
            ("Wed Sep  7 14:05:00 2022", Some("2022-09-07T14:05:00Z")),
            ("Wed, 07 Sep 2022 13:05:00 GMT", None),
            ("0", None),
            ("-5", None),
            ("soon", None),
            ("18446744073709551615", Some("2023-09-08T14:00:00Z")),
        ] {
            let expected: Option<DateTime<Utc>> = expected.map(|at| at.parse().unwrap());
            assert_eq!(retry_after(&headers(&[("retry-after", value)]), now()), expected, "{value}");
        }
    }
}
