//! The session: the one thing that components ask and tell. It is handed down by context, so that a page may hold more
//! than one, each in a part of its own.
//!
//! It holds the [`Run`] outside the reactive graph, and one signal with the [`View`] of it, replaced at most once a
//! frame. A component reads panels ([`Session::panel`]) and calls one function for each thing a user may want: in
//! `moving` (steps, marks, stages, time), `acting` (statements, settings, branches), `opening` (scenarios, files, links),
//! `keeping` and `own` (what the browser stores), `dialog` and `notices` (what stands over the scene), `playing` (time that passes),
//! `stepping` (where a run can be stood at), `pressing` (presses that come faster than the page computes).

mod acting;
mod ahead;
mod asking;
mod dialog;
mod embedding;
mod ending;
mod following;
mod keeping;
mod moving;
mod notice;
mod notices;
mod opening;
mod own;
mod playing;
mod pressing;
mod run;
mod stepping;
mod trying;
mod unused;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use partita::script::stored::Home;
use partita::timeline::Reader;
use partita::view::{Kept, Lens, View};

use super::allowed::is_embed;
use super::crash;
use super::dialog::Dialog;
use super::focus::Focus;
use super::preferences::Preferences;
use super::root::Root;
use super::store::Store;
pub use dialog::DONE;
pub use following::Pasted;
pub use notice::{Noted, NoticeDeed, PageNotice};
pub use opening::{Opening, asked, home_of};
pub use playing::{PACES, Playing, SPEEDS};
pub use run::Run;

use opening::Begun;
use playing::Play;
use pressing::Waiting;
use run::Way;

/// Milliseconds of work on the model in a frame.
const SLICE_MS: f64 = 6.0;
/// The same on a way, on which nothing is drawn: the browser still answers keys between two frames.
const GOING_MS: f64 = 12.0;
/// The same while a run is opened, when there is no picture to keep alive.
const OPENING_MS: f64 = 150.0;
/// The same for a story from its beginning, whose first picture stands there until the program has come to it.
const STORY_MS: f64 = 2_000.0;
/// The same in an embed: its poster stays until the run stands there, and the page around scrolls meanwhile.
const EMBED_MS: f64 = 40.0;

/// What lies ahead, by what makes it: a branch, and how many commands it has.
type Future = (usize, usize);

/// What the session keeps besides what is drawn.
struct Held {
    run: Run,
    /// What the last picture leaves for the next.
    kept: Kept,
    /// The way that is being gone.
    way: Option<Way>,
    play: Option<Play>,
    /// The way leads to the place with which the run was opened.
    opens: bool,
    /// A frame is asked for.
    awaits_frame: bool,
    /// When the last frame was, in milliseconds.
    last_frame: f64,
    /// The view is older than the run.
    is_stale: bool,
    store: Option<Store>,
    /// Where the run lies in it.
    home: Home,
    /// Steps that are computed, as they were drawn last.
    steps: u64,
    /// The last move of each branch that was shown.
    seen: Vec<u64>,
    /// What was said, to be read again.
    noted: Vec<Noted>,
    /// That it cannot be stored has been said.
    is_unkept_told: bool,
    /// The run is being stored: what the user wants meanwhile is done afterwards, as it is while the run is being opened.
    is_storing: bool,
    waiting: VecDeque<Waiting>,
    /// Presses that were not taken, since too many waited.
    untaken: usize,
    /// The last press repeats one of a key that is held.
    is_key_held: bool,
    /// A dialog was opened while the run was being stored or opened: what it says is older than what is so then.
    is_dialog_behind: bool,
    /// The run that was left for this one.
    former: Option<Opening>,
    /// Position and look were changed since the run was stored.
    is_unsaved: bool,
    /// Its branches were.
    is_tree_unsaved: bool,
    /// A timer will store the place where the run stands.
    awaits_save: bool,
    /// The step of the story behind which an embed does not go, and the future that its author has seen: what a reader has
    /// changed goes on to its own end.
    until: Option<(u64, Future)>,
}

impl Held {
    /// On the way to the place with which the run was opened. While its question is open, the reader is free.
    fn is_opening(&self) -> bool {
        self.opens && self.is_going()
    }

    fn is_free(&self) -> bool {
        !self.is_storing && !self.is_opening()
    }

    /// The place where the run stands has been drawn.
    fn has_shown(&mut self, steps: u64) {
        let (branch, position) = (self.run.timeline.current(), self.run.timeline.position());
        self.steps = steps;
        if self.seen.len() <= branch {
            self.seen.resize(branch + 1, 0);
        }
        self.seen[branch] = self.seen[branch].max(position);
    }
}

