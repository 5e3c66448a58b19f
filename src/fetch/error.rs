//! Why nothing was fetched: who has to act, and when asking again makes sense.

use std::error::Error as StdError;
use std::io;

use chrono::{DateTime, Utc};
use tokio_rustls::rustls::{self, CertificateError};

use super::guard::Refused;

/// Why a request gave nothing. The words are for moderators and complete a line such as "failing: …".
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The feed or page will not come back.
    #[error("gone (410)")]
    Gone,
    /// Answered 429, or 503 with a `Retry-After`.
    #[error("{status}{}", until(.retry_after.as_ref()))]
    Busy { status: u16, retry_after: Option<DateTime<Utc>> },
    /// A page that asks for a browser stands before the site.
    #[error("Cloudflare challenge ({status})")]
    Challenge { status: u16, retry_after: Option<DateTime<Utc>> },
    #[error("{}", status_words(*.0))]
    Status(u16),
    #[error("robots.txt does not allow this page to be read")]
    Disallowed,
    #[error("robots.txt cannot be read at the moment ({0})")]
    RobotsUnreachable(String),
    #[error("{0}")]
    Tls(String),
    #[error("not reachable: {0}")]
    Unreachable(String),
    #[error("no whole answer within {seconds} s")]
    TimedOut { seconds: u64 },
    #[error("larger than {limit_mb} MB")]
    TooLarge { limit_mb: u64 },
    #[error("more than {limit} redirects")]
    TooManyRedirects { limit: usize },
    #[error("a redirect without a usable address")]
    BadRedirect,
    #[error("not a page to read: {0}")]
    NotText(String),
    #[error("the answer breaks off or cannot be decoded")]
    BrokenBody,
    #[error("too many requests wait for this host already")]
    Queue,
}

impl FetchError {
    /// The moment before which the server asks not to be asked again.
    pub fn retry_after(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Busy { retry_after, .. } | Self::Challenge { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// Whether asking again is pointless. For a feed only [`Self::is_gone`] ends it: publishers move, and 404 and
    /// 403 come back.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Refused(_) | Self::Gone | Self::Disallowed | Self::TooLarge { .. } | Self::NotText(_) => {
                true
            }
            // Not the ones that say "not now" or "not yet".
            Self::Status(status) => {
                (400..500).contains(status)
                    && !matches!(status, 401 | 403 | 407 | 408 | 421 | 423 | 425 | 429)
            }
            Self::Busy { .. }
            | Self::Challenge { .. }
            | Self::RobotsUnreachable(_)
            | Self::Tls(_)
            | Self::Unreachable(_)
            | Self::TimedOut { .. }
            | Self::TooManyRedirects { .. }
            | Self::BadRedirect
            | Self::BrokenBody
            | Self::Queue => false,
        }
    }

    /// Whether the page exists but is not given to us: what its feed says of it may be used instead.
    pub fn is_withheld(&self) -> bool {
        match self {
            Self::Disallowed | Self::Challenge { .. } | Self::TooLarge { .. } => true,
            Self::Status(status) => matches!(status, 401 | 402 | 403 | 406 | 451),
            _ => false,
        }
    }

    /// Answered 410: the publisher says that it will not come back.
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::Gone)
    }

    /// The cause within an error of the HTTP client, whose own words name our types and not the reason.
    pub(super) fn of_client(error: &reqwest::Error) -> Self {
        let mut next: Option<&(dyn StdError + 'static)> = Some(error);
        // Chains have a handful of links; the bound is against a cycle.
        for _ in 0..20 {
            let Some(cause) = next else { break };
            if let Some(refused) = cause.downcast_ref::<Refused>() {
                return Self::Refused(*refused);
            }
            if let Some(found) = cause.downcast_ref::<rustls::Error>() {
                return Self::Tls(tls_words(found));
            }
            next = cause.source();
            if let Some(found) = cause.downcast_ref::<io::Error>() {
                if let Some(words) = io_words(found.kind()) {
                    return Self::Unreachable(words.to_owned());
                }
                // An io::Error hides the error it wraps, often another io::Error, from `source`.
                if let Some(inner) = found.get_ref() {
                    next = Some(inner);
                }
            }
        }
        let chain = describe(error);
        if error.is_timeout() {
            Self::Unreachable("no connection in time".to_owned())
        } else if chain.contains("dns error") {
            Self::Unreachable("the host's name does not resolve".to_owned())
        } else if error.is_decode() || error.is_body() {
            Self::BrokenBody
        } else if error.is_connect() {
            Self::Unreachable("no connection".to_owned())
        } else {
            Self::Unreachable("the server's answer is no HTTP".to_owned())
        }
    }
}

