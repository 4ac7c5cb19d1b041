//! Properties that a program puts together: `Properties`, maps, Kotlin's pairs.

use super::arguments::Arguments;
use super::entries::{ConfigEntry, Name, is_called_so, is_property};
use super::tree::{Call, Class, Do, Expr, Kind};
use super::value::Value;
use super::walk::Walk;

const MAPS: &[&str] = &["Properties", "HashMap", "LinkedHashMap", "TreeMap", "ConcurrentHashMap", "Hashtable"];
const MAPS_OF_PAIRS: &[&str] = &["mapOf", "mutableMapOf", "hashMapOf", "linkedMapOf", "emptyMap", "buildMap"];
const PUTS: &[&str] = &["put", "setProperty", "set", "putIfAbsent", "addProperty"];

/// A value with the tokens that say it.
type Ranged<'t, 'a> = (Value<'t, 'a>, (usize, usize));

impl<'t, 'a> Walk<'t, 'a> {
    /// `conditions` are around the place where its properties were made.
    fn entry(
        &self,
        conditions: u32,
        (name, name_range): Ranged<'t, 'a>,
        (value, value_range): Ranged<'t, 'a>,
    ) -> ConfigEntry {
        let name = match name {
            Value::NoConstant(name) => Name::NoConstant(name.to_string()),
            name => name.as_text().map_or(Name::Unknown, |name| Name::Known(name.to_string())),
        };
        let value = value.as_text().map(|value| value.to_string());
        let is_conditional = self.way.conditions() > conditions;
        ConfigEntry::Pair { name, name_range, value, value_range, is_conditional }
    }

    fn pair_of(&self, conditions: u32, arguments: &Arguments<'t, 'a>, i: usize) -> ConfigEntry {
        self.entry(
            conditions,
            (arguments.value(i), arguments.range(i)),
            (arguments.value(i + 1), arguments.range(i + 1)),
        )
    }

    /// `new Properties()`, `mapOf("acks" to "all")`
    pub fn made_config(&mut self, name: &str, arguments: &Arguments<'t, 'a>) -> Option<Value<'t, 'a>> {
        let is_of_pairs = MAPS_OF_PAIRS.contains(&name);
        if !is_of_pairs && !MAPS.contains(&name) {
            return None;
        }
        let config = self.found.new_config(self.way.conditions(), name, Vec::new());
        if is_of_pairs {
            self.take_pairs(config, arguments);
        } else if let Value::Config(base) = arguments.value(0) {
            self.found.copied(&mut self.told, base, config, arguments.at);
        }
        if let Some(Value::Lambda(block)) = arguments.values.last().filter(|_| name == "buildMap") {
            self.lambda(block, Vec::new(), Some(Value::Config(config)));
        }
        Some(Value::Config(config))
    }

    /// The arguments that are pairs: `"a" to b`, `entry("a", b)`, `Pair("a", b)`.
    fn take_pairs(&mut self, config: usize, arguments: &Arguments<'t, 'a>) {
        for (of, value) in arguments.of.iter().zip(&arguments.values) {
            let Value::Pair(pair) = value else { continue };
            let ranges = match &of.kind {
                Kind::Binary("to", name, value) => (name.range(), value.range()),
                Kind::Call(call) if call.arguments.len() == 2 => (call.arguments[0].range(), call.arguments[1].range()),
                _ => (of.range(), of.range()),
            };
            let conditions = self.found.configs[config].conditions;
            let entry = self.entry(conditions, (pair[0].clone(), ranges.0), (pair[1].clone(), ranges.1));
            self.found.configs[config].entries.push(entry);
        }
    }

    /// `new HashMap<>() {{ put("acks", "all"); }}`
    pub fn config_with_block(
        &mut self,
        name: &'a str,
        body: &'t Class<'a>,
        arguments: &Arguments<'t, 'a>,
    ) -> Option<Value<'t, 'a>> {
        let value = self.made_config(name, arguments)?;
        let before = std::mem::replace(&mut self.names.frame_mut().this, value.clone());
        for member in body.members.iter().filter(|member| matches!(member.kind, Do::Block(_))) {
            self.statements(std::slice::from_ref(member));
        }
        self.names.frame_mut().this = before;
        Some(value)
    }

