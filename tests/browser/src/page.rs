//! A page as a test sees it. Each method fails the test with a sentence when the browser does not do as told.

use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::base64;
use crate::driver::{Driver, Session};
use crate::key_code::key_code;
use crate::servers;

/// Seconds that a test waits for what it looks for, since it was last seen to come nearer: what has not come by then,
/// however busy the machine, does not come. A test that passes never waits so long; who looks into many that fail waits less
/// with `PARTITA_PATIENCE`.
const PATIENCE_S: u64 = 120;

pub struct Page {
    pub(crate) session: Session,
    /// The same site under several addresses (`servers`): below a path first, then at a server's root.
    pub(crate) sites: Vec<String>,
    shots: PathBuf,
    patience: Duration,
    expected_errors: RefCell<Vec<String>>,
    seen_errors: RefCell<Vec<String>>,
    requests: RefCell<Vec<String>>,
    /// Where the frame lies in the window in which the test goes on: the driver's pointer knows no frames of other origins.
    pub(crate) frame: Cell<(i64, i64)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    Light,
    Dark,
}

impl Page {
    /// A fresh browser. An empty `shots` keeps no pictures.
    pub fn new(driver: &Driver, sites: Vec<String>, shots: PathBuf) -> Result<Page, String> {
        let session = driver.session()?;
        let (expected_errors, seen_errors, requests, frame) = Default::default();
        let patience = std::env::var("PARTITA_PATIENCE").ok().and_then(|seconds| seconds.parse().ok());
        let patience = Duration::from_secs(patience.unwrap_or(PATIENCE_S));
        let page = Page { session, sites, shots, patience, expected_errors, seen_errors, requests, frame };
        page.session.devtools("Network.enable", json!({}))?;
        page.resize(1440, 900);
        page.prefer(Scheme::Light, false);
        Ok(page)
    }

    /// Opens a path below the site's address: `""`, `"?x"`, `"#run=…"`, which alone does not load the page anew.
    #[track_caller]
    pub fn open(&self, path: &str) {
        self.open_early(path);
        self.wait_live();
    }

    /// The same, though the program is not there yet, or never comes.
    #[track_caller]
    pub fn open_early(&self, path: &str) {
        self.go(&format!("{}{path}", self.sites[servers::BELOW]));
    }

    /// Waits until the program has taken the first picture's place; not in a page that has none, or that broke.
    #[track_caller]
    pub fn wait_live(&self) {
        let is_live = "const { embed, live } = document.documentElement.dataset;
          return !document.querySelector('#app') || !!embed || !document.querySelector('#crash').hidden || live !== undefined";
        self.wait_true("the program", is_live);
    }

    /// Opens a run from its script, as a link does. Needs a page of the site to be open.
    #[track_caller]
    pub fn open_script(&self, script: &str, at: Option<u64>) {
        self.open_script_early(script, at);
        self.wait_live();
    }

    /// The same, in a page that does not say when its program is there.
    pub fn open_script_early(&self, script: &str, at: Option<u64>) {
        let fragment = self.fragment(script, at);
        self.go("about:blank");
        self.open_early(&fragment);
    }

    /// A link's fragment for a script, computed by the open page's browser.
    #[track_caller]
    pub fn fragment(&self, script: &str, at: Option<u64>) -> String {
        let pack = "
            const stream = new Blob([arguments[0]]).stream().pipeThrough(new CompressionStream('deflate-raw'));
            return new Response(stream).arrayBuffer().then((buffer) => {
              const bytes = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join('');
              return btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
            });";
        let data = self.evaluate_with(pack, vec![script.into()]);
        let step = at.map(|at| format!("&at={at}")).unwrap_or_default();
        format!("#run=1.{}{step}", data.as_str().unwrap_or_default())
    }

    #[track_caller]
    pub(crate) fn go(&self, address: &str) {
        told(self.session.post("url", &json!({ "url": address })));
    }

    #[track_caller]
    pub fn reload(&self) {
        told(self.session.post("refresh", &json!({})));
        self.wait_live();
    }