fn describe(error: &reqwest::Error) -> String {
    let mut words = error.to_string();
    let mut next = error.source();
    for _ in 0..20 {
        let Some(cause) = next else { break };
        words.push_str(": ");
        words.push_str(&cause.to_string());
        next = cause.source();
    }
    words
}

fn io_words(kind: io::ErrorKind) -> Option<&'static str> {
    Some(match kind {
        io::ErrorKind::ConnectionRefused => "connection refused",
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe => {
            "the server broke the connection"
        }
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => "no route to the host",
        io::ErrorKind::TimedOut => "no connection in time",
        _ => return None,
    })
}

fn tls_words(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidCertificate(problem) => match problem {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => "certificate expired",
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "certificate not valid yet"
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "certificate of another host"
            }
            CertificateError::UnknownIssuer => "certificate of an unknown issuer",
            CertificateError::Revoked => "certificate revoked",
            _ => "certificate not valid",
        }
        .to_owned(),
        _ => "the encrypted connection failed".to_owned(),
    }
}

/// " until 14:05 UTC"; with the date too, because a person may read it days later.
fn until(retry_after: Option<&DateTime<Utc>>) -> String {
    retry_after.map(|at| format!(" until {} UTC", at.format("%Y-%m-%d %H:%M"))).unwrap_or_default()
}

fn status_words(status: u16) -> String {
    match status {
        401 | 403 => format!("access denied ({status})"),
        404 => "not found (404)".to_owned(),
        451 => "not available for legal reasons (451)".to_owned(),
        500..=599 => format!("the server fails ({status})"),
        _ => format!("the server answered {status}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_what_follows() {
        let at: DateTime<Utc> = "2022-09-07T14:05:00Z".parse().unwrap();
        for (error, words, is_final) in [
            (FetchError::Refused(Refused::Private), "the address is private", true),
            (FetchError::Gone, "gone (410)", true),
            (
                FetchError::Busy { status: 429, retry_after: Some(at) },
                "429 until 2022-09-07 14:05 UTC",
                false,
            ),
            (FetchError::Busy { status: 429, retry_after: None }, "429", false),
            (FetchError::Challenge { status: 403, retry_after: None }, "Cloudflare challenge (403)", false),
            (FetchError::Status(404), "not found (404)", true),
            (FetchError::Status(403), "access denied (403)", false),
            (FetchError::Status(503), "the server fails (503)", false),
            (FetchError::Status(451), "not available for legal reasons (451)", true),
            (FetchError::Disallowed, "robots.txt does not allow this page to be read", true),
            (FetchError::TimedOut { seconds: 20 }, "no whole answer within 20 s", false),
            (FetchError::TooLarge { limit_mb: 10 }, "larger than 10 MB", true),
            (FetchError::NotText("application/pdf".to_owned()), "not a page to read: application/pdf", true),
            (FetchError::BrokenBody, "the answer breaks off or cannot be decoded", false),
        ] {
            assert_eq!(error.to_string(), words);
            assert_eq!(error.is_final(), is_final, "{words}");
        }
    }

    #[test]
    fn certificates_in_words() {
        for (problem, words) in [
            (CertificateError::Expired, "certificate expired"),
            (CertificateError::NotValidForName, "certificate of another host"),
            (CertificateError::UnknownIssuer, "certificate of an unknown issuer"),
            (CertificateError::BadSignature, "certificate not valid"),
        ] {
            assert_eq!(tls_words(&rustls::Error::InvalidCertificate(problem)), words);
        }
    }
}