    /// The properties that a call is on; a variable nobody has declared is taken for some by its name.
    fn config_of(
        &mut self,
        on_expr: Option<&Expr<'a>>,
        on: Option<&Value<'t, 'a>>,
        key: Option<&str>,
    ) -> Option<usize> {
        match (on, &self.names.frame().this) {
            (Some(Value::Config(config)), _) => return Some(*config),
            (None, Value::Config(config)) => return Some(*config),
            (None, _) if key.is_some_and(is_property) => {
                return Some(self.found.new_config(self.way.conditions(), "", Vec::new()));
            }
            (Some(Value::Unknown | Value::Null), _) => {}
            _ => return None,
        }
        let name = on_expr?.last_name().unwrap_or_default();
        if !is_called_so(name) && !key.is_some_and(is_property) {
            return None;
        }
        let config = self.found.new_config(self.way.conditions(), "", Vec::new());
        if !name.is_empty() && name != "it" && !matches!(on_expr?.kind, Kind::Call(_)) {
            self.assign(name, Value::Config(config));
        }
        Some(config)
    }

    pub fn config_call(
        &mut self,
        call: &'t Call<'a>,
        on: Option<&Value<'t, 'a>>,
        arguments: &Arguments<'t, 'a>,
    ) -> Option<Value<'t, 'a>> {
        let (name, count) = (call.name, arguments.len());
        if PUTS.contains(&name) && count == 2 {
            let key = arguments.value(0).as_text();
            let config = self.config_of(call.on.as_ref(), on, key.as_deref())?;
            let pair = self.pair_of(self.found.configs[config].conditions, arguments, 0);
            self.found.configs[config].entries.push(pair);
            return Some(Value::Config(config));
        }
        if matches!(name, "load" | "putAll" | "loadFromXML") && count >= 1 {
            let config = self.config_of(call.on.as_ref(), on, None)?;
            match arguments.value(0) {
                Value::Config(other) => self.found.copied(&mut self.told, other, config, arguments.at),
                _ => {
                    let from = call.on.as_ref().map_or(call.at, |on| on.from) as usize;
                    let to = self.source.closing(arguments.at + 1) + 1;
                    self.found.configs[config].entries.push(ConfigEntry::Loaded(from, to));
                }
            }
            return Some(Value::Config(config));
        }
        if let Some(Value::Config(_)) = on {
            let same = matches!(name, "build" | "buildOrThrow" | "toMap" | "toMutableMap" | "toProperties" | "clone");
            return on.cloned().filter(|_| same);
        }
        let class = call.on.as_ref().and_then(Expr::last_name).unwrap_or_default();
        match (class, name) {
            ("Map" | "ImmutableMap", "of") => {
                let pairs = (0..count / 2).map(|i| self.pair_of(self.way.conditions(), arguments, 2 * i)).collect();
                Some(Value::Config(self.found.new_config(self.way.conditions(), "", pairs)))
            }
            ("Map" | "ImmutableMap", "ofEntries") => {
                let config = self.found.new_config(self.way.conditions(), "", Vec::new());
                self.take_pairs(config, arguments);
                Some(Value::Config(config))
            }
            ("ImmutableMap", "builder") => {
                Some(Value::Config(self.found.new_config(self.way.conditions(), "", Vec::new())))
            }
            ("Map" | "", "entry" | "Pair") if count == 2 => {
                Some(Value::Pair(std::rc::Rc::new([arguments.value(0), arguments.value(1)])))
            }
            ("Map" | "Collections" | "ImmutableMap", "copyOf" | "unmodifiableMap") => Some(arguments.value(0)),
            _ => None,
        }
    }

    /// `props["acks"] = "all"`
    pub fn put(&mut self, on_expr: &'t Expr<'a>, name: Ranged<'t, 'a>, value: Ranged<'t, 'a>) {
        let on = self.eval(on_expr);
        let on = match (&on, on_expr.name()) {
            (Value::Unknown | Value::Object(_), Some("this" | "it")) => None,
            _ => Some(on),
        };
        let key = name.0.as_text();
        if let Some(config) = self.config_of(Some(on_expr), on.as_ref(), key.as_deref()) {
            let entry = self.entry(self.found.configs[config].conditions, name, value);
            self.found.configs[config].entries.push(entry);
        }
    }
}