    /// Opens one more window of the same browser and goes on in it; gives the names of the one that was left and of this one.
    #[track_caller]
    pub fn open_window(&self) -> (String, String) {
        let name = |value: Value| value.as_str().unwrap_or_default().to_string();
        let left = name(told(self.session.get("window")));
        let made = name(told(self.session.post("window/new", &json!({ "type": "tab" })))["handle"].take());
        self.go_on_in(&made);
        (left, made)
    }

    /// Goes on in another window.
    #[track_caller]
    pub fn go_on_in(&self, window: &str) {
        told(self.session.post("window", &json!({ "handle": window })));
    }

    /// Goes on in the frame that the script's body returns, or where that is null in the page around all frames.
    #[track_caller]
    pub fn enter(&self, script: &str) {
        told(self.session.post("frame", &json!({ "id": self.evaluate(script) })));
    }

    /// Leaves the page, and takes all that the browser has stored of it away: its next visitor is a new one.
    #[track_caller]
    pub fn forget(&self) {
        self.go("about:blank");
        for site in &self.sites {
            let all =
                json!({ "origin": site.splitn(4, '/').take(3).collect::<Vec<_>>().join("/"), "storageTypes": "all" });
            told(self.session.devtools("Storage.clearDataForOrigin", all));
        }
    }

    pub fn resize(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        told(self.session.devtools("Emulation.setDeviceMetricsOverride", size));
    }

    /// From now on as on a line of so many bits a second and so many milliseconds of latency.
    pub fn on_a_line(&self, bits: f64, latency_ms: f64) {
        let bytes = bits / 8.0;
        let line =
            json!({ "offline": false, "latency": latency_ms, "downloadThroughput": bytes, "uploadThroughput": bytes });
        told(self.session.devtools("Network.emulateNetworkConditions", line));
    }

    /// From now on so many times slower than this machine.
    pub fn slowed(&self, times: f64) {
        told(self.session.devtools("Emulation.setCPUThrottlingRate", json!({ "rate": times })));
    }

    /// The reader has fingers, and no mouse.
    pub fn fingers(&self, on: bool) {
        let touch = json!({ "enabled": on, "maxTouchPoints": 1 });
        told(self.session.devtools("Emulation.setTouchEmulationEnabled", touch));
    }

    /// A finger goes from one place of the window to another.
    #[track_caller]
    pub fn swipe(&self, from: (f64, f64), to: (f64, f64)) {
        let place = |(x, y): (f64, f64)| (x.round() as i64, y.round() as i64);
        let ((x, y), (to_x, to_y)) = (place(from), place(to));
        self.act(json!({ "type": "pointer", "id": "finger", "parameters": { "pointerType": "touch" }, "actions": [
            { "type": "pointerMove", "duration": 0, "x": x, "y": y },
            { "type": "pointerDown", "button": 0 },
            { "type": "pointerMove", "duration": 100, "x": (x + to_x) / 2, "y": y },
            { "type": "pointerMove", "duration": 100, "x": to_x, "y": to_y },
            { "type": "pointerUp", "button": 0 },
        ] }));
    }

    /// What the system prefers.
    pub fn prefer(&self, scheme: Scheme, reduced_motion: bool) {
        let scheme = if scheme == Scheme::Dark { "dark" } else { "light" };
        let motion = if reduced_motion { "reduce" } else { "no-preference" };
        let features = json!({ "features": [
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": motion },
        ] });
        told(self.session.devtools("Emulation.setEmulatedMedia", features));
    }

