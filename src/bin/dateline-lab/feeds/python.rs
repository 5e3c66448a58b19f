//! The conditions of feedparser's tests: Python expressions over the parsed feed.
//!
//! Those of the form `PATH == PATH == VALUE` joined by `and`, and `not PATH.has_key('x')`, are understood; `or`
//! between two values of one path too. Whatever else there is, is counted by the rule that puts it aside.

use super::expect::{Expectation, Field, Out, Value};

/// The expectations of a condition that can be asked of any parser, and why the other parts cannot.
pub fn conditions(source: &str) -> (Vec<Expectation>, Vec<Out>) {
    let groups: Vec<_> = split(source, " or ").into_iter().map(group).collect();
    match <[_; 1]>::try_from(groups) {
        Ok([only]) => only,
        Err(groups) => {
            let (found, mut out): (Vec<_>, Vec<_>) = groups.into_iter().unzip();
            let mut found = found.into_iter().flatten();
            let Some(mut first) = found.next() else { return (Vec::new(), out.concat()) };
            for other in found {
                if other.field != first.field {
                    out.push(vec![Out::Form]);
                    return (Vec::new(), out.concat());
                }
                first.values.extend(other.values);
            }
            (vec![first], out.concat())
        }
    }
}

fn group(source: &str) -> (Vec<Expectation>, Vec<Out>) {
    let (mut found, mut out) = (Vec::new(), Vec::new());
    for clause in split(source, " and ") {
        match self::clause(clause.trim()) {
            Ok(expected) => found.extend(expected),
            Err(why) => out.push(why),
        }
    }
    (found, out)
}

fn clause(clause: &str) -> Result<Vec<Expectation>, Out> {
    if let Some(path) = clause.strip_prefix("not ")
        && let Some((of, key)) = path.trim().split_once(".has_key(")
    {
        let field = field(&format!("{of}[{}]", key.trim_end_matches(')')))?;
        return Ok(vec![Expectation { field, values: vec![Value::Absent] }]);
    }
    let sides = split(clause, "==");
    let Some((value, paths)) = sides.split_last().filter(|(_, paths)| !paths.is_empty()) else {
        return Err(if clause.contains('[') { Out::Form } else { Out::State });
    };
    let fields: Vec<Field> = paths.iter().map(|path| field(path.trim())).collect::<Result<_, _>>()?;
    let value = literal(value.trim()).ok_or(Out::Form)?;
    Ok(fields.into_iter().map(|field| Expectation { field, values: vec![value.clone()] }).collect())
}

/// `entries[0]['title_detail']['value']`, `feed.link`.
fn field(path: &str) -> Result<Field, Out> {
    let flat = path.replace("']['", ".").replace("['", ".").replace("']", "");
    let (of, rest) = flat.split_once('.').ok_or(Out::State)?;
    if of == "feed" {
        return match rest {
            "title" | "title_detail.value" => Ok(Field::FeedTitle),
            "link" => Ok(Field::FeedLink),
            _ => Err(Out::NotKept),
        };
    }
    let at = of.strip_prefix("entries[").and_then(|at| at.strip_suffix(']')?.parse().ok());
    let at = at.ok_or(Out::State)?;
    match rest {
        "title" | "title_detail.value" => Ok(Field::Title(at)),
        "link" => Ok(Field::Link(at)),
        "id" | "guid" => Ok(Field::Id(at)),
        "published" | "published_parsed" | "updated" | "updated_parsed" | "created" | "created_parsed" => {
            Ok(Field::Date(at))
        }
        "summary" | "summary_detail.value" | "description" => Ok(Field::Summary(at)),
        "content[0].value" => Ok(Field::Content(at)),
        "author" | "author_detail.name" => Ok(Field::Author(at)),
        _ => Err(Out::NotKept),
    }
}

/// A string (or several joined by `+`), or the tuple of a moment in UTC.
fn literal(source: &str) -> Option<Value> {
    if let Some(tuple) = source.strip_prefix('(').and_then(|source| source.strip_suffix(')')) {
        let parts: Vec<u32> = tuple.split(',').map(|part| part.trim().parse().ok()).collect::<Option<_>>()?;
        let [year, month, day, hour, minute, second, ..] = parts[..] else { return None };
        let day = chrono::NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
        return Some(Value::Moment(day.and_hms_opt(hour, minute, second)?.and_utc()));
    }
    let mut text = String::new();
    for part in split(source, "+") {
        text.push_str(&string(part.trim())?);
    }
    Some(Value::Text(text))
}