/// How many changes there were, and how many of them the browser has stored. Whoever must know that nothing is left to be
/// stored, such as a test before it reloads the page, finds both at the transport.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    pub made: u64,
    pub stored: u64,
}

/// How far an embed goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Reach {
    /// The last step that is shown, where that is not the run's own end.
    until: Option<u64>,
    /// It stands there.
    at_limit: bool,
    /// How many steps the story has, once all of it is computed.
    all_steps: Option<u64>,
}

/// See the module. Copied freely.
#[derive(Clone, Copy)]
pub struct Session {
    /// The part of the page that is its own.
    pub root: Root,
    held: StoredValue<Held, LocalStorage>,
    view: RwSignal<Arc<View>>,
    pub notices: RwSignal<Vec<PageNotice>>,
    pub dialog: RwSignal<Option<Dialog>>,
    /// Moves computed so far on a way that takes longer than a frame.
    pub going: RwSignal<Option<u64>>,
    /// Presses that wait until it has been gone.
    pub presses: RwSignal<usize>,
    /// Virtual milliseconds a second at which it plays or would play.
    pub speed: RwSignal<u32>,
    /// The place among [`PACES`] of the pace at which Play goes.
    pub pace: RwSignal<usize>,
    /// What goes on by itself now.
    pub playing: RwSignal<Option<Playing>>,
    pub changes: RwSignal<Changes>,
    /// The drawer with inspector and settings, in narrow windows.
    pub drawer: RwSignal<bool>,
    /// The key that is shown to a class, by its place in the list, and how many were before it.
    pub pressed: RwSignal<Option<(usize, u32)>>,
    /// Whether letter keys act.
    pub letters: RwSignal<bool>,
    /// What is not looked at first (settings, outline, ring) is built: behind the first picture, or as a key asks for it.
    pub is_seen: RwSignal<bool>,
    reach: RwSignal<Reach>,
}

impl Session {
    /// Makes the session of a part of the page, and hands it down to all that stands in it; `opening` is what it opens
    /// with.
    pub fn provide(root: Root, opening: Opening, store: Option<Store>) -> Session {
        provide_context(root);
        let lang = Preferences::get().lang_untracked();
        let Begun { run, way, notices, home, is_new } = opening.begin(lang);
        crash::keep_script(root, &run.texts().whole());
        let is_story = way.as_ref().is_some_and(Way::opens_story);
        let mut kept = Kept::default();
        let view = RwSignal::new(Arc::new(View::after(&run.timeline, &run.lens, &mut kept)));
        let held = Held {
            run,
            kept,
            opens: way.is_some(),
            way,
            play: None,
            awaits_frame: false,
            last_frame: 0.0,
            is_stale: true,
            store,
            home,
            steps: 0,
            seen: Vec::new(),
            noted: Vec::new(),
            is_unkept_told: false,
            is_storing: false,
            waiting: VecDeque::new(),
            untaken: 0,
            is_key_held: false,
            is_dialog_behind: false,
            former: None,
            is_unsaved: true,
            is_tree_unsaved: is_new,
            awaits_save: false,
            until: None,
        };
        let session = Session {
            root,
            held: StoredValue::new_local(held),
            view,
            notices: RwSignal::new(Vec::new()),
            dialog: RwSignal::new(None),
            going: RwSignal::new(None),
            presses: RwSignal::new(0),
            speed: RwSignal::new(playing::USUAL_SPEED),
            pace: RwSignal::new(playing::USUAL_PACE),
            playing: RwSignal::new(None),
            changes: RwSignal::new(Changes::default()),
            drawer: RwSignal::new(false),
            pressed: RwSignal::new(None),
            letters: RwSignal::new(super::preferences::kept("letters").as_deref() != Some("off")),
            is_seen: RwSignal::new(false),
            reach: RwSignal::new(Reach::default()),
        };
        provide_context(session);
        session.tell_first(notices);
        session.set_out(match is_story {
            _ if is_embed() => EMBED_MS,
            true => STORY_MS,
            false => OPENING_MS,
        });
        session.redraw();
        session.speak_as_the_reader();
        session
    }

    pub fn get() -> Session {
        expect_context()
    }

