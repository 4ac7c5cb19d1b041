//! The end of a story: what was seen, in a sentence and in numbers, and what one can try.

use super::counts::Counts;
use super::explained;
use super::model::{Count, Ending, Story, StoryKind};
use super::scene::Scene;
use super::stopped::Stop;
use crate::explain::{Span, Spans, decimal_ms, grouped};

/// The story has been told: its sentence, its numbers, and what can be tried.
pub(super) fn close(scene: &Scene<'_>, told: &mut Story) {
    let timeline = scene.timeline;
    let own = timeline.branches().first().unwrap_or(timeline.branch());
    let is_branch = timeline.current() > 0 && own.scenario.tries().next().is_some();
    // Each is the story's own run with one thing changed: where that is changed already it would be two.
    let offered = own.scenario.tries().filter(|_| own.commands().is_empty());
    // What was tried here is not tried again.
    let name = timeline.branch().name.as_deref().filter(|_| is_branch);
    let offered = offered.filter(|of| name.is_none_or(|name| *of.label.en != *name && *of.label.ko != *name));
    let tries = offered.map(|of| of.label.pick(scene.lang).to_string()).collect();
    told.kind = StoryKind::End;
    (told.happened, told.meaning) = match Stop::of(scene) {
        // What became of it comes first: that the story could not go on is the reader's own doing.
        Some(stop) if stop.is_own_doing => (sentence(scene), stop.behind_the_end()),
        Some(stop) => (stop.happened, Spans::default()),
        None => (sentence(scene), Spans::default()),
    };
    told.why = Spans::default();
    (told.others, told.others_text, told.fold) = (Vec::new(), None, None);
    told.ending = Some(Ending { counts: counts(scene), tries, is_branch });
}

/// What the story came to, as a fact: what was lost, what was done twice, what was never sent or processed.
fn sentence(scene: &Scene<'_>) -> Spans {
    let counts = Counts::of(scene.timeline);
    let mut text = Spans::default();
    text.push(Span::Words(match scene.tells_a_story() {
        true => scene.t("The story ends here. ", "이야기가 여기서 끝납니다. "),
        false => scene.t("Nothing more happens by itself. ", "더 이상 저절로 일어나는 일이 없습니다. "),
    }));
    let (unanswered, answered) = (counts.lost_unanswered, counts.lost - counts.lost_unanswered);
    let open = counts.sent.saturating_sub(counts.acknowledged + counts.unanswered + counts.failed + counts.never_sent);
    let mut facts: Vec<Fact> = vec![
        Fact::was(answered, "acknowledged and lost", "ack된 뒤 유실되었습니다"),
        // What nobody asked an answer for comes before what was answered, and with what sets it apart.
        Fact {
            who: (", sent without asking for an answer,", "응답을 요청하지 않고 보낸 "),
            ..Fact::was(unanswered, "lost, and no program was told", "유실되었고, 어느 프로그램도 통보받지 못했습니다")
        },
        Fact::was(counts.written_twice, "written twice", "두 번 기록되었습니다"),
        Fact::was(counts.processed_twice, "processed twice", "두 번 처리되었습니다"),
        Fact::was(counts.never_processed, "never processed", "처리되지 않았습니다"),
        Fact {
            verbs: ("", ""), ..Fact::was(counts.failed, "failed with an exception", "예외로 실패했습니다")
        },
        Fact::was(counts.never_sent, "never sent", "전송되지 않았습니다"),
        Fact::was(counts.deleted_unread, "deleted unread", "읽히기 전에 삭제되었습니다"),
        Fact { verbs: (" has", " have"), ..Fact::was(open, "no result", "결과를 받지 못했습니다") },
    ];
    facts.retain(|fact| fact.count > 0);
    if answered == 0 && counts.acknowledged == 0 && facts.is_empty() {
        text.push(Span::Words(match counts.sent {
            0 => scene.t("Nobody sent a record.", "레코드를 보낸 프로그램이 없습니다."),
            _ => scene.t(
                "Nobody was asked for an answer, and no record was lost.",
                "응답을 요청하지 않았고, 유실된 레코드도 없습니다.",
            ),
        }));
    }
    let is_kept = answered == 0 && counts.acknowledged > 0;
    if is_kept && unanswered == 0 {
        facts.insert(0, Fact::alone("No acknowledged record was lost", "ack된 레코드는 유실되지 않았습니다"));
    } else if is_kept {
        facts.insert(1, Fact::alone("Those that were acknowledged are kept", "ack된 레코드는 모두 남아 있습니다"));
    }
    for (i, fact) in facts.iter().enumerate() {
        fact.say(scene, &mut text, i == 0);
    }
    text
}

