//! The notifications of a portal as they come over one connection.

use std::mem;

use eventsource_stream::{Event, EventStreamError, Eventsource as _};
use futures_util::{Stream, StreamExt as _, TryStreamExt as _, stream};

/// Why no more events can be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// An event is too long, or no text.
    Garbage,
    /// The connection ended early.
    Cut,
    /// Nothing came for too long.
    Silent,
}

/// The events in a stream of bytes.
pub(super) fn events<B: AsRef<[u8]>>(
    bytes: impl Stream<Item = Result<B, Unreadable>>,
) -> impl Stream<Item = Result<Event, Unreadable>> {
    let mut blocks = Blocks::default();
    bytes
        .map(move |bytes| blocks.take(bytes?.as_ref()))
        .map_ok(|blocks| stream::iter(blocks).map(Ok))
        .try_flatten()
        .eventsource()
        .map_err(|error| match error {
            EventStreamError::Transport(error) => error,
            EventStreamError::Utf8(_) | EventStreamError::Parser(_) => Unreadable::Garbage,
        })
}

/// Splits what comes into blocks that end with an empty line, which is what an event is. `eventsource-stream` reads without bound
/// what has no such end or is no text; given whole blocks, it has nothing to keep.
#[derive(Default)]
struct Blocks {
    begun: Vec<u8>,
    /// So that the line feed after it is no line of its own.
    after_return: bool,
}

impl Blocks {
    fn take(&mut self, bytes: &[u8]) -> Result<Vec<String>, Unreadable> {
        let mut whole = Vec::new();
        for byte in bytes {
            let follows_return = mem::replace(&mut self.after_return, *byte == b'\r');
            match byte {
                b'\n' if follows_return => continue,
                b'\r' | b'\n' => self.begun.push(b'\n'),
                byte => self.begun.push(*byte),
            }
            if self.begun.ends_with(b"\n\n") || self.begun == b"\n" {
                let block = String::from_utf8(mem::take(&mut self.begun));
                whole.push(block.map_err(|_| Unreadable::Garbage)?);
            } else if self.begun.len() > LONGEST {
                return Err(Unreadable::Garbage);
            }
        }
        Ok(whole)
    }
}

/// Bytes. A request has less than 4 KiB.
const LONGEST: usize = 16 * 1024;

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use futures_util::FutureExt as _;
    use proptest::prelude::*;

    use super::*;

    /// What is read when those pieces come.
    fn read(pieces: &[&[u8]]) -> Vec<Result<(String, String), Unreadable>> {
        let pieces: Vec<_> = pieces.iter().map(|piece| Ok(piece.to_vec())).collect();
        let mut events = pin!(events(stream::iter(pieces)));
        let mut read = Vec::new();
        while let Some(event) = events.next().now_or_never().unwrap() {
            read.push(event.map(|event| (event.event, event.data)));
            if read.last().is_some_and(Result::is_err) {
                break;
            }
        }
        read
    }

    fn event(name: &str, data: &str) -> Result<(String, String), Unreadable> {
        Ok((name.to_owned(), data.to_owned()))
    }

    #[test]
    fn events_are_read_whatever_ends_their_lines() {
        let expected = [event("request", "{}"), event("over", "a")];
        for end in ["\n", "\r\n", "\r"] {
            let text =
                ":\n\nevent: request\nid: a\ndata: {}\n\n: still here\n\nevent: over\ndata: a\n\n"
                    .replace('\n', end);
            assert_eq!(read(&[text.as_bytes()]), expected);
            let single: Vec<&[u8]> = text.as_bytes().chunks(1).collect();
            assert_eq!(read(&single), expected);
        }
    }

    #[test]
    fn an_event_that_is_not_whole_is_none() {
        assert_eq!(read(&[b"event: over\ndata: a\n"]), []);
    }

    #[test]
    fn an_endless_line_is_refused() {
        let piece = [b'a'; 4096].as_slice();
        assert_eq!(read(&[piece; 1000]), [Err(Unreadable::Garbage)]);
    }

    #[test]
    fn an_endless_event_is_refused() {
        let piece = b"data: a\n".repeat(512);
        assert_eq!(read(&[&piece[..]; 1000]), [Err(Unreadable::Garbage)]);
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert_eq!(read(&[b"data: \xff\n\n"]), [Err(Unreadable::Garbage)]);
    }

    proptest! {
        #[test]
        fn it_makes_no_difference_in_which_pieces_it_comes(
            text in "[a-c: \r\n]{0,60}", length in 1_usize..9,
        ) {
            let pieces: Vec<&[u8]> = text.as_bytes().chunks(length).collect();
            prop_assert_eq!(read(&pieces), read(&[text.as_bytes()]));
        }
    }
}
