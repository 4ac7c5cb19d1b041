//! A small static file server: a thread for each connection, on the loopback address only.

use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

/// What the page may load and run. `index.html` carries the same in a meta element, for servers without headers.
pub const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; \
                                  style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'";

/// A running server. It ends with the program.
pub struct Server {
    pub address: SocketAddr,
    prefix: String,
}

struct Site {
    root: PathBuf,
    prefix: String,
}

impl Server {
    /// Serves a folder under a path such as `/` or `/docs/partita/`. Port 0 takes a free one.
    pub fn start(root: &Path, prefix: &str, port: u16) -> io::Result<Server> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = listener.local_addr()?;
        let site = Arc::new(Site { root: root.canonicalize()?, prefix: prefix.to_string() });
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let site = Arc::clone(&site);
                thread::spawn(move || site.converse(connection));
            }
        });
        Ok(Server { address, prefix: prefix.to_string() })
    }

    /// The page's address.
    pub fn url(&self) -> String {
        format!("http://{}{}", self.address, self.prefix)
    }
}

struct Request {
    method: String,
    path: String,
    encodings: String,
    close: bool,
}

struct Answer {
    status: &'static str,
    kind: &'static str,
    encoding: Option<&'static str>,
    body: Vec<u8>,
}

impl Site {
    fn converse(&self, connection: TcpStream) -> Option<()> {
        connection.set_nodelay(true).ok()?;
        let mut reader = BufReader::new(connection.try_clone().ok()?);
        let mut writer = connection;
        loop {
            let request = read_request(&mut reader)?;
            let answer = self.answer(&request);
            write_answer(&mut writer, &request, &answer).ok()?;
            if request.close {
                return None;
            }
        }
    }

    fn answer(&self, request: &Request) -> Answer {
        if request.method != "GET" && request.method != "HEAD" {
            return refusal("405 Method Not Allowed");
        }
        let Some(file) = self.file(&request.path) else { return refusal("404 Not Found") };
        let kind = kind_of(&file);
        for (name, extension) in [("br", "br"), ("gzip", "gz")] {
            let beside = PathBuf::from(format!("{}.{extension}", file.display()));
            if accepts(&request.encodings, name)
                && let Ok(body) = fs::read(beside)
            {
                return Answer { status: "200 OK", kind, encoding: Some(name), body };
            }
        }
        match fs::read(&file) {
            Ok(body) => Answer { status: "200 OK", kind, encoding: None, body },
            Err(_) => refusal("404 Not Found"),
        }
    }

    /// The file behind a request's path, if it lies inside the site.
    fn file(&self, path: &str) -> Option<PathBuf> {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let inside = percent_decoded(path)?.strip_prefix(&self.prefix)?.to_string();
        let file = self.root.join(inside).canonicalize().ok()?;
        let file = if file.is_dir() { file.join("index.html") } else { file };
        file.starts_with(&self.root).then_some(file)
    }
}

fn read_request(reader: &mut impl BufRead) -> Option<Request> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|&count| count > 0)?;
    let mut words = line.split_whitespace();
    let (method, path) = (words.next()?.to_string(), words.next()?.to_string());
    let mut request = Request { method, path, encodings: String::new(), close: false };
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok().filter(|&count| count > 0)?;
        let Some((name, value)) = header.trim_end().split_once(':') else { return Some(request) };
        match name.to_ascii_lowercase().as_str() {
            "accept-encoding" => request.encodings = value.trim().to_string(),
            "connection" => request.close = value.trim().eq_ignore_ascii_case("close"),
            _ => {}
        }
    }
}

fn write_answer(writer: &mut impl Write, request: &Request, answer: &Answer) -> io::Result<()> {
    let mut head = format!(
        "HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nCache-Control: no-cache\r\n\
         X-Content-Type-Options: nosniff\r\nVary: Accept-Encoding\r\n",
        answer.status,
        answer.kind,
        answer.body.len()
    );
    if let Some(encoding) = answer.encoding {
        head.push_str(&format!("Content-Encoding: {encoding}\r\n"));
    }
    if answer.kind.starts_with("text/html") {
        head.push_str(&format!("Content-Security-Policy: {CONTENT_POLICY}\r\n"));
    }
    head.push_str("\r\n");
    let mut message = head.into_bytes();
    if request.method != "HEAD" {
        message.extend_from_slice(&answer.body);
    }
    writer.write_all(&message)?;
    writer.flush()
}

fn refusal(status: &'static str) -> Answer {
    Answer { status, kind: "text/plain; charset=utf-8", encoding: None, body: format!("{status}\n").into_bytes() }
}

fn accepts(encodings: &str, name: &str) -> bool {
    encodings.split(',').any(|word| word.split(';').next().is_some_and(|word| word.trim() == name))
}

fn kind_of(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "json" => "application/json",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn percent_decoded(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits = [rest.next()?, rest.next()?];
        bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn ask(server: &Server, request: &str) -> String {
        let mut connection = TcpStream::connect(server.address).unwrap();
        connection.write_all(request.replace('\n', "\r\n").as_bytes()).unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        answer
    }

    fn site(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("partita-server-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("index.html"), "the page").unwrap();
        fs::write(folder.join("a b.js"), "code").unwrap();
        fs::write(folder.join("a b.js.br"), "small").unwrap();
        folder
    }

    #[test]
    fn serves_files_under_its_prefix_with_type_policy_and_encoding() {
        let folder = site("files");
        let server = Server::start(&folder, "/docs/p/", 0).unwrap();
        let page = ask(&server, "GET /docs/p/?x=1 HTTP/1.1\nConnection: close\n\n");
        assert!(page.starts_with("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 8\r\n"));
        assert!(page.contains(&format!("Content-Security-Policy: {CONTENT_POLICY}\r\n")), "{page}");
        assert!(page.ends_with("\r\n\r\nthe page"), "{page}");
        let plain = ask(&server, "GET /docs/p/a%20b.js HTTP/1.1\nConnection: close\n\n");
        assert!(plain.ends_with("\r\n\r\ncode") && !plain.contains("Content-Encoding"), "{plain}");
        let packed = ask(&server, "GET /docs/p/a%20b.js HTTP/1.1\nAccept-Encoding: gzip, br\nConnection: close\n\n");
        assert!(packed.contains("Content-Encoding: br\r\n") && packed.ends_with("small"), "{packed}");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn refuses_what_lies_outside() {
        let folder = site("outside");
        let server = Server::start(&folder, "/p/", 0).unwrap();
        for path in
            ["/", "/p/none.js", "/p/../../etc/passwd", "/p/%2e%2e/%2e%2e/etc/passwd", "/p//etc/passwd", "/p/%zz"]
        {
            let answer = ask(&server, &format!("GET {path} HTTP/1.1\nConnection: close\n\n"));
            assert!(answer.starts_with("HTTP/1.1 404 "), "{path}: {answer}");
        }
        assert!(ask(&server, "POST /p/ HTTP/1.1\nConnection: close\n\n").starts_with("HTTP/1.1 405 "));
        fs::remove_dir_all(folder).unwrap();
    }
}
