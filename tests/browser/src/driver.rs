//! chromedriver: started on a port of its own, spoken to in WebDriver's JSON.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use xtask::tools;

/// A running chromedriver. It ends with this value.
pub struct Driver {
    process: Child,
    port: u16,
    chromium: PathBuf,
}

impl Driver {
    pub fn start() -> Result<Driver, String> {
        let browser = tools::browser()?;
        let mut command = Command::new(&browser.driver);
        command.arg("--port=0").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process =
            command.spawn().map_err(|error| format!("{} does not start: {error}", browser.driver.display()))?;
        let output = process.stdout.take().expect("its output is piped");
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        let port = lines.find_map(|line| {
            let (_, rest) = line.split_once("started successfully on port ")?;
            rest.trim_end_matches('.').parse().ok()
        });
        // Whatever it says later must be read, or it blocks.
        std::thread::spawn(move || lines.for_each(drop));
        match port {
            Some(port) => Ok(Driver { process, port, chromium: browser.chromium }),
            None => {
                let _ = process.kill();
                let _ = process.wait();
                Err("chromedriver ended without naming its port".into())
            }
        }
    }

    /// A browser of its own, with an empty profile.
    pub fn session(&self) -> Result<Session, String> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let profile = std::env::temp_dir().join(format!("partita-browser-{}-{number}", std::process::id()));
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--lang=en-US",
            "--window-size=1440,900",
            &format!("--user-data-dir={}", profile.display()),
        ];
        let capabilities = json!({ "capabilities": { "alwaysMatch": {
            "goog:chromeOptions": { "binary": self.chromium, "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
            "timeouts": { "script": 60_000, "pageLoad": 60_000 },
        } } });
        let answer = request(self.port, "POST", "/session", Some(&capabilities))?;
        let id = answer["sessionId"].as_str().ok_or("chromedriver opened no session")?.to_string();
        Ok(Session { port: self.port, path: format!("/session/{id}"), profile })
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// One browser. It closes with this value.
pub struct Session {
    port: u16,
    path: String,
    profile: PathBuf,
}

impl Session {
    pub fn post(&self, command: &str, body: &Value) -> Result<Value, String> {
        request(self.port, "POST", &format!("{}/{command}", self.path), Some(body))
    }

    pub fn get(&self, command: &str) -> Result<Value, String> {
        request(self.port, "GET", &format!("{}/{command}", self.path), None)
    }

    /// A command of the Chrome DevTools Protocol.
    pub fn devtools(&self, command: &str, parameters: Value) -> Result<Value, String> {
        self.post("goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    /// What came since the last call: `browser` for the console, `performance` for DevTools events.
    pub fn log(&self, kind: &str) -> Result<Vec<Value>, String> {
        let entries = self.post("se/log", &json!({ "type": kind }))?;
        Ok(entries.as_array().cloned().unwrap_or_default())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = request(self.port, "DELETE", &self.path, None);
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}

/// One request, one connection. WebDriver answers `{"value": …}`, and an error's message inside it.
fn request(port: u16, method: &str, path: &str, body: Option<&Value>) -> Result<Value, String> {
    let told = |error: std::io::Error| format!("chromedriver, {method} {path}: {error}");
    let mut connection = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).map_err(told)?;
    connection.set_read_timeout(Some(Duration::from_secs(180))).map_err(told)?;
    let body = body.map(Value::to_string).unwrap_or_default();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    connection.write_all((head + &body).as_bytes()).map_err(told)?;
    let mut reader = BufReader::new(connection);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).map_err(told)? == 0 || line == "\r\n" {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut answer = vec![0; length];
    reader.read_exact(&mut answer).map_err(told)?;
    let mut answer: Value =
        serde_json::from_slice(&answer).map_err(|error| format!("chromedriver, {method} {path}: {error}"))?;
    let value = answer["value"].take();
    match value.get("error") {
        Some(error) => {
            let message = value["message"].as_str().unwrap_or_default();
            let first = message.lines().next().unwrap_or_default();
            Err(format!("{}: {first}", error.as_str().unwrap_or("error")))
        }
        None => Ok(value),
    }
}