/// What became of so many records.
struct Fact {
    count: u64,
    /// Which records: in English behind their number, in Korean before them.
    who: (&'static str, &'static str),
    /// In English, of one and of several.
    verbs: (&'static str, &'static str),
    what: (&'static str, &'static str),
}

impl Fact {
    fn was(count: u64, en: &'static str, ko: &'static str) -> Fact {
        Fact { count, who: ("", ""), verbs: (" was", " were"), what: (en, ko) }
    }

    /// A sentence that counts nothing.
    fn alone(en: &'static str, ko: &'static str) -> Fact {
        Fact::was(0, en, ko)
    }

    fn say(&self, scene: &Scene<'_>, text: &mut Spans, is_first: bool) {
        let gap = if is_first { "" } else { " " };
        let what = scene.t(self.what.0, self.what.1);
        if self.count == 0 {
            return text.push(Span::Words(format!("{gap}{what}.")));
        }
        let records = scene.records(self.count);
        let verb = if self.count == 1 { self.verbs.0 } else { self.verbs.1 };
        let (en, ko) = (format!("{gap}{records}{}{verb} ", self.who.0), format!("{gap}{}{records}이 ", self.who.1));
        text.push(Span::Words(scene.t(&en, &ko)));
        text.push(Span::Strong(what));
        text.push(Span::Words(".".to_owned()));
    }
}

/// The numbers of a run.
pub(super) fn counts(scene: &Scene<'_>) -> Vec<Count> {
    let of = Counts::of(scene.timeline);
    let one = |id, en: &str, ko: &str, value: u64, is_bad: bool| Count {
        id,
        label: scene.t(en, ko),
        value: grouped(value),
        is_broken: is_bad && value > 0,
        is_zero: value == 0,
        lists: value > 0 && explained::is_listed(id),
    };
    let mut counts = vec![
        one("sent", "sent", "전송 요청", of.sent, false),
        one("acknowledged", "acknowledged", "ack", of.acknowledged, false),
        one("unanswered", "sent without asking for an answer", "응답을 요청하지 않고 전송", of.unanswered, false),
        one("failed", "failed", "실패", of.failed, false),
        one("lost", "lost", "유실", of.lost, true),
        one("never-sent", "never sent", "전송 안 됨", of.never_sent, false),
        one("written-twice", "written twice", "두 번 기록", of.written_twice, true),
        one("processed-twice", "processed twice", "두 번 처리", of.processed_twice, true),
        one("never-processed", "never processed", "처리 안 됨", of.never_processed, of.passed_over > 0),
        one("deleted-unread", "deleted unread", "읽기 전에 삭제", of.deleted_unread, false),
        one(
            "rebalances",
            if of.rebalances == 1 { "rebalance" } else { "rebalances" },
            "리밸런스",
            of.rebalances,
            false,
        ),
    ];
    // What seldom happens is not counted where it did not.
    counts.retain(|count| {
        !count.is_zero || !matches!(count.id, "unanswered" | "failed" | "written-twice" | "deleted-unread")
    });
    let value = format!("{} s", decimal_ms(of.time_us / 1_000));
    counts.push(Count {
        id: "time",
        label: scene.t("virtual time", "가상 시간"),
        value,
        is_broken: false,
        is_zero: false,
        lists: false,
    });
    counts
}
