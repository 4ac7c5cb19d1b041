//! What this is, and the list of what the model simplifies: the project's own, as it stands in its two files.

use leptos::prelude::*;

use crate::page::preferences::{Preferences, say};

const EN: &str = include_str!("../../../OMISSIONS.md");
const KO: &str = include_str!("../../../OMISSIONS.ko.md");

pub fn body() -> impl IntoView {
    let lang = Preferences::get().lang_untracked();
    view! {
        <p class="dlg-p">
            {say(
                "A small Kafka 4.3 cluster with its Java clients, computed in this page and measured against the real one. Nothing leaves your browser.",
                "이 페이지에서 계산하는 작은 Kafka 4.3 클러스터와 Java 클라이언트입니다. 실제 Kafka와 비교하여 확인했습니다. 아무것도 브라우저를 떠나지 않습니다.",
            )}
        </p>
        <div class="about" id="omissions" tabindex="0" role="group" aria-label=say("What the model simplifies", "모델이 단순화한 것")>
            {blocks(lang.pick(EN, KO)).into_iter().map(Block::view).collect_view()}
        </div>
        <p class="hint">
            {say(
                "Apache Kafka is a trademark of the Apache Software Foundation. Partita is not affiliated with it.",
                "Apache Kafka는 Apache Software Foundation의 상표입니다. Partita는 이 재단과 관련이 없습니다.",
            )}
        </p>
    }
}

/// A part of the list's text.
enum Block<'a> {
    Heading(&'a str),
    Paragraph(String),
    Items(Vec<String>),
}

/// Headings, paragraphs and lists: as much of Markdown as the list uses.
fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    for line in text.lines() {
        let (trimmed, last) = (line.trim(), blocks.last_mut());
        if let Some(heading) = line.trim_start_matches('#').strip_prefix(' ').filter(|_| line.starts_with('#')) {
            blocks.push(Block::Heading(heading));
        } else if let Some(item) = line.strip_prefix("- ") {
            match last {
                Some(Block::Items(items)) => items.push(item.to_owned()),
                _ => blocks.push(Block::Items(vec![item.to_owned()])),
            }
        } else if !trimmed.is_empty() {
            // A line that goes on.
            match last {
                Some(Block::Items(items)) if line.starts_with(' ') => {
                    if let Some(item) = items.last_mut() {
                        item.push(' ');
                        item.push_str(trimmed);
                    }
                }
                Some(Block::Paragraph(text)) => {
                    text.push(' ');
                    text.push_str(trimmed);
                }
                _ => blocks.push(Block::Paragraph(trimmed.to_owned())),
            }
        }
    }
    blocks
}

impl Block<'_> {
    fn view(self) -> AnyView {
        match self {
            Block::Heading(text) => view! { <h3>{text.to_owned()}</h3> }.into_any(),
            Block::Paragraph(text) => view! { <p class="dlg-p">{inline(&text)}</p> }.into_any(),
            Block::Items(items) => {
                let items = items.iter().map(|item| view! { <li>{inline(item)}</li> });
                view! { <ul>{items.collect_view()}</ul> }.into_any()
            }
        }
    }
}

/// `**strong**` and `` `code` ``.
fn inline(text: &str) -> Vec<AnyView> {
    let mut parts = Vec::new();
    for (i, part) in text.split("**").enumerate() {
        if i % 2 == 1 {
            parts.push(view! { <b>{part.to_owned()}</b> }.into_any());
            continue;
        }
        for (j, part) in part.split('`').enumerate() {
            let part = part.to_owned();
            parts.push(if j % 2 == 1 { view! { <code>{part}</code> }.into_any() } else { part.into_any() });
        }
    }
    parts
}
