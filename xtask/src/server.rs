//! A small static file server, on the loopback address only: `httparse` reads requests, which file is answered is decided here.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use percent_encoding::percent_decode_str;

/// What the page may load and run. `index.html` carries the same in a meta element, for servers without headers.
pub const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; \
                                  style-src 'self'; img-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'";

/// The longest head of a request that is read, in bytes, and the most headers in it.
const LONGEST: usize = 64 * 1024;
const HEADERS: usize = 100;

/// What lies packed beside a file may be sent in its place: as which encoding, and how such a file's name ends.
pub type Form = (&'static str, &'static str);
pub const BROTLI: Form = ("br", "br");
pub const GZIP: Form = ("gzip", "gz");

/// A running server. It ends with the program.
pub struct Server {
    pub address: SocketAddr,
    prefix: String,
}

struct Site {
    root: PathBuf,
    prefix: String,
    /// What its pages may load, where the server says so.
    policy: Option<String>,
    forms: &'static [Form],
}

/// A file as it goes over the wire.
struct Found {
    kind: &'static str,
    encoding: Option<&'static str>,
    body: Vec<u8>,
}

impl Server {
    /// Serves a folder under a path such as `/` or `/docs/partita/`, as the page's. Port 0 takes a free one.
    pub fn start(root: &Path, prefix: &str, port: u16) -> io::Result<Server> {
        Server::under(root, prefix, port, Some(CONTENT_POLICY.to_owned()))
    }

    /// The same, sending only these forms of what lies packed beside a file; with none as a server that packs nothing.
    pub fn sending(root: &Path, forms: &'static [Form]) -> io::Result<Server> {
        Server::of(root, "/", 0, Some(CONTENT_POLICY.to_owned()), forms)
    }

    /// The same for pages that are not ours, under another policy or none.
    pub fn under(root: &Path, prefix: &str, port: u16, policy: Option<String>) -> io::Result<Server> {
        Server::of(root, prefix, port, policy, &[BROTLI, GZIP])
    }

    fn of(root: &Path, prefix: &str, port: u16, policy: Option<String>, forms: &'static [Form]) -> io::Result<Server> {
        let listening = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = listening.local_addr()?;
        let site = Arc::new(Site { root: root.canonicalize()?, prefix: prefix.to_string(), policy, forms });
        thread::spawn(move || {
            // A thread for each connection: a browser keeps several open, and none of them may wait for another.
            for connection in listening.incoming().flatten() {
                let site = Arc::clone(&site);
                thread::spawn(move || {
                    // A browser that has gone away needs no answer.
                    let _ = site.serve(connection);
                });
            }
        });
        Ok(Server { address, prefix: prefix.to_string() })
    }

    /// The page's address.
    pub fn url(&self) -> String {
        format!("http://{}{}", self.address, self.prefix)
    }
}

impl Site {
    /// Answers one request after the other, as long as the browser keeps the connection.
    fn serve(&self, mut connection: TcpStream) -> io::Result<()> {
        connection.set_nodelay(true)?;
        let mut read = Vec::new();
        while let Some(request) = next(&mut connection, &mut read)? {
            let answer = self.answer(&request);
            let length = answer.body.len();
            let head = format!("HTTP/1.1 {}\r\n{}Content-Length: {length}\r\n\r\n", answer.status, answer.headers);
            let body = if request.method == "HEAD" { &[][..] } else { &answer.body };
            connection.write_all(&[head.as_bytes(), body].concat())?;
            if request.closes {
                break;
            }
        }
        Ok(())
    }

    fn answer(&self, request: &Request) -> Answer {
        if !matches!(&*request.method, "GET" | "HEAD") {
            return Answer::refusal("405 Method Not Allowed");
        }
        let Some(found) = self.file(&request.path).and_then(|file| self.read(&file, &request.encodings)) else {
            return Answer::refusal("404 Not Found");
        };
        let mut headers = format!(
            "Content-Type: {}\r\nCache-Control: no-cache\r\nX-Content-Type-Options: nosniff\r\nVary: Accept-Encoding\r\n",
            found.kind
        );
        if let Some(encoding) = found.encoding {
            let _ = write!(headers, "Content-Encoding: {encoding}\r\n");
        }
        if let Some(policy) = self.policy.as_ref().filter(|_| found.kind.starts_with("text/html")) {
            let _ = write!(headers, "Content-Security-Policy: {policy}\r\n");
        }
        Answer { status: "200 OK", headers, body: found.body }
    }

