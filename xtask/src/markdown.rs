//! Markdown of this repository as a fragment of HTML, for a dialog of the page.

use pulldown_cmark::{Event, Parser, Tag, TagEnd, html};

/// The fragment. Headings stand two levels deeper, below the page's and the dialog's own; a link opens in a window of
/// its own. The page trusts what it gets: raw HTML, pictures and links but `https://` are refused.
pub fn fragment(text: &str) -> Result<String, String> {
    let mut events = Vec::new();
    for event in Parser::new(text) {
        match &event {
            Event::Html(found) | Event::InlineHtml(found) => return Err(format!("`{}`: no HTML", found.trim_end())),
            Event::Start(Tag::Image { dest_url, .. }) => return Err(format!("`{dest_url}`: no pictures")),
            Event::Start(Tag::Link { dest_url, .. }) if !dest_url.starts_with("https://") => {
                return Err(format!("`{dest_url}`: only links that begin with https:// are allowed"));
            }
            _ => {}
        }
        events.push(match event {
            Event::Start(Tag::Heading { level, id, classes, attrs }) => {
                Event::Start(Tag::Heading { level: deeper(level)?, id, classes, attrs })
            }
            Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(deeper(level)?)),
            event => event,
        });
    }
    let mut fragment = String::new();
    html::push_html(&mut fragment, events.into_iter());
    // Only a link can read so: every `<` of the text is written as `&lt;`.
    Ok(fragment.replace("<a href=", "<a target=\"_blank\" rel=\"noopener noreferrer\" href="))
}

fn deeper(level: pulldown_cmark::HeadingLevel) -> Result<pulldown_cmark::HeadingLevel, String> {
    let deeper = level as usize + 2;
    deeper.try_into().map_err(|_| format!("a heading of level {}: only 1 to 4 are allowed", level as usize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_lists_and_code_become_html() {
        let text = "# One <&\n\n## Two\n- **A.** `b`\n  goes on\n- [c](https://example.org/?d=e&f)\n";
        assert_eq!(
            fragment(text).unwrap(),
            "<h3>One &lt;&amp;</h3>\n<h4>Two</h4>\n<ul>\n<li><strong>A.</strong> <code>b</code>\ngoes on</li>\n\
             <li><a target=\"_blank\" rel=\"noopener noreferrer\" href=\"https://example.org/?d=e&amp;f\">c</a></li>\n</ul>\n"
        );
    }

    #[test]
    fn what_the_page_could_not_trust_is_refused() {
        for text in [
            "<b>x</b>\n",
            "a <img> b\n",
            "![a](https://example.org/b.png)\n",
            "[a](javascript:b)\n",
            "[a](README.md)\n",
        ] {
            assert!(fragment(text).is_err(), "{text}");
        }
        assert!(fragment("##### a\n").is_err());
    }
}
