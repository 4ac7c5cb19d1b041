//! chromedriver: started on a port of its own, spoken to in WebDriver's JSON.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use ureq::Agent;
use xtask::tools;

/// A running chromedriver. It ends with this value.
pub struct Driver {
    process: Child,
    agent: Agent,
    url: String,
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
        let port: Option<u16> = lines.find_map(|line| {
            let (_, rest) = line.split_once("started successfully on port ")?;
            rest.trim_end_matches('.').parse().ok()
        });
        // Whatever it says later must be read, or it blocks.
        std::thread::spawn(move || lines.for_each(drop));
        match port {
            Some(port) => {
                // A status other than 200 comes with WebDriver's own sentence.
                let config = Agent::config_builder().http_status_as_error(false).proxy(None);
                let config = config.timeout_global(Some(COMMAND));
                let url = format!("http://127.0.0.1:{port}/session");
                Ok(Driver { process, agent: config.build().into(), url, chromium: browser.chromium })
            }
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
        let answer = request(&self.agent, &self.url, "POST", Some(&capabilities))?;
        let id = answer["sessionId"].as_str().ok_or("chromedriver opened no session")?;
        Ok(Session { agent: self.agent.clone(), url: format!("{}/{id}", self.url), profile })
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
    agent: Agent,
    url: String,
    profile: PathBuf,
}

impl Session {
    pub fn post(&self, command: &str, body: &Value) -> Result<Value, String> {
        request(&self.agent, &format!("{}/{command}", self.url), "POST", Some(body))
    }

    pub fn get(&self, command: &str) -> Result<Value, String> {
        request(&self.agent, &format!("{}/{command}", self.url), "GET", None)
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
        let _ = request(&self.agent, &self.url, "DELETE", None);
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}

/// How long one command of WebDriver may take: a session that opens on a busy machine takes long.
const COMMAND: Duration = Duration::from_secs(180);

/// One command. WebDriver answers `{"value": …}`, and an error's message inside it, with a status that says the same.
fn request(agent: &Agent, url: &str, method: &str, body: Option<&Value>) -> Result<Value, String> {
    let told = |error: ureq::Error| format!("chromedriver, {method} {url}: {error}");
    let answer = match (method, body) {
        ("POST", Some(body)) => agent.post(url).send_json(body),
        ("DELETE", _) => agent.delete(url).call(),
        _ => agent.get(url).call(),
    };
    // Pictures are large.
    let mut answer =
        answer.map_err(told)?.into_body().with_config().limit(u64::MAX).read_json::<Value>().map_err(told)?;
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