    /// The file behind a request's path, if it lies inside the site.
    fn file(&self, url: &str) -> Option<PathBuf> {
        let path = url.split(['?', '#']).next().unwrap_or_default();
        let decoded = percent_decode_str(path).decode_utf8().ok()?;
        let file = self.root.join(decoded.strip_prefix(&self.prefix)?).canonicalize().ok()?;
        let file = if file.is_dir() { file.join("index.html") } else { file };
        file.starts_with(&self.root).then_some(file)
    }

    /// The file, or what lies packed beside it in a form that the browser takes.
    fn read(&self, file: &Path, encodings: &str) -> Option<Found> {
        let kind = kind_of(file);
        for (name, extension) in self.forms {
            let beside = PathBuf::from(format!("{}.{extension}", file.display()));
            if accepts(encodings, name)
                && let Ok(body) = fs::read(beside)
            {
                return Some(Found { kind, encoding: Some(name), body });
            }
        }
        fs::read(file).ok().map(|body| Found { kind, encoding: None, body })
    }
}

/// What a request asks for.
struct Request {
    method: String,
    path: String,
    /// As its header lists them.
    encodings: String,
    /// No request follows on its connection.
    closes: bool,
}

struct Answer {
    status: &'static str,
    /// Lines, each with its end.
    headers: String,
    body: Vec<u8>,
}

impl Answer {
    fn refusal(status: &'static str) -> Answer {
        let headers = "Content-Type: text/plain; charset=utf-8\r\n".to_owned();
        Answer { status, headers, body: format!("{status}\n").into_bytes() }
    }
}

/// The next request on a connection; none when it has ended, or sent what is no request. `read` holds what was read of it.
fn next(connection: &mut TcpStream, read: &mut Vec<u8>) -> io::Result<Option<Request>> {
    loop {
        let mut headers = [httparse::EMPTY_HEADER; HEADERS];
        let mut head = httparse::Request::new(&mut headers);
        match head.parse(read) {
            Ok(httparse::Status::Complete(length)) => {
                let named = |name: &str| {
                    let found = head.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name));
                    found.map(|header| String::from_utf8_lossy(header.value).into_owned()).unwrap_or_default()
                };
                // What has a body is not answered with a file, and its body is not read.
                let has_body = !matches!(head.method, Some("GET" | "HEAD"));
                let closes = has_body || head.version == Some(0) || named("Connection").eq_ignore_ascii_case("close");
                let request = Request {
                    method: head.method.unwrap_or_default().to_owned(),
                    path: head.path.unwrap_or_default().to_owned(),
                    encodings: named("Accept-Encoding"),
                    closes,
                };
                read.drain(..length);
                return Ok(Some(request));
            }
            Ok(httparse::Status::Partial) if read.len() < LONGEST => {}
            _ => return Ok(None),
        }
        let mut more = [0; 4096];
        let length = connection.read(&mut more)?;
        if length == 0 {
            return Ok(None);
        }
        read.extend_from_slice(&more[..length]);
    }
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

#[cfg(test)]
mod tests {
    use super::*;

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
        assert!(page.starts_with("HTTP/1.1 200 OK\r\n"), "{page}");
        assert!(page.contains("\r\nContent-Type: text/html; charset=utf-8\r\n"), "{page}");
        assert!(page.contains("\r\nContent-Length: 8\r\n"), "{page}");
        assert!(page.contains(&format!("Content-Security-Policy: {CONTENT_POLICY}\r\n")), "{page}");
        assert!(page.ends_with("\r\n\r\nthe page"), "{page}");
        let plain = ask(&server, "GET /docs/p/a%20b.js HTTP/1.1\nConnection: close\n\n");
        assert!(plain.ends_with("\r\n\r\ncode") && !plain.contains("Content-Encoding"), "{plain}");
        let packed = ask(&server, "GET /docs/p/a%20b.js HTTP/1.1\nAccept-Encoding: gzip, br\nConnection: close\n\n");
        assert!(packed.contains("Content-Encoding: br\r\n") && packed.ends_with("small"), "{packed}");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn answers_more_connections_than_a_browser_opens() {
        let folder = site("many");
        let server = Server::start(&folder, "/", 0).unwrap();
        let mut open: Vec<TcpStream> = (0..24).map(|_| TcpStream::connect(server.address).unwrap()).collect();
        for connection in &mut open {
            for _ in 0..2 {
                connection.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
                let mut answer = Vec::new();
                while !answer.ends_with(b"the page") {
                    let mut some = [0; 512];
                    let length = connection.read(&mut some).unwrap();
                    assert!(length > 0, "{}", String::from_utf8_lossy(&answer));
                    answer.extend_from_slice(&some[..length]);
                }
            }
        }
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
