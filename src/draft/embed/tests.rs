use std::fs;
use std::path::Path;

use super::*;

/// Where the sites of `docs/embedding` say that Partita lies.
const SITE: &str = "https://partita.example/";

/// The run that the sites of `docs/embedding` show.
fn example() -> Embed {
    Embed {
        step: Some(61),
        until: Some(70),
        show: vec!["scrubber", "narration", "stations", "partition", "controls"],
        partitions: vec!["orders-1".into()],
        ..Embed::of(Embedded::Scenario("lost-response".into()), "The response is lost")
    }
}

fn document(name: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/embedding").join(name);
    fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// Each form with the files of its sites that hold the lines of a run, and those with the lines of the whole site.
const SITES: [(Form, &[&str], &[&str]); 8] = [
    (Form::Html, &["plain/retries.html"], &["plain/retries.html"]),
    (
        Form::Markdown,
        &["mdbook/src/retries.md", "mkdocs/docs/retries.md"],
        &["mdbook/theme/head.hbs", "mkdocs/mkdocs.yml"],
    ),
    (Form::Mdx, &["docusaurus/docs/retries.mdx"], &["docusaurus/docusaurus.config.js"]),
    (
        Form::AsciiDoc,
        &["antora/docs/modules/ROOT/pages/retries.adoc"],
        &["antora/supplemental-ui/partials/head-meta.hbs"],
    ),
    (Form::Hugo, &["hugo/content/retries.md"], &["hugo/hugo.toml", "hugo/layouts/_shortcodes/partita.html"]),
    (Form::Myst, &["sphinx/retries.md"], &["sphinx/conf.py"]),
    (Form::Rst, &["sphinx/in-rst.rst"], &["sphinx/conf.py"]),
    (Form::Iframe, &["plain/iframe.html"], &[]),
];

#[test]
fn the_sites_of_the_documents_have_the_lines_of_the_dialog() {
    assert_eq!(SITES.map(|(form, ..)| form), Form::ALL);
    for (form, pages, settings) in SITES {
        let lines = example().lines(form, SITE);
        for page in pages {
            assert!(document(page).contains(&format!("\n{lines}\n")), "{page} lacks\n{lines}");
        }
        let once = form.once(SITE);
        assert_eq!(once.len(), settings.len(), "{form:?}");
        for (Once { file, lines }, name) in once.iter().zip(settings) {
            assert!(file.is_none_or(|file| name.ends_with(file)), "{name}: {file:?}");
            let lines: Vec<&str> = lines.lines().map(str::trim).collect();
            let text = document(name);
            let text: Vec<&str> = text.lines().map(str::trim).collect();
            assert!(text.windows(lines.len()).any(|found| found == lines), "{name} lacks\n{lines:#?}");
        }
    }
}

#[test]
fn the_address_of_partita_is_one_setting_of_a_site() {
    for setting in [
        "mdbook/theme/head.hbs",
        "mkdocs/mkdocs.yml",
        "docusaurus/docusaurus.config.js",
        "antora/supplemental-ui/partials/head-meta.hbs",
        "hugo/hugo.toml",
        "sphinx/conf.py",
    ] {
        let site = Path::new(setting).iter().next().and_then(|site| site.to_str()).unwrap();
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/embedding").join(site)];
        let mut found = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if let Ok(text) = fs::read_to_string(&path) {
                    found.extend(text.matches(SITE).map(|_| path.clone()));
                }
            }
        }
        assert!(found.len() == 1 && found[0].ends_with(setting), "{site}: {found:?}");
    }
}

