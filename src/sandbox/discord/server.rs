//! One loopback port that speaks three things, told apart by the first byte of a connection:
//! TLS (the API), CONNECT (a proxy that leads back to the API and nowhere else), and plain HTTP
//! (the gateway's WebSocket).

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::{TlsAcceptor, rustls, server::TlsStream};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

use super::hub::{Hub, lock};

/// The hosts that this server answers for.
const HOSTS: [&str; 2] = ["discord.com", "cdn.discordapp.com"];
/// A connection that has not said what it wants by then is closed.
const GREETING: Duration = Duration::from_secs(10);
/// Bytes of a CONNECT request's head.
const HEAD: usize = 8 * 1024;
/// Refused hosts remembered.
const REFUSED: usize = 64;

/// The server's certificate and the authority that a client has to trust for it.
pub struct Identity {
    pub ca_pem: String,
    pub tls: TlsAcceptor,
}

/// Makes a new authority and a certificate; the authority's key is dropped here.
pub fn identity() -> anyhow::Result<Identity> {
    let ca_key = KeyPair::generate()?;
    let mut ca = CertificateParams::default();
    ca.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    ca.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    ca.distinguished_name.push(DnType::CommonName, "dateline sandbox");
    let ca_pem = ca.self_signed(&ca_key)?.pem();

    let key = KeyPair::generate()?;
    let names: Vec<String> = HOSTS.map(str::to_owned).into();
    let certificate = CertificateParams::new(names)?.signed_by(&key, &Issuer::new(ca, ca_key))?;

    let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut tls = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], private)?;
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Identity { ca_pem, tls: TlsAcceptor::from(Arc::new(tls)) })
}

/// A port on loopback; no other interface can reach it.
pub async fn bind() -> anyhow::Result<TcpListener> {
    TcpListener::bind(("127.0.0.1", 0)).await.context("binding a port on 127.0.0.1")
}

/// Serves until the hub shuts down: `api` through TLS, `plain` without.
pub fn serve(hub: &Arc<Hub>, listener: TcpListener, tls: TlsAcceptor, api: Router, plain: Router) {
    let (to_api, for_api) = mpsc::channel(64);
    let (to_plain, for_plain) = mpsc::channel(64);
    run(hub, for_api, api);
    run(hub, for_plain, plain);
    let gate = Gate { hub: hub.clone(), tls, to_api, to_plain };
    hub.tasks.spawn(async move {
        let shutdown = gate.hub.shutdown.clone();
        shutdown.run_until_cancelled(gate.accept(listener)).await;
    });
}

fn run<S: Stream>(hub: &Arc<Hub>, connections: mpsc::Receiver<Cuttable<S>>, router: Router) {
    let serving = axum::serve(Accepted { connections, shutdown: hub.shutdown.clone() }, router)
        .with_graceful_shutdown(hub.shutdown.clone().cancelled_owned());
    hub.tasks.spawn(async move { serving.await.ok() });
}

/// Where connections come in and are sorted.
#[derive(Clone)]
struct Gate {
    hub: Arc<Hub>,
    tls: TlsAcceptor,
    to_api: mpsc::Sender<Cuttable<TlsStream<TcpStream>>>,
    to_plain: mpsc::Sender<Cuttable<TcpStream>>,
}

