//! A stretch of the way to PostgreSQL that can be cut.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::str::FromStr as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use sqlx::postgres::PgConnectOptions;

use crate::common::skip;

/// Where the way is cut: before a message has arrived, or after, so that its reply is lost.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cut {
    Before,
    After,
}

/// Messages that still pass, and what happens then.
type Armed = Arc<Mutex<Option<(u32, Cut)>>>;

pub(crate) struct Proxy {
    url: String,
    armed: Armed,
}

impl Proxy {
    /// A way to the database at that URL, which lies behind a socket.
    pub(crate) fn before(url: &str) -> Option<Self> {
        let options = PgConnectOptions::from_str(url).unwrap();
        let Some(folder) = options.get_socket() else {
            skip("the proxy knows the way to a socket only");
            return None;
        };
        let socket = folder.join(format!(".s.PGSQL.{}", options.get_port()));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!(
            "postgres://{}@{}/{}?sslmode=disable",
            options.get_username(),
            listener.local_addr().unwrap(),
            options.get_database().unwrap(),
        );
        let armed = Armed::default();
        let at_listener = armed.clone();
        thread::spawn(move || {
            for client in listener.incoming() {
                connect(client.unwrap(), &socket, &at_listener);
            }
        });
        Some(Self { url, armed })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Cuts the connection that sends the message after so many others.
    pub(crate) fn arm(&self, others: u32, cut: Cut) {
        *self.armed.lock().unwrap() = Some((others, cut));
    }

    /// Whether nothing was cut.
    pub(crate) fn disarm(&self) -> bool {
        self.armed.lock().unwrap().take().is_some()
    }
}

fn connect(client: TcpStream, socket: &PathBuf, armed: &Armed) {
    let server = UnixStream::connect(socket).unwrap();
    let (to_client, from_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    let (armed, is_cut) = (armed.clone(), Arc::new(AtomicBool::new(false)));
    let cut_by_request = is_cut.clone();
    thread::spawn(move || pass_requests(client, server, &armed, &cut_by_request));
    thread::spawn(move || pass_replies(from_server, to_client, &is_cut));
}

fn pass_requests(
    mut client: TcpStream,
    mut server: UnixStream,
    armed: &Armed,
    is_cut: &AtomicBool,
) {
    let mut buffer = vec![0; 1 << 16];
    while let Ok(length @ 1..) = client.read(&mut buffer) {
        let cut = due(&mut armed.lock().unwrap());
        if let Some(Cut::Before) = cut {
            break;
        }
        // The reply to what has arrived shows that it was done; it is what gets lost.
        is_cut.store(cut.is_some(), Ordering::SeqCst);
        if server.write_all(&buffer[..length]).is_err() {
            break;
        }
        if cut.is_some() {
            return;
        }
    }
    hang_up(&client, &server);
}

fn pass_replies(mut server: UnixStream, mut client: TcpStream, is_cut: &AtomicBool) {
    let mut buffer = vec![0; 1 << 16];
    while let Ok(length @ 1..) = server.read(&mut buffer) {
        if is_cut.load(Ordering::SeqCst) || client.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    hang_up(&client, &server);
}

/// Counts a message, and says whether this is the one.
fn due(armed: &mut Option<(u32, Cut)>) -> Option<Cut> {
    let (others, cut) = armed.as_mut()?;
    match others.checked_sub(1) {
        Some(fewer) => {
            *others = fewer;
            None
        }
        None => {
            let cut = *cut;
            *armed = None;
            Some(cut)
        }
    }
}

/// Whoever has hung up first was first.
fn hang_up(client: &TcpStream, server: &UnixStream) {
    let _ = client.shutdown(Shutdown::Both);
    let _ = server.shutdown(Shutdown::Both);
}
