//! The words of one line, taken one after another; what is left over or missing becomes an error.

use std::sync::Arc;

use crate::ids::{BrokerId, TopicPartition};
use crate::lang::{Text, text};
use crate::script::ast::{ClientKind, Property};
use crate::script::beyond::Beyond;
use crate::script::error::{Allowed, LineErrors, ScriptError, ScriptProblem};
use crate::script::lexer::Word;
use crate::script::limits::{MAX_BROKERS, MAX_COUNT, MAX_MS, MAX_OPTIONS, MAX_WORDS};
use crate::script::suggest::nearest;
use crate::script::table::YES_NO;

use super::context::ScriptContext;

/// A `name=value` word.
pub(super) struct Option_ {
    name: Word,
    value: Word,
}

/// The rest of a line behind its verb.
pub(super) struct Args<'a> {
    pub verb: &'static str,
    usage: &'static str,
    row: u32,
    end: u32,
    words: std::collections::VecDeque<Word>,
    /// Plain words so far, and what stands behind the first separator of those that are lists.
    words_counted: usize,
    options: Vec<Option_>,
    headers: Vec<Word>,
    /// Options and headers so far, those counted that are given twice.
    options_counted: usize,
    /// The options that were asked for: those that the verb has.
    asked: Vec<&'static str>,
    pub context: &'a mut ScriptContext,
    told: LineErrors,
}

/// Every line may have it.
const MESSAGES: &str = "messages";
/// Kafka's names of them are more than can be listed.
static A_PROPERTY: Text = text("a property by its name in Kafka", "카프카 이름 그대로의 속성");

pub(super) const A_PARTITION: Allowed =
    Allowed::Form(text("a topic and a partition, such as `orders-0`", "`orders-0`처럼 토픽과 파티션"));

