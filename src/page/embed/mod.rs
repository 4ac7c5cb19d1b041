//! A run in a frame of another page: the same session, and of the page's panels what its author chose. It stores nothing,
//! binds the arrows and Space alone, and says to the page around it where it stands (`talk`).
//!
//! It is a part of the program by itself, which the page does without: `cargo xtask` cuts out what [`begun`] reaches and
//! nothing else does, and `www/embed.js` asks for it together with the first part.

mod asked;
mod editing;
mod frame;
mod keys;
mod scene;
mod scrubber;
mod talk;

use any_spawner::Executor;
use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use partita::lang::{Sentence, both};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;

use super::allowed::Editable;
use super::crash;
use super::explaining::Explaining;
use super::root::Root;
use super::session::{Opening, Session};
use asked::Asked;

/// Takes the poster's place, as soon as this part is there and the run is known.
pub fn mount(reader: &Owner, place: HtmlElement) {
    let own = reader.child();
    let root = own.with(|| Root::of(place, 0));
    spawn_local(async move {
        if begun(own, root).await.is_err() {
            crash::show("A part of the program could not be loaded from the site.");
        }
    });
}

#[wasm_split(embed, wasm_split_path = ::leptos::wasm_split, fallible)]
fn begun(own: Owner, root: Root) -> Result<(), SplitLoaderError> {
    spawn_local(async move {
        let (asked, told) = Asked::read();
        let opening = match asked.opening().await {
            Ok(opening) => opening.noting(told),
            Err(why) => return talk::lost(&why),
        };
        // Mounting does it too, which comes behind the first effects here.
        let _ = Executor::init_wasm_bindgen();
        let session = own.with(|| set_out(root, opening, asked.until));
        // The poster stays until the run stands where it opens.
        session.has_opened().await;
        let mounted = own.with(|| mount_to(root.emptied(), move || embedded(session, asked)));
        // It lives as long as the frame.
        std::mem::forget((mounted, own));
    });
    Ok(())
}

/// The session, on its way to the place where it opens.
fn set_out(root: Root, opening: Opening, until: Option<u64>) -> Session {
    let session = Session::provide(root, opening, None);
    session.ends_at(until);
    session
}

fn embedded(session: Session, asked: Asked) -> impl IntoView {
    Editable::provide(asked.edit.clone());
    Explaining::provide(session);
    keys::listen(session);
    session.look(|lens| lens.low = true);
    let (is_seen, see) = signal(true);
    session.count_steps(is_seen);
    talk::talk(session, asked.clone(), see);
    frame::Frame(frame::FrameProps { asked })
}

/// The partitions that were asked for and that no topic of the run has, told.
fn missing(session: Session, asked: &Asked) -> Vec<Sentence> {
    let has = |name: &String| session.with_run(|run| scene::has_partition(run, name));
    let of = |name: &String| {
        both(
            format!(
                "`partition={name}`: no topic of this run has it. Allowed: a topic, - and a number, such as `orders-0`."
            ),
            format!("`partition={name}`: 이 실행의 토픽에 없습니다. 쓸 수 있는 것: `orders-0`처럼 토픽, -, 번호."),
        )
    };
    asked.partitions.iter().filter(|name| !has(name)).map(of).collect()
}