    /// Runs this script in every page opened from now on, before the page's own.
    pub fn before_load(&self, script: &str) {
        told(self.session.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": script })));
    }

    /// The body of a function, run in the page: `return document.title`.
    #[track_caller]
    pub fn evaluate(&self, body: &str) -> Value {
        self.evaluate_with(body, vec![])
    }

    /// The same with `arguments[0]`, `arguments[1]`… A promise is waited for.
    #[track_caller]
    pub fn evaluate_with(&self, body: &str, arguments: Vec<Value>) -> Value {
        told(self.session.post("execute/sync", &json!({ "script": body, "args": arguments })))
    }

    /// Presses and releases: `ArrowRight`, `Shift+ArrowRight`, `n`, `?`.
    #[track_caller]
    pub fn press(&self, key: &str) {
        let mut parts: Vec<&str> = key.split('+').filter(|part| !part.is_empty()).collect();
        if key.ends_with('+') {
            parts.push("+");
        }
        let codes: Vec<String> = parts.iter().map(|part| key_code(part)).collect();
        let event = |kind: &str, code: &String| json!({ "type": kind, "value": code });
        let down = codes.iter().map(|code| event("keyDown", code));
        let up = codes.iter().rev().map(|code| event("keyUp", code));
        self.act(json!({ "type": "key", "id": "keyboard", "actions": down.chain(up).collect::<Vec<_>>() }));
    }

    /// Types into what has the focus.
    #[track_caller]
    pub fn type_text(&self, text: &str) {
        told(self.session.devtools("Input.insertText", json!({ "text": text })));
    }

    /// Clicks the middle of the first element that matches and is visible.
    #[track_caller]
    pub fn click(&self, selector: &str) {
        let (x, y) = self.middle(selector);
        self.act(json!({ "type": "pointer", "id": "mouse", "parameters": { "pointerType": "mouse" }, "actions": [
            { "type": "pointerMove", "duration": 0, "x": x, "y": y },
            { "type": "pointerDown", "button": 0 },
            { "type": "pointerUp", "button": 0 },
        ] }));
    }

    /// Clicks at a place of the window.
    #[track_caller]
    pub fn click_at(&self, x: f64, y: f64) {
        let (x, y) = (x.round() as i64, y.round() as i64);
        self.act(json!({ "type": "pointer", "id": "mouse", "parameters": { "pointerType": "mouse" }, "actions": [
            { "type": "pointerMove", "duration": 0, "x": x, "y": y },
            { "type": "pointerDown", "button": 0 },
            { "type": "pointerUp", "button": 0 },
        ] }));
    }

    /// Drags the first element that matches and is visible by so many pixels.
    #[track_caller]
    pub fn drag(&self, selector: &str, right: i64, down: i64) {
        let (x, y) = self.middle(selector);
        self.act(json!({ "type": "pointer", "id": "mouse", "parameters": { "pointerType": "mouse" }, "actions": [
            { "type": "pointerMove", "duration": 0, "x": x, "y": y },
            { "type": "pointerDown", "button": 0 },
            { "type": "pointerMove", "duration": 50, "x": x + right, "y": y + down },
            { "type": "pointerUp", "button": 0 },
        ] }));
    }

    #[track_caller]
    pub fn hover(&self, selector: &str) {
        let (x, y) = self.middle(selector);
        self.act(json!({ "type": "pointer", "id": "mouse", "parameters": { "pointerType": "mouse" }, "actions": [
            { "type": "pointerMove", "duration": 0, "x": x, "y": y },
        ] }));
    }

    /// Replaces a field's content, as a user does: focus, select all, type.
    #[track_caller]
    pub fn fill(&self, selector: &str, text: &str) {
        self.click(selector);
        self.press("Control+a");
        if text.is_empty() { self.press("Delete") } else { self.type_text(text) }
    }

    #[track_caller]
    pub(crate) fn act(&self, source: Value) {
        told(self.session.post("actions", &json!({ "actions": [source] })));
    }

    /// The middle of the first element that matches and is visible, once it is the same from one frame to the next: what
    /// moves while somebody clicks is not hit. What moves on and on is taken where it is after half a second.
    #[track_caller]
    fn middle(&self, selector: &str) -> (i64, i64) {
        let script = "
            const place = () => {
              for (const element of document.querySelectorAll(arguments[0])) {
                if (!element.checkVisibility({ visibilityProperty: true })) continue;
                element.scrollIntoView({ block: 'nearest', inline: 'nearest' });
                const box = element.getBoundingClientRect();
                return [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)];
              }
              return null;
            };
            return new Promise((done) => {
              let left = 30;
              const look = (before) => {
                const now = place();
                if (!now || left-- === 0 || String(now) === String(before)) done(now);
                else requestAnimationFrame(() => look(now));
              };
              look(null);
            });";
        self.wait_for(&format!("a visible `{selector}`"), |page| {
            let place = page.evaluate_with(script, vec![selector.into()]);
            let (right, down) = page.frame.get();
            Some((place[0].as_i64()? + right, place[1].as_i64()? + down))
        })
    }