impl<'a> Args<'a> {
    pub fn new(
        verb: &'static str,
        usage: &'static str,
        row: u32,
        end: u32,
        context: &'a mut ScriptContext,
    ) -> Args<'a> {
        Args {
            verb,
            usage,
            row,
            end,
            words: std::collections::VecDeque::new(),
            words_counted: 0,
            options: Vec::new(),
            headers: Vec::new(),
            options_counted: 0,
            asked: Vec::new(),
            context,
            told: LineErrors::default(),
        }
    }

    /// Sorts words into plain words, options and headers, as the recorder of real runs does.
    pub fn fill(&mut self, words: Vec<Word>) {
        if self.verb == "wait" || self.verb == "run" {
            words.into_iter().all(|word| self.keep(word));
            return;
        }
        for word in words {
            // The text of a chapter or of something to try may have a `=` in it.
            let is_title = word.quoted && matches!(self.verb, "chapter" | "try");
            let is_header = word.text.starts_with("header.");
            let Some((name, value)) = word.text.split_once('=').filter(|_| !is_header && !is_title) else {
                let kept = if is_header && !is_title { self.keep_header(word) } else { self.keep(word) };
                if kept {
                    continue;
                }
                return;
            };
            // `orders-0=5` is a plain word (a partition and an offset), `name=value` an option;
            // a pattern may have an `=` of its own.
            let pattern = name.starts_with("pattern:") || name.starts_with("re2j:");
            if pattern || name.is_empty() || partition(name).is_some() || ends_in_number(name) {
                if self.keep(word) {
                    continue;
                }
                return;
            }
            let name = Word { text: name.to_string(), column: word.column, quoted: word.quoted };
            let column = word.column_at(name.text.chars().count() + 1);
            let value = Word { text: value.to_string(), column, quoted: false };
            if !self.has_room_for(&name) {
                return;
            }
            if self.options.iter().any(|other| other.name.text == name.text) {
                self.fail(name.column, &name.text, ScriptProblem::GivenTwice, Allowed::Usage(self.usage));
                continue;
            }
            self.options.push(Option_ { name, value });
        }
    }

    /// The plain words that were not taken yet.
    pub fn words_to_come(&self) -> impl Iterator<Item = &Word> {
        self.words.iter()
    }

    /// Keeps a plain word, unless the line has as many as one may.
    fn keep(&mut self, word: Word) -> bool {
        let has_room = self.words_counted < MAX_WORDS;
        if has_room {
            self.words_counted += 1;
            self.words.push_back(word);
        } else {
            self.beyond(word.column, &word.text, Beyond::Words);
        }
        has_room
    }

    /// Counts what separators part in a word or in an option's value; false, and told, when the line then has more words
    /// than one may.
    pub fn has_room_for_parts(&mut self, word: &Word, by: &[char]) -> bool {
        let parts = word.text.matches(by).count();
        let room = MAX_WORDS - self.words_counted;
        if parts <= room {
            self.words_counted += parts;
            return true;
        }
        let (at, _) = word.text.match_indices(by).nth(room).unwrap_or_default();
        let part = word.text[at + 1..].split(by).next().unwrap_or_default();
        self.beyond(word.column_at(word.text[..=at].chars().count()), part, Beyond::Words);
        false
    }

    fn keep_header(&mut self, word: Word) -> bool {
        let has_room = self.has_room_for(&word);
        if has_room {
            self.headers.push(word);
        }
        has_room
    }

    /// Whether the line may have one more option; headers are options too.
    fn has_room_for(&mut self, option: &Word) -> bool {
        let has_room = self.options_counted < MAX_OPTIONS;
        if has_room {
            self.options_counted += 1;
        } else {
            self.beyond(option.column, &option.text, Beyond::Options);
        }
        has_room
    }

    pub fn fail(&mut self, column: u32, found: &str, problem: ScriptProblem, allowed: Allowed) {
        let suggestion = match &allowed {
            _ if self.context.only_counts => None,
            Allowed::Words(words) | Allowed::Also(words, _) => nearest(found, words.iter().copied()),
            Allowed::Names(names) => nearest(found, names.iter().map(|name| &**name)),
            _ => None,
        };
        let suggestion = suggestion.map(str::to_string);
        self.tell(column, found, problem, allowed, suggestion);
    }

    /// With a suggestion that is not among what is allowed.
    pub fn tell(
        &mut self,
        column: u32,
        found: &str,
        problem: ScriptProblem,
        allowed: Allowed,
        suggestion: Option<String>,
    ) {
        let found = found.to_string();
        self.told.push(ScriptError { line: self.row, column, found, problem, allowed, suggestion });
    }

    pub fn beyond(&mut self, column: u32, found: &str, what: Beyond) {
        self.fail(column, found, ScriptProblem::Beyond(what), Allowed::Form(what.allowed()));
    }

    /// Whether nothing was found wrong with the line so far.
    pub fn is_well(&self) -> bool {
        self.told.is_empty()
    }

    pub fn bad(&mut self, word: &Word, of: &str, allowed: Allowed) {
        self.fail(word.column, &word.text, ScriptProblem::BadValue { of: of.to_string() }, allowed);
    }

    /// The value of an option, if it is given: what `read` makes of it; what it cannot read does not fit this form.
    pub fn read<T>(&mut self, name: &'static str, read: impl FnOnce(&str) -> Option<T>, form: Text) -> Option<T> {
        let word = self.take(name)?;
        self.read_of(&word, name, read, form)
    }

    pub fn read_of<T>(&mut self, word: &Word, of: &str, read: impl FnOnce(&str) -> Option<T>, form: Text) -> Option<T> {
        let found = read(&word.text);
        if found.is_none() {
            self.bad(word, of, Allowed::Form(form));
        }
        found
    }

    /// The next plain word, if there is one.
    pub fn next(&mut self) -> Option<Word> {
        self.words.pop_front()
    }

    pub fn peek(&self) -> Option<&str> {
        self.words.front().map(|word| word.text.as_str())
    }

    /// The next plain word, which must be there.
    pub fn word(&mut self, slot: &'static str) -> Option<Word> {
        if self.words.is_empty() {
            let (verb, end) = (self.verb, self.end);
            self.fail(end, "", ScriptProblem::MissingWord { verb, slot }, Allowed::Usage(self.usage));
        }
        self.words.pop_front()
    }

    /// The next word as a name, which may not be empty.
    pub fn name(&mut self, slot: &'static str) -> Option<Arc<str>> {
        let word = self.word(slot)?;
        if word.text.is_empty() {
            self.bad(&word, slot, Allowed::Usage(self.usage));
            return None;
        }
        Some(Arc::from(word.text))
    }

    /// The value of an option, if it is given.
    pub fn take(&mut self, name: &'static str) -> Option<Word> {
        self.asked.push(name);
        let at = self.options.iter().position(|option| option.name.text == name)?;
        Some(self.options.remove(at).value)
    }

    /// The value of an option that must be given.
    pub fn needed(&mut self, name: &'static str) -> Option<Arc<str>> {
        let value = self.text(name);
        if value.is_none() {
            let (verb, end) = (self.verb, self.end);
            self.fail(end, "", ScriptProblem::MissingWord { verb, slot: name }, Allowed::Usage(self.usage));
        }
        value
    }

    pub fn text(&mut self, name: &'static str) -> Option<Arc<str>> {
        self.take(name).map(|word| Arc::from(word.text))
    }

    /// The next word as a whole number.
    pub fn whole_word(&mut self, slot: &'static str, min: i64, max: i64) -> Option<i64> {
        let word = self.word(slot)?;
        self.whole_of(&word, slot, min, max)
    }

    pub fn whole(&mut self, name: &'static str, min: i64, max: i64) -> Option<i64> {
        let word = self.take(name)?;
        self.whole_of(&word, name, min, max)
    }

    pub fn u32(&mut self, name: &'static str, min: u32, max: u32) -> Option<u32> {
        self.whole(name, i64::from(min), i64::from(max)).map(|n| n as u32)
    }

    /// A count that something can come to within a run.
    pub fn count(&mut self, name: &'static str, min: u32) -> Option<u32> {
        self.u32(name, min, MAX_COUNT as u32)
    }

    /// A time, in milliseconds.
    pub fn ms(&mut self, name: &'static str) -> Option<u64> {
        let word = self.take(name)?;
        self.ms_of(&word, name)
    }

    pub fn ms_of(&mut self, word: &Word, of: &str) -> Option<u64> {
        self.time_of(word, of, MAX_MS, Allowed::Millis)
    }

    /// A time, in microseconds.
    pub fn us(&mut self, name: &'static str) -> Option<u64> {
        let word = self.take(name)?;
        self.time_of(&word, name, MAX_MS * 1000, Allowed::Micros)
    }

    fn time_of(&mut self, word: &Word, of: &str, max: u64, allowed: Allowed) -> Option<u64> {
        let found = word.text.parse::<i64>().ok().and_then(|n| u64::try_from(n).ok()).filter(|n| *n <= max);
        if found.is_none() {
            self.bad(word, of, allowed);
        }
        found
    }

    pub fn whole_of(&mut self, word: &Word, of: &str, min: i64, max: i64) -> Option<i64> {
        match word.text.parse::<i64>() {
            Ok(n) if (min..=max).contains(&n) => Some(n),
            _ => {
                self.bad(word, of, Allowed::Whole { min, max });
                None
            }
        }
    }

    pub fn choice<T: Copy>(&mut self, name: &'static str, table: &[(&'static str, T)]) -> Option<T> {
        let word = self.take(name)?;
        self.choice_of(&word, name, table)
    }

    pub fn choice_word<T: Copy>(&mut self, slot: &'static str, table: &[(&'static str, T)]) -> Option<T> {
        let word = self.word(slot)?;
        self.choice_of(&word, slot, table)
    }

    fn choice_of<T: Copy>(&mut self, word: &Word, of: &str, table: &[(&'static str, T)]) -> Option<T> {
        let found = table.iter().find(|(name, _)| *name == word.text).map(|(_, value)| *value);
        if found.is_none() {
            self.bad(word, of, Allowed::Words(table.iter().map(|(name, _)| *name).collect()));
        }
        found
    }

    /// The next word as a client of one of these kinds.
    pub fn client(&mut self, kinds: &[ClientKind]) -> Option<Arc<str>> {
        let word = self.word("ID")?;
        self.client_from(&word, kinds)
    }

    /// A word as a client of one of these kinds.
    pub fn client_from(&mut self, word: &Word, kinds: &[ClientKind]) -> Option<Arc<str>> {
        let verb = self.verb;
        let problem = match self.context.clients.get(word.text.as_str()) {
            Some(kind) if kinds.contains(kind) => return Some(Arc::from(word.text.as_str())),
            _ if self.context.doubtful.contains(word.text.as_str()) => return Some(Arc::from(word.text.as_str())),
            Some(is) => ScriptProblem::WrongKind { verb, is: *is },
            None => ScriptProblem::UnknownClient,
        };
        let known = self.context.clients.iter().filter(|(_, kind)| kinds.contains(kind)).map(|(name, _)| name.clone());
        let allowed = Allowed::Names(known.collect());
        self.fail(word.column, &word.text, problem, allowed);
        None
    }

    /// `broker-2`, of this cluster.
    pub fn broker_of(&mut self, word: &Word, of: &str) -> Option<BrokerId> {
        let most = self.context.brokers.unwrap_or(MAX_BROKERS);
        let number = broker(&word.text);
        if let Some(id) = number.filter(|id| (1..=most as i32).contains(id)) {
            return Some(BrokerId(id));
        }
        let names = (1..=most).map(|id| Arc::from(BrokerId(id as i32).host())).collect();
        match number {
            Some(_) => self.fail(word.column, &word.text, ScriptProblem::UnknownBroker, Allowed::Names(names)),
            None => self.bad(word, of, Allowed::Names(names)),
        }
        None
    }

    pub fn partition(&mut self, slot: &'static str) -> Option<TopicPartition> {
        let word = self.word(slot)?;
        self.partition_of(&word, slot)
    }

    pub fn partition_of(&mut self, word: &Word, of: &str) -> Option<TopicPartition> {
        let found = partition(&word.text);
        if found.is_none() {
            self.bad(word, of, A_PARTITION);
        }
        found
    }

    /// Of two options only one may be given.
    pub fn exclude(&mut self, one: &'static str, other: &'static str) {
        let given = |args: &Args, name: &str| args.options.iter().position(|option| option.name.text == name);
        if let (Some(_), Some(at)) = (given(self, one), given(self, other)) {
            let column = self.options[at].name.column;
            self.fail(column, other, ScriptProblem::Exclude { other: one }, Allowed::Words(vec![one, other]));
        }
    }

    /// `header.NAME=VALUE` words, and those without a value.
    pub fn headers(&mut self) -> Vec<(Arc<str>, Option<Arc<str>>)> {
        self.asked.push("header.NAME");
        let headers = std::mem::take(&mut self.headers);
        let cut = |word: Word| match word.text["header.".len()..].split_once('=') {
            Some((name, value)) => (Arc::from(name), Some(Arc::from(value))),
            None => (Arc::from(&word.text["header.".len()..]), None),
        };
        headers.into_iter().map(cut).collect()
    }

    /// `messages=no`, which every line may have: its observation leaves out the messages of exceptions.
    pub fn take_messages(&mut self) -> bool {
        let Some(at) = self.options.iter().position(|option| option.name.text == MESSAGES) else { return true };
        let value = self.options.remove(at).value;
        self.choice_of(&value, MESSAGES, YES_NO).unwrap_or(true)
    }

    /// Takes the first plain word that is so, wherever it stands.
    pub fn remove_word(&mut self, so: impl Fn(&str) -> bool) -> Option<Word> {
        let at = self.words.iter().position(|word| so(&word.text))?;
        self.words.remove(at)
    }

    /// All options that were not taken, as properties. Kafka's names have dots, nearly all of them: one that has none and is
    /// near an option of the verb is that option, misspelt.
    pub fn properties(&mut self) -> Vec<Property> {
        let options = std::mem::take(&mut self.options);
        let of_the_line = [&*self.asked, &[MESSAGES]].concat();
        for name in options.iter().map(|option| &option.name) {
            if !name.text.contains('.') && nearest(&name.text, of_the_line.iter().copied()).is_some() {
                let allowed = Allowed::Also(of_the_line.clone(), &A_PROPERTY);
                self.fail(name.column, &name.text, ScriptProblem::UnknownOption { verb: self.verb }, allowed);
            }
        }
        options.iter().map(|option| Property::new(&option.name.text, &option.value.text)).collect()
    }

    /// The options that were asked for.
    pub fn asked(self) -> Vec<&'static str> {
        self.asked
    }

    /// Whatever is left was not allowed.
    pub fn finish(mut self) -> LineErrors {
        // A line with a missing or misread word would only repeat itself here.
        let misread = !self.is_well();
        if let Some(word) = self.words.pop_front().filter(|_| !misread) {
            let (verb, usage) = (self.verb, self.usage);
            self.fail(word.column, &word.text, ScriptProblem::ExtraWord { verb }, Allowed::Usage(usage));
        }
        let left: Vec<Word> = std::mem::take(&mut self.options).into_iter().map(|o| o.name).collect();
        // Which options a line has may depend on the word that was misread.
        let is_known = !misread || !self.asked.is_empty();
        self.asked.push(MESSAGES);
        for word in left.into_iter().chain(std::mem::take(&mut self.headers)).filter(|_| is_known) {
            let problem = ScriptProblem::UnknownOption { verb: self.verb };
            self.fail(word.column, &word.text, problem, Allowed::Words(self.asked.clone()));
        }
        self.told
    }
}

/// `orders-0`: the part behind the last hyphen is the number.
pub(super) fn partition(text: &str) -> Option<TopicPartition> {
    let (topic, number) = text.rsplit_once('-')?;
    if topic.is_empty() || number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(TopicPartition { topic: Arc::from(topic), partition: number.parse().ok()? })
}

pub(super) fn broker(text: &str) -> Option<i32> {
    let number = text.strip_prefix("broker-")?;
    if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    number.parse().ok()
}

fn ends_in_number(name: &str) -> bool {
    name.rsplit_once('-').is_some_and(|(_, number)| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}
