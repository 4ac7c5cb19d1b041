//! What this is, and the list of what the model simplifies: the project's own, which the site holds as a file in each
//! language.

use leptos::prelude::*;

use super::sheet::{Sheet, sheet};
use crate::page::preferences::say;
use crate::page::root::own;

pub fn body() -> impl IntoView {
    view! {
        <p class="dlg-p">
            {say(
                "A small Kafka 4.3 cluster with its Java clients, computed in this page and measured against the real one. Nothing leaves your browser.",
                "이 페이지에서 계산하는 작은 Kafka 4.3 클러스터와 Java 클라이언트입니다. 실제 Kafka와 비교하여 확인했습니다. 아무것도 브라우저를 떠나지 않습니다.",
            )}
        </p>
        <div class="about" id=own("omissions") tabindex="0" role="group" aria-label=say("What the model simplifies", "모델이 단순화한 것")>
            {sheet(Sheet::About)}
        </div>
        <p class="hint">
            {say(
                "Apache Kafka is a trademark of the Apache Software Foundation. Partita is not affiliated with it.",
                "Apache Kafka는 Apache Software Foundation의 상표입니다. Partita는 이 재단과 관련이 없습니다.",
            )}
        </p>
    }
}
