//! Keeps requests on the public internet: nobody may use a feed's address to look into the operator's network.
//!
//! Two doors are watched, because a connection passes only one of them. Names are checked where they are resolved,
//! so that what was checked is what is connected to. Addresses written in the URL never reach a resolver and are
//! checked in the URL, at every hop.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// Why an address is not asked, in words for the moderators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("the address is private")]
    Private,
    #[error("only http and https addresses are read")]
    Scheme,
    #[error("only ports 80 and 443 are read, not {0}")]
    Port(u16),
    #[error("addresses with a user name or password are not read")]
    Credentials,
    #[error("the address has no host")]
    NoHost,
}

/// The hosts that the operator vouches for: `host` with any port, or `host:port`.
#[derive(Debug, Clone, Default)]
pub(super) struct AllowList(Vec<(String, Option<u16>)>);

impl AllowList {
    /// Hosts in lower case, addresses of IPv6 in brackets, as a URL writes them.
    pub(super) fn new(hosts: &[String]) -> Self {
        let parsed =
            hosts.iter().map(|host| host.trim().to_ascii_lowercase()).filter(|host| !host.is_empty());
        Self(
            parsed
                .map(|host| match host.rsplit_once(':') {
                    Some((name, port))
                        if !name.ends_with(':') && (!name.contains(':') || name.ends_with(']')) =>
                    {
                        match port.parse() {
                            Ok(port) => (name.to_owned(), Some(port)),
                            Err(_) => (host.clone(), None),
                        }
                    }
                    _ => (host, None),
                })
                .collect(),
        )
    }

    fn allows(&self, host: &str, port: u16) -> bool {
        self.0.iter().any(|(name, allowed)| name == host && allowed.is_none_or(|allowed| allowed == port))
    }
}

/// How a URL that may be asked is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Route {
    /// Through the resolver that refuses private addresses.
    Guarded,
    /// The operator vouches for the host.
    Open,
}

/// Checks everything about a URL that can be known before its name is resolved.
pub(super) fn check(url: &Url, allowed: &AllowList) -> Result<Route, Refused> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Refused::Scheme);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Refused::Credentials);
    }
    let (Some(name), Some(host), Some(port)) = (url.host_str(), url.host(), url.port_or_known_default())
    else {
        return Err(Refused::NoHost);
    };
    if allowed.allows(name, port) {
        return Ok(Route::Open);
    }
    if !matches!(port, 80 | 443) {
        return Err(Refused::Port(port));
    }
    let public = match host {
        Host::Ipv4(address) => is_public(IpAddr::V4(address)),
        Host::Ipv6(address) => is_public(IpAddr::V6(address)),
        Host::Domain(name) => !name.is_empty() && name != ".",
    };
    if public { Ok(Route::Guarded) } else { Err(Refused::Private) }
}

/// Whether an address belongs to somebody on the internet. Sources: the IANA special-purpose address registries
/// (RFC 6890 and its updates); refused too are the forms of IPv6 that carry another address within them.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    match address.octets() {
        // This network, private, carrier-grade NAT, loopback, link-local with the clouds' metadata.
        [0 | 10 | 127, ..] | [169, 254, ..] | [192, 168, ..] => false,
        [100, second, ..] if second & 0xc0 == 64 => false,
        [172, second, ..] if second & 0xf0 == 16 => false,
        // Protocol assignments, documentation, 6to4 relays, benchmarks.
        [192, 0, 0 | 2, _] | [192, 88, 99, _] | [198, 18 | 19, ..] | [198, 51, 100, _] | [203, 0, 113, _] => {
            false
        }
        // The metadata service of a cloud, on an address that looks public.
        [168, 63, 129, 16] => false,
        // Multicast, reserved, broadcast.
        [first, ..] => first < 224,
    }
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        // Teredo, ORCHID and other protocol assignments (2001::/23), documentation, 6to4.
        [0x2001, second, ..] if second < 0x200 => false,
        [0x2001, 0xdb8, ..] | [0x2002, ..] => false,
        [0x3fff, second, ..] if second < 0x1000 => false,
        // Global unicast is 2000::/3. Loopback, mapped, compatible, NAT64, unique-local, link-local, site-local and
        // multicast addresses are all outside of it.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

/// The resolver of this machine.
#[derive(Debug, Clone, Copy)]
pub(super) struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            // The port is the connector's to set.
            let found: Vec<_> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Gives out only the public addresses that another resolver finds, each time it is asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct PublicResolver<R>(pub(super) R);