    /// The text of the first element that matches, as it is shown. Empty when there is none.
    #[track_caller]
    pub fn text(&self, selector: &str) -> String {
        let script = "return document.querySelector(arguments[0])?.innerText ?? ''";
        self.evaluate_with(script, vec![selector.into()]).as_str().unwrap_or_default().to_string()
    }

    /// The text of every element that matches.
    #[track_caller]
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let script = "return [...document.querySelectorAll(arguments[0])].map((element) => element.innerText)";
        let texts = self.evaluate_with(script, vec![selector.into()]);
        let texts = texts.as_array().cloned().unwrap_or_default();
        texts.iter().map(|text| text.as_str().unwrap_or_default().to_string()).collect()
    }

    #[track_caller]
    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        let script = "return document.querySelector(arguments[0])?.getAttribute(arguments[1]) ?? null";
        self.evaluate_with(script, vec![selector.into(), name.into()]).as_str().map(str::to_string)
    }

    #[track_caller]
    pub fn count(&self, selector: &str) -> u64 {
        let count = self.evaluate_with("return document.querySelectorAll(arguments[0]).length", vec![selector.into()]);
        count.as_u64().unwrap_or(0)
    }

    /// Whether the first element that matches is shown.
    #[track_caller]
    pub fn visible(&self, selector: &str) -> bool {
        let script =
            "return document.querySelector(arguments[0])?.checkVisibility({ visibilityProperty: true }) ?? false";
        self.evaluate_with(script, vec![selector.into()]) == true
    }

    /// Waits until the element's text contains this, and returns the text.
    #[track_caller]
    pub fn wait_text(&self, selector: &str, part: &str) -> String {
        self.wait_for(&format!("`{part}` in `{selector}`"), |page| {
            let text = page.text(selector);
            text.contains(part).then_some(text)
        })
    }

    /// Waits until something matches and is shown.
    #[track_caller]
    pub fn wait_visible(&self, selector: &str) {
        self.wait_for(&format!("`{selector}`"), |page| page.visible(selector).then_some(()));
    }

    /// Waits until the script's body returns something true.
    #[track_caller]
    pub fn wait_true(&self, what: &str, body: &str) {
        self.wait_for(what, |page| (page.evaluate(body) == true).then_some(()));
    }

    /// The same for what is long under way: as long as the text of `progress` changes, patience begins anew.
    #[track_caller]
    pub fn wait_while_it_goes_on(&self, what: &str, progress: &str, body: &str) {
        self.wait(what, |page| page.text(progress), |page| (page.evaluate(body) == true).then_some(()));
    }

    /// Waits for a fact: until an attempt finds it. This is the one place in which tests of the page let time pass.
    #[track_caller]
    pub fn wait_for<T>(&self, what: &str, attempt: impl Fn(&Page) -> Option<T>) -> T {
        self.wait(what, |_| String::new(), attempt)
    }

    #[track_caller]
    fn wait<T>(&self, what: &str, progress: impl Fn(&Page) -> String, attempt: impl Fn(&Page) -> Option<T>) -> T {
        let (mut since, mut last) = (Instant::now(), progress(self));
        loop {
            if let Some(found) = attempt(self) {
                return found;
            }
            let now = progress(self);
            if now != last {
                (since, last) = (Instant::now(), now);
            } else if since.elapsed() > self.patience {
                panic!("waited {} s in vain for {what}", self.patience.as_secs());
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until the browser has stored all that was changed in the page.
    #[track_caller]
    pub fn wait_stored(&self) {
        let is_stored =
            "const { changes, stored } = document.querySelector('#transport').dataset; return changes === stored";
        self.wait_true("all changes to be stored", is_stored);
    }

    /// Waits until the page has drawn so many frames: whatever it was to do of itself it has had the occasion to do.
    #[track_caller]
    pub fn wait_frames(&self, count: u32) {
        let frames = "
            return new Promise((done) => {
              let left = arguments[0];
              const next = () => { if (left-- === 0) done(true); else requestAnimationFrame(next); };
              next();
            });";
        assert_eq!(self.evaluate_with(frames, vec![count.into()]), true);
    }

    /// Keeps a picture as NAME.png in the folder that `PARTITA_SHOTS` names; none without it.
    pub fn shot(&self, name: &str) {
        if !self.shots.as_os_str().is_empty() {
            self.shot_to(&self.shots, name);
        }
    }

    pub fn shot_to(&self, folder: &Path, name: &str) {
        let picture = told(self.session.get("screenshot"));
        let bytes = base64::decoded(picture.as_str().unwrap_or_default());
        let file = folder.join(format!("{name}.png"));
        std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&file, bytes)).expect("pictures can be kept");
    }

    /// Chrome's own figures, such as `TaskDuration`, in seconds.
    pub fn metric(&self, name: &str) -> f64 {
        told(self.session.devtools("Performance.enable", json!({})));
        let metrics = told(self.session.devtools("Performance.getMetrics", json!({})));
        let metrics = metrics["metrics"].as_array().cloned().unwrap_or_default();
        let found = metrics.iter().find(|metric| metric["name"] == name).and_then(|metric| metric["value"].as_f64());
        found.unwrap_or_else(|| panic!("Chrome has no metric {name}"))
    }

    /// Console errors that contain this are part of the test.
    pub fn expect_error(&self, part: &str) {
        self.expected_errors.borrow_mut().push(part.to_string());
    }

    /// What the page wrote to the console as errors, expected ones aside.
    pub fn console_errors(&self) -> Vec<String> {
        for entry in told(self.session.log("browser")) {
            if entry["level"] == "SEVERE" {
                self.seen_errors.borrow_mut().push(entry["message"].as_str().unwrap_or_default().to_string());
            }
        }
        let expected = self.expected_errors.borrow();
        let seen = self.seen_errors.borrow();
        let unexpected = seen.iter().filter(|error| !expected.iter().any(|part| error.contains(part)));
        unexpected.cloned().collect()
    }

    /// Every address that the page asked for so far.
    pub fn requests(&self) -> Vec<String> {
        for entry in told(self.session.log("performance")) {
            let text = entry["message"].as_str().unwrap_or_default();
            let message: Value = serde_json::from_str(text).unwrap_or_default();
            let message = &message["message"];
            let request = &message["params"];
            // The browser's own first page asks for its own parts.
            let of_the_browser = request["documentURL"].as_str().is_some_and(|page| page.starts_with("chrome://"));
            if message["method"] == "Network.requestWillBeSent" && !of_the_browser {
                let address = request["request"]["url"].as_str().unwrap_or_default();
                self.requests.borrow_mut().push(address.to_string());
            }
        }
        self.requests.borrow().clone()
    }

    /// Addresses outside the site that the page asked for.
    pub fn foreign_requests(&self) -> Vec<String> {
        let own = |address: &String| {
            let ours = self.sites.iter().any(|site| address.starts_with(site.as_str()));
            ours || address.starts_with("data:") || address.starts_with("blob:")
        };
        self.requests().into_iter().filter(|address| !own(address)).collect()
    }
}

#[track_caller]
pub(crate) fn told<T>(outcome: Result<T, String>) -> T {
    outcome.unwrap_or_else(|sentence| panic!("{sentence}"))
}