    /// A panel of the view: changes only when the panel does.
    pub fn panel<T>(self, pick: impl Fn(&View) -> &Arc<T> + Send + Sync + 'static) -> Memo<Arc<T>>
    where
        T: PartialEq + Send + Sync + 'static,
    {
        Memo::new(move |_| self.view.with(|view| pick(view).clone()))
    }

    /// Something derived from the view.
    pub fn part<T>(self, pick: impl Fn(&View) -> T + Send + Sync + 'static) -> Memo<T>
    where
        T: PartialEq + Send + Sync + 'static,
    {
        Memo::new(move |_| self.view.with(|view| pick(view)))
    }

    /// The whole view, for those who take their panels out of it themselves.
    pub fn view(self) -> Signal<Arc<View>> {
        self.view.into()
    }

    /// The view as it is now, for event handlers.
    pub fn view_now(self) -> Arc<View> {
        self.view.get_untracked()
    }

    /// Reads the run itself, for event handlers and dialogs that open.
    pub fn with_run<T>(self, read: impl FnOnce(&mut Run) -> T) -> T {
        self.held
            .try_update_value(|held| read(&mut held.run))
            .expect("the session lives as long as its part of the page")
    }

    /// Whether its part of the page is still there; what comes later than it asks first.
    pub fn lives(self) -> bool {
        !self.held.is_disposed() && !self.root.has_left()
    }

    fn with_held<T>(self, act: impl FnOnce(&mut Held) -> T) -> T {
        self.held.try_update_value(act).expect("the session lives as long as its part of the page")
    }

    /// Looks at the same place in another way.
    pub fn look(self, change: impl FnOnce(&mut Lens)) {
        self.with_run(|run| change(&mut run.lens));
        self.changed();
    }

    /// The reader's language is the page's, and may be chosen in another part of it.
    fn speak_as_the_reader(self) {
        let preferences = Preferences::get();
        Effect::new(move |_| {
            let lang = preferences.lang();
            if self.with_run(|run| run.lens.lang != lang) {
                self.with_run(|run| run.speak(lang));
                self.changed();
            }
        });
    }

    /// Builds what is not looked at first, once.
    pub fn see(self) {
        if !self.is_seen.get_untracked() {
            self.is_seen.set(true);
        }
    }

    /// The run or the lens is another than the view shows: it is drawn with the next frame.
    fn changed(self) {
        self.with_held(|held| {
            held.is_stale = true;
            held.is_unsaved = true;
        });
        self.changes.update(|changes| changes.made += 1);
        self.ask_frame();
        self.save_soon();
    }

    fn ask_frame(self) {
        let is_new = self.with_held(|held| !std::mem::replace(&mut held.awaits_frame, true));
        if is_new {
            request_animation_frame(move || {
                if self.lives() {
                    self.frame();
                }
            });
        }
    }

    /// A frame: goes on for a slice of time, then draws what has changed.
    fn frame(self) {
        let now = now_ms();
        let passed = self.with_held(|held| {
            held.awaits_frame = false;
            (now - std::mem::replace(&mut held.last_frame, now)).clamp(0.0, 100.0)
        });
        let slice_ms = self.with_held(|held| match held.way {
            Some(_) if held.opens && is_embed() => EMBED_MS,
            Some(_) => GOING_MS,
            None => SLICE_MS,
        });
        self.advance(passed, slice_ms);
        self.redraw();
        self.do_waiting();
        if self.with_held(|held| held.is_going() || held.play.is_some()) {
            self.ask_frame();
        }
    }

    /// Draws what has changed.
    fn redraw(self) {
        self.stay_within();
        let fresh = self.with_held(|held| {
            let Held { run, kept, .. } = held;
            std::mem::take(&mut held.is_stale).then(|| Arc::new(View::after(&run.timeline, &run.lens, kept)))
        });
        if let Some(view) = fresh {
            // A link counts the story's own steps, whichever record is followed.
            let is_own = self.with_run(|run| run.lens.reader() == Reader::default());
            let step = if is_own { view.transport.step_number } else { self.with_run(|run| run.step_of_story()) };
            crash::keep_step(self.root, step + 1);
            self.with_held(|held| held.has_shown(view.transport.steps));
            self.forget_what_was();
            let focus = Focus::now(self.root);
            self.view.set(view);
            if self.with_held(|held| held.is_free() && std::mem::take(&mut held.is_dialog_behind)) {
                self.dialog.notify();
            }
            // What had the focus may be drawn anew.
            if let Some(focus) = focus {
                let keep = move || {
                    if self.lives() {
                        focus.keep();
                    }
                };
                set_timeout(keep, Duration::ZERO);
            }
        }
    }
}

/// The browser's clock, in milliseconds.
pub fn now_ms() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}

/// Says when the time of a slice is over.
fn slice(ms: f64) -> impl Fn() -> bool {
    let end = now_ms() + ms;
    move || now_ms() >= end
}