impl<R: Resolve> Resolve for PublicResolver<R> {
    fn resolve(&self, name: Name) -> Resolving {
        let found = self.0.resolve(name);
        Box::pin(async move { Ok(Box::new(public_of(found.await?.collect())?.into_iter()) as Addrs) })
    }
}

/// The public ones of a name's addresses; a name may mix them, and give others each time it is asked.
fn public_of(found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, Refused> {
    let any = !found.is_empty();
    let public: Vec<_> = found.into_iter().filter(|address| is_public(address.ip())).collect();
    if any && public.is_empty() { Err(Refused::Private) } else { Ok(public) }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::fetch::error::FetchError;

    fn checked(url: &str) -> Result<Route, Refused> {
        let allowed = ["news.test", "127.0.0.1:8099", "[::1]:8099", "Localhost:81"].map(str::to_owned);
        check(&Url::parse(url).unwrap(), &AllowList::new(&allowed))
    }

    #[test]
    fn private_addresses_are_refused() {
        for host in [
            "127.0.0.1",
            "127.255.255.254",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "0.0.0.0",
            "0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.127.255.255",
            "100.100.100.200",
            "169.254.169.254",
            "169.254.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "168.63.129.16",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "[::]",
            "[::1]",
            "[::127.0.0.1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:8.8.8.8]",
            "[::ffff:0:10.0.0.1]",
            "[64:ff9b::a00:1]",
            "[64:ff9b::808:808]",
            "[64:ff9b:1::1]",
            "[100::1]",
            "[2001::1]",
            "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
            "[2001:10::1]",
            "[2001:20::1]",
            "[2001:db8::1]",
            "[2002:7f00:1::]",
            "[2002:808:808::]",
            "[3fff::1]",
            "[5f00::1]",
            "[fc00::1]",
            "[fd00:ec2::254]",
            "[fdff::1]",
            "[fe80::1]",
            "[fec0::1]",
            "[ff02::1]",
            // Other ways to write them.
            "127.0.0.1.",
            "127.0.1",
            "0x7f.1",
            "0x7f.0x0.0x0.0x1",
            "017700000001",
            "00000177.0.0.1",
            "3232235777",
            "0xa9fea9fe",
            "169.254.43518",
            "１２７.0.0.1",
            "①②⑦.⓪.⓪.①",
            "127。0。0。1",
            "%31%32%37.0.0.1",
            "[0:0:0:0:0:0:0:1]",
            "[0000::0001]",
            "[::ffff:7f00:1]",
            "[::7f00:1]",
            "[0:0:0:0:0:ffff:169.254.169.254]",
            "[64:ff9b::169.254.169.254]",
            "[2002:a9fe:a9fe::1]",
        ] {
            assert_eq!(checked(&format!("http://{host}/feed")), Err(Refused::Private), "{host}");
        }
    }

    #[test]
    fn public_addresses_pass() {
        for host in [
            "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.1", "100.63.255.255", "100.128.0.1",
            "169.253.1.1", "172.15.0.1", "172.32.0.1", "192.0.1.1", "198.17.0.1", "223.255.255.254",
            "[2606:4700:4700::1111]", "[2001:4860:4860::8888]", "[2a00:1450::1]", "example.org", "localhost",
        ] {
            assert_eq!(checked(&format!("https://{host}/feed")), Ok(Route::Guarded), "{host}");
        }
    }

    #[test]
    fn addresses_that_are_not_asked() {
        for (url, expected) in [
            ("ftp://example.org/", Refused::Scheme),
            ("file:///etc/passwd", Refused::Scheme),
            ("gopher://example.org:70/", Refused::Scheme),
            ("data:text/html,x", Refused::Scheme),
            ("http://example.org:22/", Refused::Port(22)),
            ("https://example.org:8443/", Refused::Port(8443)),
            ("http://news@example.org/", Refused::Credentials),
            ("http://:secret@example.org/", Refused::Credentials),
            ("http://news@127.0.0.1:8099/", Refused::Credentials),
            ("http://127.0.0.1:8098/", Refused::Port(8098)),
            ("http://127.0.0.1/", Refused::Private),
            ("http://localhost:8099/", Refused::Port(8099)),
        ] {
            assert_eq!(checked(url), Err(expected), "{url}");
        }
    }

    #[test]
    fn the_operator_vouches_for_hosts() {
        for url in [
            "http://127.0.0.1:8099/feed",
            "http://[::1]:8099/feed",
            "http://LOCALHOST:81/",
            "http://news.test/",
            "https://news.test:8443/",
        ] {
            assert_eq!(checked(url), Ok(Route::Open), "{url}");
        }
    }

    #[test]
    fn names_are_checked_by_every_answer() {
        let answer = |addresses: &[&str]| {
            let found =
                addresses.iter().map(|address| SocketAddr::new(address.parse().unwrap(), 0)).collect();
            public_of(found)
                .map(|public| public.iter().map(|address| address.ip().to_string()).collect::<Vec<_>>())
        };
        // The same name, asked three times: what it gave before counts for nothing.
        assert_eq!(answer(&["8.8.8.8"]).unwrap(), ["8.8.8.8"]);
        assert_eq!(answer(&["127.0.0.1"]), Err(Refused::Private));
        assert_eq!(answer(&["10.0.0.1", "8.8.8.8", "::ffff:127.0.0.1", "fd00::1"]).unwrap(), ["8.8.8.8"]);
        assert_eq!(answer(&["169.254.169.254", "fe80::1"]), Err(Refused::Private));
        assert_eq!(answer(&[]).unwrap(), Vec::<String>::new(), "no answer is no private one");
    }

    #[test]
    fn what_only_looks_like_a_public_address() {
        for (url, expected) in [
            ("http://example.org@127.0.0.1/", Refused::Credentials),
            ("http://example.org:80@10.0.0.1/", Refused::Credentials),
            ("http://127.0.0.1#@example.org/", Refused::Private),
            ("http://127.0.0.1?@example.org/", Refused::Private),
            ("http://127.0.0.1\\@example.org/", Refused::Private),
            ("http:127.0.0.1/", Refused::Private),
            ("http:\\\\127.0.0.1\\x", Refused::Private),
            ("HTTP://127.0.0.1:080/", Refused::Private),
            ("http://127.0.0.1:0443/", Refused::Private),
            ("http://example.org:0/", Refused::Port(0)),
            ("http://example.org:65535/", Refused::Port(65535)),
            ("http://example.org:6379/", Refused::Port(6379)),
            ("ws://example.org/", Refused::Scheme),
            ("jar:http://example.org/!/", Refused::Scheme),
        ] {
            assert_eq!(checked(url), Err(expected), "{url}");
        }
        for no_address in
            ["http://[fe80::1%25eth0]/", "http://[::1", "http://127.0.0.1:99999/", "http://256.1.1.1/"]
        {
            assert!(Url::parse(no_address).is_err(), "{no_address}");
        }
    }

    #[tokio::test]
    async fn names_of_this_machine_are_refused_where_they_are_resolved() {
        let refused =
            PublicResolver(SystemResolver).resolve("localhost".parse().unwrap()).await.err().unwrap();
        assert_eq!(refused.downcast_ref(), Some(&Refused::Private));
    }

    /// Answers with the next of its addresses each time, as a name does that is rebound between check and use.
    struct Rebound(Mutex<Vec<Vec<SocketAddr>>>);

    impl Resolve for Rebound {
        fn resolve(&self, _: Name) -> Resolving {
            let next = self.0.lock().unwrap().remove(0);
            Box::pin(std::future::ready(Ok(Box::new(next.into_iter()) as Addrs)))
        }
    }

    #[tokio::test]
    async fn a_name_that_turns_private_is_refused_at_the_next_connection() {
        let inside = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let private = inside.local_addr().unwrap();
        let public = SocketAddr::from(([93, 184, 216, 34], private.port()));
        let answers = vec![vec![public], vec![private, public], vec![private]];
        let resolver = PublicResolver(Rebound(Mutex::new(answers)));
        for _ in 0..2 {
            let name: Name = "rebound.example".parse().unwrap();
            assert_eq!(resolver.resolve(name).await.unwrap().collect::<Vec<_>>(), [public]);
        }

        let client = reqwest::Client::builder().no_proxy().dns_resolver(Arc::new(resolver)).build().unwrap();
        let url = format!("http://rebound.example:{}/", private.port());
        let failed = FetchError::of_client(&client.get(url).send().await.unwrap_err());
        assert!(matches!(failed, FetchError::Refused(Refused::Private)), "{failed}");
    }
}
