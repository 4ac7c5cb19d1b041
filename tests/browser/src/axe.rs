//! axe-core, brought into the page: accessibility rules that a program can check.

use serde_json::Value;

use crate::page::Page;

const AXE: &str = include_str!("../vendor/axe.min.js");

/// Fails with each rule that the page breaks, and where.
#[track_caller]
pub fn check(page: &Page, name: &str) {
    let script =
        format!("{AXE}; return axe.run(document, {{ resultTypes: ['violations'] }}).then((r) => r.violations)");
    let violations = page.evaluate(&script);
    let violations = violations.as_array().cloned().unwrap_or_default();
    let told: Vec<String> = violations.iter().map(tell).collect();
    assert!(told.is_empty(), "axe finds in {name}:\n{}", told.join("\n"));
}

fn tell(violation: &Value) -> String {
    let nodes = violation["nodes"].as_array().cloned().unwrap_or_default();
    let places: Vec<String> = nodes.iter().take(3).map(|node| format!("    {}", node["html"])).collect();
    format!("  {}: {} ({} places)\n{}", violation["id"], violation["help"], nodes.len(), places.join("\n"))
}
