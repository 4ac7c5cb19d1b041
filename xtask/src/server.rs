//! A small static file server, on the loopback address only: HTTP is `tiny_http`'s, which file is answered is decided here.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use percent_encoding::percent_decode_str;
use tiny_http::{Header, Method, Request, Response};

/// What the page may load and run. `index.html` carries the same in a meta element, for servers without headers.
pub const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; \
                                  style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'";

/// Requests that are answered at once; a browser asks for a handful.
const THREADS: usize = 4;

/// A running server. It ends with the program.
pub struct Server {
    pub address: SocketAddr,
    prefix: String,
}

struct Site {
    root: PathBuf,
    prefix: String,
}

/// A file as it goes over the wire.
struct Found {
    kind: &'static str,
    encoding: Option<&'static str>,
    body: Vec<u8>,
}

impl Server {
    /// Serves a folder under a path such as `/` or `/docs/partita/`. Port 0 takes a free one.
    pub fn start(root: &Path, prefix: &str, port: u16) -> io::Result<Server> {
        let listening = tiny_http::Server::http((Ipv4Addr::LOCALHOST, port)).map_err(io::Error::other)?;
        let address = listening.server_addr().to_ip().ok_or_else(|| io::Error::other("it listens at no port"))?;
        let site = Site { root: root.canonicalize()?, prefix: prefix.to_string() };
        let shared = Arc::new((listening, site));
        for _ in 0..THREADS {
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                let (listening, site) = &*shared;
                for request in listening.incoming_requests() {
                    // A browser that has gone away needs no answer.
                    let _ = site.answer(request);
                }
            });
        }
        Ok(Server { address, prefix: prefix.to_string() })
    }

    /// The page's address.
    pub fn url(&self) -> String {
        format!("http://{}{}", self.address, self.prefix)
    }
}

impl Site {
    fn answer(&self, request: Request) -> io::Result<()> {
        if !matches!(request.method(), Method::Get | Method::Head) {
            return refuse(request, 405, "405 Method Not Allowed\n");
        }
        let encodings = request.headers().iter().find(|header| header.field.equiv("Accept-Encoding"));
        let encodings = encodings.map(|header| header.value.as_str()).unwrap_or_default();
        let Some(found) = self.file(request.url()).and_then(|file| read(&file, encodings)) else {
            return refuse(request, 404, "404 Not Found\n");
        };
        let mut response = Response::from_data(found.body)
            .with_chunked_threshold(usize::MAX)
            .with_header(header("Content-Type", found.kind))
            .with_header(header("Cache-Control", "no-cache"))
            .with_header(header("X-Content-Type-Options", "nosniff"))
            .with_header(header("Vary", "Accept-Encoding"));
        if let Some(encoding) = found.encoding {
            response.add_header(header("Content-Encoding", encoding));
        }
        if found.kind.starts_with("text/html") {
            response.add_header(header("Content-Security-Policy", CONTENT_POLICY));
        }
        request.respond(response)
    }

    /// The file behind a request's path, if it lies inside the site.
    fn file(&self, url: &str) -> Option<PathBuf> {
        let path = url.split(['?', '#']).next().unwrap_or_default();
        let decoded = percent_decode_str(path).decode_utf8().ok()?;
        let file = self.root.join(decoded.strip_prefix(&self.prefix)?).canonicalize().ok()?;
        let file = if file.is_dir() { file.join("index.html") } else { file };
        file.starts_with(&self.root).then_some(file)
    }
}

/// The file, or what lies packed beside it in a form that the browser takes.
fn read(file: &Path, encodings: &str) -> Option<Found> {
    let kind = kind_of(file);
    for (name, extension) in [("br", "br"), ("gzip", "gz")] {
        let beside = PathBuf::from(format!("{}.{extension}", file.display()));
        if accepts(encodings, name)
            && let Ok(body) = fs::read(beside)
        {
            return Some(Found { kind, encoding: Some(name), body });
        }
    }
    fs::read(file).ok().map(|body| Found { kind, encoding: None, body })
}

fn refuse(request: Request, status: u16, text: &str) -> io::Result<()> {
    request.respond(Response::from_string(text).with_status_code(status))
}

fn header(name: &str, value: &str) -> Header {
    Header::from_bytes(name, value).expect("our own headers are ASCII")
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
    use std::io::{Read, Write};
    use std::net::TcpStream;

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
