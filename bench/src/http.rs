//! HTTP/1.1 over one kept-alive connection, as small as a load generator needs: bytes out, one
//! whole answer in. May touch: sockets on this machine. Used both to load and to find the pages.

use anyhow::{Context, bail, ensure};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Larger answers are a mistake of the server or of the benchmark.
const ANSWER_MAX: usize = 64 << 20;

/// A connection and the answer it read last.
pub struct Conn {
    stream: TcpStream,
    buf: Vec<u8>,
    frame: Frame,
}

/// Where the parts of an answer lie in the buffer.
#[derive(Debug, Clone, Copy, Default)]
struct Frame {
    status: u16,
    head: usize,
    length: Option<usize>,
    chunked: bool,
    close: bool,
}

impl Conn {
    /// Connects.
    pub async fn open(to: SocketAddr) -> anyhow::Result<Self> {
        ensure!(to.ip().is_loopback(), "only this machine is ever loaded");
        let stream = TcpStream::connect(to).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buf: Vec::with_capacity(64 << 10), frame: Frame::default() })
    }

    /// Sends a request and reads the whole answer; gives its status.
    pub async fn ask(&mut self, request: &[u8]) -> anyhow::Result<u16> {
        self.stream.write_all(request).await?;
        self.buf.clear();
        let mut at = 0;
        let mut frame = None;
        loop {
            ensure!(self.stream.read_buf(&mut self.buf).await? > 0, "the server closed in the middle of an answer");
            ensure!(self.buf.len() <= ANSWER_MAX, "an answer is longer than {ANSWER_MAX} bytes");
            let known = match frame {
                Some(known) => known,
                None => match read_head(&self.buf)? {
                    Some(known) => {
                        at = known.head;
                        *frame.insert(known)
                    }
                    None => continue,
                },
            };
            let whole = match known.length {
                Some(length) => self.buf.len() >= known.head + length,
                None => walk(&self.buf, &mut at, |_| {})?,
            };
            if whole {
                self.frame = known;
                return Ok(known.status);
            }
        }
    }

    /// Whether the server will close the connection.
    pub fn closing(&self) -> bool {
        self.frame.close
    }

    /// Head of the last answer.
    pub fn head(&self) -> String {
        String::from_utf8_lossy(self.buf.get(..self.frame.head).unwrap_or_default()).into_owned()
    }

    /// Body of the last answer as it was sent, without the framing of chunks.
    pub fn body(&self) -> anyhow::Result<Vec<u8>> {
        if !self.frame.chunked {
            return Ok(self.buf.get(self.frame.head..).unwrap_or_default().to_vec());
        }
        let mut body = Vec::new();
        let mut at = self.frame.head;
        ensure!(walk(&self.buf, &mut at, |part| body.extend_from_slice(part))?, "the answer is not whole");
        Ok(body)
    }
}

fn find_end(buf: &[u8]) -> Option<usize> {
    buf.windows(4).position(|w| w == b"\r\n\r\n").map(|i| i + 4)
}

fn read_head(buf: &[u8]) -> anyhow::Result<Option<Frame>> {
    let Some(head) = find_end(buf) else {
        return Ok(None);
    };
    let mut lines = buf.get(..head).unwrap_or_default().split(|b| *b == b'\n').map(<[u8]>::trim_ascii_end);
    let status = lines.next().and_then(|l| l.get(9..12)).and_then(|s| std::str::from_utf8(s).ok());
    let status = status.and_then(|s| s.parse().ok()).context("not an HTTP answer")?;
    let mut frame = Frame { status, head, ..Frame::default() };
    for line in lines {
        let Some(colon) = line.iter().position(|b| *b == b':') else {
            continue;
        };
        let (name, value) = (line.get(..colon).unwrap_or_default(), line.get(colon + 1..).unwrap_or_default().trim_ascii());
        if name.eq_ignore_ascii_case(b"content-length") {
            frame.length = std::str::from_utf8(value).ok().and_then(|v| v.parse().ok());
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            frame.chunked = value.eq_ignore_ascii_case(b"chunked");
        } else if name.eq_ignore_ascii_case(b"connection") {
            frame.close = value.eq_ignore_ascii_case(b"close");
        }
    }
    if frame.length.is_none() && !frame.chunked {
        if !matches!(status, 204 | 304) {
            bail!("an answer with neither a length nor chunks");
        }
        frame.length = Some(0);
    }
    Ok(Some(frame))
}

/// Walks over the chunks that are there, from `at` on; true at the last one.
fn walk(buf: &[u8], at: &mut usize, mut each: impl FnMut(&[u8])) -> anyhow::Result<bool> {
    loop {
        let rest = buf.get(*at..).unwrap_or_default();
        let Some(line) = rest.windows(2).position(|w| w == b"\r\n") else {
            return Ok(false);
        };
        let size = std::str::from_utf8(rest.get(..line).unwrap_or_default()).unwrap_or_default();
        let size = usize::from_str_radix(size.split(';').next().unwrap_or_default(), 16).context("a chunk without a size")?;
        let begin = line + 2;
        if rest.len() < begin + size + 2 {
            return Ok(false);
        }
        if size == 0 {
            return Ok(true);
        }
        each(rest.get(begin..begin + size).unwrap_or_default());
        *at += begin + size + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_walked_however_they_arrive() {
        let body = b"3\r\nabc\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n";
        for cut in 0..body.len() {
            let mut at = 0;
            assert!(!walk(&body[..cut], &mut at, |_| {}).unwrap(), "cut at {cut}");
            assert!(walk(body, &mut at, |_| {}).unwrap());
        }
        let mut whole = Vec::new();
        assert!(walk(body, &mut 0, |p| whole.extend_from_slice(p)).unwrap());
        assert_eq!(whole, b"abc0123456789abcdef");
        assert!(walk(b"zz\r\n\r\n", &mut 0, |_| {}).is_err());
    }

    #[test]
    fn heads_say_how_long_the_body_is() {
        let head = b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\nConnection: close\r\n\r\n";
        let frame = read_head(head).unwrap().unwrap();
        assert_eq!((frame.status, frame.length, frame.head, frame.close), (200, Some(12), head.len(), true));
        assert!(read_head(&head[..20]).unwrap().is_none());
        assert!(read_head(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
        assert!(read_head(b"HTTP/1.1 304 Not Modified\r\n\r\n").unwrap().is_some());
    }
}
