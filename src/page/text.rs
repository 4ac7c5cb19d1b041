//! The page's own words, each in both languages. A missing one does not compile.

pub use partita::lang::{Text, text};

pub const SKIP_TO_SCENE: Text = text("To the scene", "장면으로");
pub const SKIP_TO_NARRATION: Text = text("To the narration", "해설로");
pub const SKIP_TO_TRANSPORT: Text = text("To the transport", "재생 조작으로");

pub const PRODUCERS: Text = text("Producers", "프로듀서");
pub const CLUSTER: Text = text("Cluster", "클러스터");
pub const GROUPS: Text = text("Consumer groups", "컨슈머 그룹");
/// As it stands on a tab.
pub const GROUPS_SHORT: Text = text("Groups", "그룹");
pub const NARRATION: Text = text("Narration", "해설");
pub const TRANSPORT: Text = text("Transport", "재생 조작");
pub const TIMELINE: Text = text("Timeline", "타임라인");
pub const INSPECTOR: Text = text("Inspector", "인스펙터");
pub const SETTINGS: Text = text("Settings", "설정");
pub const PROMISES: Text = text("Promises", "약속");
pub const FOLLOW: Text = text("The followed record", "따라가는 레코드");
pub const OPEN_STATIONS: Text = text("Show its six stations", "여섯 단계 보기");
pub const TWICE: Text = text("how it came to be processed twice", "두 번 처리된 과정");
pub const DETAILS: Text = text("Inspector and settings", "인스펙터와 설정");

pub const MENU: Text = text("Menu", "메뉴");

/// The button's name begins with what stands on it.
pub const LANGUAGE: Text = text("EN, 한국어로 바꾸기", "KO, switch to English");
pub const LANGUAGE_SHORT: Text = text("EN", "KO");

pub const THEME_SYSTEM: Text = text("Theme: as the system", "테마: 시스템 설정");
pub const THEME_LIGHT: Text = text("Theme: light", "테마: 밝게");
pub const THEME_DARK: Text = text("Theme: dark", "테마: 어둡게");

pub const TO_START: Text = text("To the start (Home)", "처음으로 (Home)");
pub const STEP_BACK: Text = text("Step back (←)", "뒤로 한 스텝 (←)");
pub const STEP: Text = text("Step (→)", "앞으로 한 스텝 (→)");
pub const NEXT_STAGE: Text =
    text("Next stage of the followed record (Shift+→)", "따라가는 레코드의 다음 단계 (Shift+→)");
pub const STEPS_COUNTED: Text = text(
    "The step counts what is told for the record that is followed; for another record it may be another number.",
    "스텝은 따라가는 레코드에 맞춰 이야기한 것을 셉니다. 다른 레코드를 따라가면 번호도 달라질 수 있습니다.",
);
pub const PLAY: Text = text("Play (Space)", "재생 (Space)");
pub const PAUSE: Text = text("Pause (Space)", "멈춤 (Space)");
pub const SPEED: Text = text("Speed of Run: virtual milliseconds a second", "실행 속도: 1초에 흐르는 가상 밀리초");
pub const PACE: Text = text("Pace of Play", "재생 속도");
pub const CHAPTER_BACK: Text = text("Previous chapter (PageUp)", "이전 챕터 (PageUp)");
pub const CHAPTER_ON: Text = text("Next chapter (PageDown)", "다음 챕터 (PageDown)");
/// Of an embed, which binds fewer keys.
pub const NEXT_CHAPTER: Text = text("Next chapter", "다음 챕터");
pub const AGAIN: Text = text("Begin again", "다시 시작");
pub const RUN_TIME: Text = text("Run: virtual time passes (R)", "실행: 가상 시간을 흘려 보냄 (R)");
pub const PAUSE_RUN: Text = text("Pause (R)", "멈춤 (R)");
pub const PLAY_WORD: Text = text("Play", "재생");
pub const RUN_WORD: Text = text("Run", "실행");
pub const PAUSE_WORD: Text = text("Pause", "멈춤");
pub const BREAK: Text = text("Break", "고장");
