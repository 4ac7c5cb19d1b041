//! The processes of clients: which run, which are gone, and what is said of them.

use super::model::{ProcessState, Tone};
use super::scene::Scene;
use crate::explain;
use crate::ids::Process;
use crate::ids::{ClientId, RecordId};
use crate::simulation::{ClientProcess, Life};

/// The state of a client's process.
pub(super) fn process_state(process: &ClientProcess) -> ProcessState {
    match process.life {
        Life::Paused => ProcessState::Paused,
        _ if process.closed => ProcessState::Closed,
        Life::Running => ProcessState::Running,
        Life::Gone if process.exited => ProcessState::Ended,
        Life::Gone => ProcessState::Killed,
    }
}

/// How what a producer left behind is drawn when its process is gone: amber where the user killed it.
pub(super) fn gone(scene: &Scene<'_>, client: ClientId) -> Option<Tone> {
    match process_state(scene.client(client)?) {
        ProcessState::Killed => Some(Tone::Fault),
        ProcessState::Closed | ProcessState::Ended => Some(Tone::Muted),
        ProcessState::Running | ProcessState::Paused => None,
    }
}

/// `killed at 1 636.0`, for a process that does not run.
pub(super) fn state_text(scene: &Scene<'_>, process: &ClientProcess) -> Option<String> {
    let at = scene.last_of(Process::Client(process.id)).map(|event| scene.ms(event.at)).unwrap_or_default();
    Some(match process_state(process) {
        ProcessState::Running => return None,
        ProcessState::Paused => scene.t(&format!("stands still since {at}"), &format!("{at}부터 멈춤")),
        ProcessState::Closed => scene.t(&format!("closed at {at}"), &format!("{at}에 닫힘")),
        ProcessState::Ended => scene.t(&format!("ended at {at}"), &format!("{at}에 끝남")),
        ProcessState::Killed => scene.t(&format!("killed at {at}"), &format!("{at}에 강제 종료됨")),
    })
}

/// `record 7`
pub(super) fn record_name(scene: &Scene<'_>, record: RecordId) -> String {
    explain::record_name(scene.simulation.names(), record).pick(scene.lang).clone()
}
