//! Addresses of pictures that a card may show.

use url::Url;

/// Longer addresses are of pictures made on demand, with what somebody wants to know in them.
const LONGEST: usize = 500;

/// An address from which a card may show a picture: absolute, https, of a named host and without credentials.
///
/// Discord's servers fetch it, not this machine and not the reader's: whoever serves it learns nothing of either.
pub fn picture(address: &str) -> Option<Url> {
    let url = Url::parse(address.trim()).ok()?;
    let named = url.domain().is_some_and(|host| host.contains('.'));
    let plain = url.username().is_empty() && url.password().is_none() && url.port().is_none();
    (url.scheme() == "https" && named && plain && url.as_str().len() <= LONGEST).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_come_from_named_hosts_over_https() {
        let long = format!("https://florida.example/{}.jpg", "a".repeat(500));
        for (address, shown) in [
            ("https://florida.example/moon.jpg", true),
            (" https://img.florida.example/moon.jpg?w=1200 ", true),
            ("http://florida.example/moon.jpg", false),
            ("/moon.jpg", false),
            ("data:image/png;base64,AAAA", false),
            ("https://10.0.0.1/moon.jpg", false),
            ("https://[::1]/moon.jpg", false),
            ("https://intranet/moon.jpg", false),
            ("https://user:secret@florida.example/moon.jpg", false),
            ("https://florida.example:8443/moon.jpg", false),
            (&long, false),
            ("", false),
        ] {
            assert_eq!(picture(address).is_some(), shown, "{address}");
        }
    }
}