#[test]
fn what_is_usual_is_not_written() {
    let embed = Embed::of(Embedded::Run("1.AbC_-9".into()), "A run");
    assert_eq!(embed.fragment(), "run=1.AbC_-9");
    let chosen = Embed {
        step: Some(0),
        until: Some(12),
        show: vec!["code", "narration"],
        partitions: vec!["a.b-0".into(), "c_d-11".into()],
        height: 600,
        start: "click",
        theme: "dark",
        lang: "ko",
        edit: vec!["linger.ms".into(), "acks".into()],
        ..embed
    };
    assert_eq!(
        chosen.fragment(),
        "run=1.AbC_-9&step=0&until=12&show=narration%20code&partition=a.b-0,c_d-11&height=600&start=click&theme=dark&\
         lang=ko&edit=linger.ms,acks"
    );
    assert_eq!(
        chosen.lines(Form::Rst, SITE).lines().last().unwrap().trim(),
        "<partita-run run=\"1.AbC_-9\" step=\"0\" until=\"12\" show=\"narration code\" partition=\"a.b-0,c_d-11\" \
         height=\"600\" start=\"click\" theme=\"dark\" lang=\"ko\" edit=\"linger.ms,acks\">A run</partita-run>"
    );
}

/// A title as bad as can be, in every form.
#[test]
fn a_title_keeps_its_characters_everywhere() {
    let title = "“acks”=\"1\" & <b>잃은\n레코드</b> ]] ```` {{< x >}} ++++ \\ 'a' *b* {c}";
    let embed = Embed::of(Embedded::Scenario("acks".into()), title);
    let seen = title.replace('\n', " ");
    let html = "“acks”=&quot;1&quot; &amp; &lt;b&gt;잃은 레코드&lt;/b&gt; ]] ```` &#123;&#123;&lt; x &gt;&#125;&#125; ++++ \\ 'a' \
                *b* &#123;c&#125;";
    let element = format!("<partita-run scenario=\"acks\">{html}</partita-run>");
    let lines = |form| embed.lines(form, SITE);
    assert_eq!(
        lines(Form::Html),
        format!(
            "<partita-run scenario=\"acks\"><a href=\"https://partita.example/embed.html#scenario=acks\">{html}</a></partita-run>"
        )
    );
    assert_eq!(lines(Form::Markdown), format!("<div>{element}</div>"));
    assert_eq!(lines(Form::AsciiDoc), format!("++++\n{element}\n++++"));
    assert_eq!(lines(Form::Myst), format!("`````{{raw}} html\n{element}\n`````"));
    assert_eq!(lines(Form::Rst), format!(".. raw:: html\n\n   {element}"));
    assert_eq!(lines(Form::Hugo), format!("{{{{< partita scenario=\"acks\" >}}}}{html}{{{{< /partita >}}}}"));
    let mdx = lines(Form::Mdx);
    let said =
        mdx.strip_prefix("<partita-run scenario=\"acks\">{").and_then(|rest| rest.strip_suffix("}</partita-run>"));
    assert_eq!(serde_json::from_str::<String>(said.unwrap()).unwrap(), seen);
    assert!(lines(Form::Iframe).contains(&format!("title=\"{html}\"")), "{}", lines(Form::Iframe));
}

/// No value that an author can choose has quotes, but a value that had them would not end early.
#[test]
fn values_do_not_end_early() {
    let embed = Embed { edit: vec!["a\"b\\".into()], ..Embed::of(Embedded::Scenario("x&y".into()), "t") };
    assert!(embed.lines(Form::Html, SITE).contains(" scenario=\"x&amp;y\" edit=\"a&quot;b\\\""));
    assert!(embed.lines(Form::Hugo, SITE).contains(" scenario=\"x&y\" edit=`a\"b\\` "));
    assert_eq!(embed.fragment(), "scenario=x%26y&edit=a%22b%5C");
}

/// An address may have what ends a string in one language or another.
#[test]
fn an_address_does_not_end_early() {
    let lines = |form: Form, site: &str| form.once(site)[0].lines.clone();
    let last = |form: Form, site: &str| form.once(site).pop().unwrap().lines;
    let one = "https://partita.example/kim's \"a\\b/";
    assert_eq!(
        lines(Form::Html, one),
        "<script src=\"https://partita.example/kim's &quot;a\\b/partita-embed.js\" async></script>"
    );
    let quoted = r#""https://partita.example/kim's \"a\\b/partita-embed.js""#;
    assert_eq!(last(Form::Markdown, one), format!("extra_javascript:\n  - path: {quoted}\n    async: true"));
    assert_eq!(lines(Form::Myst, one), format!("html_js_files = [({quoted}, {{\"async\": \"async\"}})]"));
    assert_eq!(
        lines(Form::Mdx, one),
        r#"scripts: [{ src: 'https://partita.example/kim\'s "a\\b/partita-embed.js', async: true }],"#
    );
    assert_eq!(lines(Form::Hugo, one), "[params]\n  partita = \"https://partita.example/kim's \\\"a\\\\b/\"");
    let plain = "https://partita.example/a\"b\\c/";
    assert_eq!(lines(Form::Hugo, plain), format!("[params]\n  partita = '{plain}'"));
    assert!(!last(Form::Markdown, "https://partita.example/a\nb/").contains("a\nb"));
}