/// A string literal without its quotes and escapes.
fn string(source: &str) -> Option<String> {
    let source = source.strip_prefix('u').unwrap_or(source);
    let quote = source.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let inner = source.strip_prefix(quote)?.strip_suffix(quote)?;
    let mut text = String::new();
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        if c == quote {
            return None;
        }
        if c != '\\' {
            text.push(c);
            continue;
        }
        let digits = match chars.next()? {
            'n' => {
                text.push('\n');
                continue;
            }
            't' => {
                text.push('\t');
                continue;
            }
            'r' => {
                text.push('\r');
                continue;
            }
            'x' => 2,
            'u' => 4,
            'U' => 8,
            other => {
                text.push(other);
                continue;
            }
        };
        let code: String = chars.by_ref().take(digits).collect();
        text.push(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32)?);
    }
    Some(text)
}

/// Parts of an expression between a separator, outside of strings and parentheses.
fn split<'a>(source: &'a str, separator: &str) -> Vec<&'a str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_i32);
    let mut quote: Option<char> = None;
    let mut escaped = false;
    for (at, c) in source.char_indices() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None => {
                if depth == 0 && at >= start && source[at..].starts_with(separator) {
                    parts.push(&source[start..at]);
                    start = at + separator.len();
                }
                match c {
                    '"' | '\'' => quote = Some(c),
                    '(' | '{' => depth += 1,
                    ')' | '}' => depth -= 1,
                    _ => {}
                }
            }
        }
    }
    parts.push(&source[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(field: Field, value: &str) -> Expectation {
        Expectation { field, values: vec![Value::Text(value.to_owned())] }
    }

    #[test]
    fn conditions_of_the_usual_forms() {
        for (source, expected, out) in [
            (
                r#"not bozo and feed['title'] == 'a "b" and c'"#,
                vec![text(Field::FeedTitle, "a \"b\" and c")],
                1,
            ),
            (r"entries[1].link == u'\u00e9\x41\n\\'", vec![text(Field::Link(1), "éA\n\\")], 0),
            (
                "entries[0]['id'] == entries[1]['id'] == 'x'",
                vec![text(Field::Id(0), "x"), text(Field::Id(1), "x")],
                0,
            ),
            ("entries[0]['content'][0]['value'] == 'a ' + '- b'", vec![text(Field::Content(0), "a - b")], 0),
            (
                "not entries[0].has_key('link')",
                vec![Expectation { field: Field::Link(0), values: vec![Value::Absent] }],
                0,
            ),
            (
                "feed['title'] == 'a' or feed['title'] == 'b'",
                vec![Expectation {
                    field: Field::FeedTitle,
                    values: vec![Value::Text("a".to_owned()), Value::Text("b".to_owned())],
                }],
                0,
            ),
            (
                "entries[0]['updated_parsed'] == (2004, 1, 1, 19, 48, 21, 3, 1, 0)",
                vec![Expectation {
                    field: Field::Date(0),
                    values: vec![Value::Moment("2004-01-01T19:48:21Z".parse().unwrap())],
                }],
                0,
            ),
        ] {
            let (found, left) = conditions(source);
            assert_eq!(found, expected, "{source}");
            assert_eq!(left.len(), out, "{source}");
        }
    }

    #[test]
    fn what_is_put_aside_and_why() {
        for (source, why) in [
            ("bozo", Out::State),
            ("1", Out::State),
            ("encoding == 'big5'", Out::State),
            ("feed['copyright'] == 'x'", Out::NotKept),
            ("entries[0]['author_detail']['email'] == 'x'", Out::NotKept),
            ("entries[0]['title'] == {'a': 'b'}", Out::Form),
            ("len(feed['tags']) == 2", Out::State),
        ] {
            assert_eq!(conditions(source), (vec![], vec![why]), "{source}");
        }
    }
}
