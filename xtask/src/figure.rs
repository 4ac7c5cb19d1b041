//! A figure and the budget it is held against.

pub struct Figure {
    name: String,
    value: f64,
    unit: String,
    /// `≤` or `≥`.
    sign: char,
    budget: f64,
    met: bool,
}

impl Figure {
    pub fn at_most(name: &str, value: f64, unit: &str, budget: f64) -> Figure {
        Figure { name: name.into(), value, unit: unit.into(), sign: '≤', budget, met: value <= budget }
    }

    pub fn at_least(name: &str, value: f64, unit: &str, budget: f64) -> Figure {
        Figure { name: name.into(), value, unit: unit.into(), sign: '≥', budget, met: value >= budget }
    }

    /// `name figure unit, budget ≤ figure unit, met|missed`.
    pub fn line(&self) -> String {
        let Figure { name, unit, sign, .. } = self;
        let verdict = if self.met { "met" } else { "missed" };
        format!("{name} {} {unit}, budget {sign} {} {unit}, {verdict}", shown(self.value), shown(self.budget))
    }

    pub fn print(&self) {
        println!("{}", self.line());
    }
}

/// Three digits that count, no decimals from a hundred on.
fn shown(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 || value.fract() == 0.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_figure_budget_and_verdict() {
        assert_eq!(Figure::at_most("step", 8.04, "ms", 8.0).line(), "step 8.04 ms, budget ≤ 8 ms, missed");
        let moves = Figure::at_least("moves", 1_200_000.4, "moves/s", 1e6).line();
        assert_eq!(moves, "moves 1200000 moves/s, budget ≥ 1000000 moves/s, met");
        assert_eq!(Figure::at_most("size", 42.729, "kB", 350.0).line(), "size 42.7 kB, budget ≤ 350 kB, met");
    }
}