impl Gate {
    async fn accept(&self, listener: TcpListener) {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => {
                    stream.set_nodelay(true).ok();
                    let gate = self.clone();
                    self.hub.tasks.spawn(async move {
                        let shutdown = gate.hub.shutdown.clone();
                        let sorted = tokio::time::timeout(GREETING, gate.sort(stream));
                        if let Some(Ok(Err(error))) = shutdown.run_until_cancelled(sorted).await {
                            tracing::debug!("The sandbox dropped a connection: {error}");
                        }
                    });
                }
                Err(error) => {
                    // Out of file descriptors, say: give others time to close theirs.
                    tracing::warn!("The sandbox could not accept a connection: {error}");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }

    async fn sort(&self, mut stream: TcpStream) -> io::Result<()> {
        let mut first = [0];
        stream.peek(&mut first).await?;
        match first[0] {
            // A TLS handshake record.
            0x16 => self.hand_to_api(stream).await,
            // No other method of HTTP begins so.
            b'C' => match proxy_target(&mut stream).await? {
                Ok(()) => {
                    stream.write_all(b"HTTP/1.1 200 Connection Established\r\n\r\n").await?;
                    self.hand_to_api(stream).await
                }
                Err(host) => {
                    self.note_refusal(host);
                    stream.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n").await
                }
            },
            _ => self.to_plain.send(self.cuttable(stream)).await.map_err(io::Error::other),
        }
    }

    async fn hand_to_api(&self, stream: TcpStream) -> io::Result<()> {
        let stream = self.tls.accept(stream).await?;
        self.to_api.send(self.cuttable(stream)).await.map_err(io::Error::other)
    }

    fn note_refusal(&self, host: String) {
        let mut refused = lock(&self.hub.refused);
        refused.push_back(host);
        if refused.len() > REFUSED {
            refused.pop_front();
        }
        drop(refused);
        self.hub.bump();
    }

    fn cuttable<S>(&self, stream: S) -> Cuttable<S> {
        Cuttable { stream, cut: Box::pin(self.hub.shutdown.clone().cancelled_owned()) }
    }
}

/// Reads the head of a CONNECT request: `Ok` for one of our hosts, `Err` with any other.
async fn proxy_target(stream: &mut TcpStream) -> io::Result<Result<(), String>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        // Byte by byte: what follows the head belongs to TLS. A head is short and rare.
        head.push(stream.read_u8().await?);
        if head.len() > HEAD {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the head of a CONNECT is too long"));
        }
    }
    let head = String::from_utf8_lossy(&head);
    let target = head.split_ascii_whitespace().nth(1).unwrap_or_default();
    let ours = HOSTS.iter().any(|host| target.eq_ignore_ascii_case(&format!("{host}:443")));
    Ok(if ours && head.starts_with("CONNECT ") { Ok(()) } else { Err(target.to_owned()) })
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> Stream for S {}

/// Sorted connections, as a listener for axum.
struct Accepted<S> {
    connections: mpsc::Receiver<Cuttable<S>>,
    shutdown: CancellationToken,
}

impl<S: Stream> axum::serve::Listener for Accepted<S> {
    type Io = Cuttable<S>;
    type Addr = ();

    async fn accept(&mut self) -> (Self::Io, ()) {
        match self.connections.recv().await {
            Some(stream) => (stream, ()),
            // The gate is gone, which happens at shutdown only: axum is stopping too.
            None => {
                self.shutdown.cancelled().await;
                std::future::pending().await
            }
        }
    }

    fn local_addr(&self) -> io::Result<()> {
        Ok(())
    }
}

/// A stream that breaks at shutdown, so that no task that serves it is left behind.
struct Cuttable<S> {
    stream: S,
    cut: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl<S> Cuttable<S> {
    fn is_cut(&mut self, cx: &mut TaskContext<'_>) -> bool {
        self.cut.as_mut().poll(cx).is_ready()
    }
}

fn cut<T>() -> Poll<io::Result<T>> {
    Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()))
}

impl<S: Stream> AsyncRead for Cuttable<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut TaskContext<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        // Data that is there is read first: the last words of a closing peer.
        match Pin::new(&mut self.stream).poll_read(cx, buf) {
            Poll::Pending if self.is_cut(cx) => cut(),
            poll => poll,
        }
    }
}

impl<S: Stream> AsyncWrite for Cuttable<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.stream).poll_write(cx, buf) {
            Poll::Pending if self.is_cut(cx) => cut(),
            poll => poll,
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.stream).poll_flush(cx) {
            Poll::Pending if self.is_cut(cx) => cut(),
            poll => poll,
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.stream).poll_shutdown(cx) {
            Poll::Pending if self.is_cut(cx) => cut(),
            poll => poll,
        }
    }
}