#[test]
fn an_attribute_has_a_name_that_the_scripts_know() {
    let embed = Embed {
        step: Some(1),
        until: Some(2),
        show: vec!["code"],
        partitions: vec!["orders-0".into()],
        height: 500,
        start: STARTS[1],
        theme: THEMES[1],
        lang: LANGS[1],
        edit: vec!["acks".into()],
        ..Embed::of(Embedded::Scenario("acks".into()), "t")
    };
    let written = embed.attributes();
    assert!(written.iter().all(|(name, _)| NAMES.contains(name)), "{written:?}");
    // All but `run` and `src`.
    assert_eq!(written.len(), NAMES.len() - 2);
    assert!(USUAL_PARTS.iter().all(|part| PARTS.contains(part)));
}

/// The one table of attributes, in both languages, says what the scripts know.
#[test]
fn the_table_of_the_documents_has_every_attribute() {
    for file in ["README.md", "README.ko.md"] {
        let text = document(file);
        let rows: Vec<&str> =
            text.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` |").map(|(name, _)| name)).collect();
        assert_eq!(rows, NAMES, "{file}");
        let row = |name: &str| text.lines().find(|line| line.starts_with(&format!("| `{name}` |"))).unwrap_or_default();
        assert!(row("show").contains(&format!("`{}`", PARTS.join(" "))), "{file}: {}", row("show"));
        let numbers = [HEIGHT, LEAST_HEIGHT, MOST_HEIGHT].map(|number| number.to_string());
        assert!(numbers.iter().all(|number| row("height").contains(number)), "{file}: {}", row("height"));
        for (name, words) in [("start", STARTS), ("theme", THEMES), ("lang", LANGS)] {
            assert!(words.iter().all(|word| row(name).contains(&format!("`{word}`"))), "{file}: {}", row(name));
        }
    }
}

#[test]
fn what_is_typed_is_read_or_gets_a_sentence() {
    assert_eq!([" 61 ", "step 61", "스텝61", "#61"].map(step), [const { Ok(61) }; 4]);
    assert_eq!([height("240"), height(" 2000")], [Ok(240), Ok(2000)]);
    let known = ["orders-0".to_owned(), "orders-1".to_owned()];
    assert_eq!(partitions("orders-1, orders-0 orders-1", &known), Ok(vec!["orders-1".into(), "orders-0".into()]));
    assert_eq!(partitions(" ", &known), Ok(Vec::new()));
    let told = |told: Result<u32, crate::lang::Sentence>| told.unwrap_err().en;
    for bad in ["", "239", "2001", "-1", "4.5", "x"] {
        let sentence = told(height(bad));
        assert_eq!(sentence, format!("“{bad}” is no height. Allowed: a whole number of pixels from 240 to 2000."));
    }
    assert!(step("1e3").is_err() && step("step").is_err() && step("99999999999999999999").is_err());
    let refused = partitions("orders-7", &known).unwrap_err();
    assert_eq!(refused.en, "“orders-7” is no partition of this run here. Allowed: orders-0, orders-1.");
}

#[test]
fn what_contradicts_itself_is_told() {
    let embed = example();
    assert_eq!(embed.contradiction(), None);
    assert!(Embed { until: Some(61), ..embed.clone() }.contradiction().unwrap().en.contains("a step behind 61"));
    assert!(Embed { show: Vec::new(), ..embed }.contradiction().unwrap().ko.contains("부분 하나 이상"));
}
