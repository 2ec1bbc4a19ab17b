//! `{lr}` in arguments and names of files: the value of a parameter.
//!
//! Only braces around the name of a parameter mean something, so that JSON and
//! programs of awk stay as they are. `{{lr}}` is `{lr}` itself: of several braces
//! on both sides, two stand for one, from the outside in.

use std::ffi::OsString;

use super::Point;
use crate::failure::Failure;
use crate::render::escape;
use crate::suggest;

/// A piece of a text.
enum Piece<'t> {
    Literal(&'t str),
    /// The name of a parameter within so many pairs of braces.
    Name(&'t str, usize),
}

/// `template` with the values of the parameters that are in it.
pub(crate) fn fill(template: &str, point: &Point) -> String {
    let is_name = |name: &str| point.value(name).is_some();
    let mut text = String::with_capacity(template.len());
    for piece in pieces(template, &is_name) {
        match piece {
            Piece::Literal(literal) => text.push_str(literal),
            Piece::Name(name, pairs) => {
                text.extend(std::iter::repeat_n('{', pairs / 2));
                text.push_str(match pairs % 2 {
                    0 => name,
                    _ => point.value(name).unwrap_or_default(),
                });
                text.extend(std::iter::repeat_n('}', pairs / 2));
            }
        }
    }
    text
}

/// Whether the value of the parameter `name` has a place in `template`.
pub(crate) fn places(template: &str, name: &str) -> bool {
    pieces(template, &|other| other == name)
        .iter()
        .any(|piece| matches!(piece, Piece::Name(_, pairs) if pairs % 2 == 1))
}

/// The arguments of a point: the template with its places filled, and `--name
/// value` for each parameter that has no place in it and is to be `appended`.
/// A place in the name of an output is none: it tells files apart, and the
/// program nothing. Arguments that are not UTF-8 have no places.
pub(crate) fn arguments(
    template: &[OsString],
    outputs: &[String],
    point: &Point,
    appended: impl Fn(&str) -> bool,
) -> Vec<OsString> {
    let fill_one = |argument: &OsString| match argument.to_str() {
        Some(text) => fill(text, point).into(),
        None => argument.clone(),
    };
    let mut arguments: Vec<OsString> = template.iter().map(fill_one).collect();
    for (name, value) in &point.parameters {
        let mut told = telling(template, outputs);
        if told.any(|text| places(text, name)) || !appended(name) {
            continue;
        }
        match value.starts_with('-') {
            // Alone, it would be taken for an option.
            true => arguments.push(format!("--{name}={value}").into()),
            false => arguments.extend([format!("--{name}").into(), OsString::from(&**value)]),
        }
    }
    arguments
}

/// The arguments that tell the program something: all but the names of outputs.
fn telling<'t>(template: &'t [OsString], outputs: &[String]) -> impl Iterator<Item = &'t str> {
    let texts = template.iter().filter_map(|argument| argument.to_str());
    texts.filter(|text| {
        let value = text.split_once('=').map_or(*text, |(_, value)| value);
        !outputs
            .iter()
            .any(|output| output == text || output == value)
    })
}

/// What a person may not expect of the places in arguments.
///
/// # Errors
///
/// A parameter would be given twice.
pub(crate) fn remarks(
    template: &[OsString],
    outputs: &[String],
    point: &Point,
) -> Result<Vec<String>, Failure> {
    let mut remarks = Vec::new();
    let names = || point.parameters.iter().map(|(name, _)| &**name);
    for name in names() {
        let mut placing = telling(template, outputs).filter(|text| places(text, name));
        let place = format!("{{{name}}}");
        let is_whole = |text: &str| {
            text == place
                || text
                    .split_once('=')
                    .is_some_and(|(_, value)| value == place)
        };
        match placing.next() {
            None => refuse_twice(template, name)?,
            Some(within) if !is_whole(within) && !placing.any(is_whole) => remarks.push(format!(
                "`{place}` stands within `{}`, so that --{name} is not added: add `--{name} \
                 {place}` if the program is to know it",
                escape(within)
            )),
            Some(_) => {}
        }
    }
    for text in telling(template, outputs) {
        for unknown in enclosed(text).filter(|word| names().all(|name| name != *word)) {
            if let Some(meant) = suggest::nearest(unknown, names()) {
                remarks.push(format!(
                    "`{{{}}}` is no parameter and stays as it is{}",
                    escape(unknown),
                    suggest::question(Some(meant))
                ));
            }
        }
    }
    Ok(remarks)
}

fn refuse_twice(template: &[OsString], name: &str) -> Result<(), Failure> {
    let option = format!("--{name}");
    let is_it = |text: &str| {
        let rest = text.strip_prefix(&*option);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
    };
    let mut texts = template.iter().filter_map(|argument| argument.to_str());
    match texts.any(is_it) {
        false => Ok(()),
        true => Err(Failure::Usage(format!(
            "`{option}` is both a parameter and an argument behind `--`: leave one of them out"
        ))),
    }
}

/// The words that stand in braces.
fn enclosed(text: &str) -> impl Iterator<Item = &str> {
    let after = text.split('{').skip(1);
    let words = after.filter_map(|after| after.split_once('}').map(|(word, _)| word));
    words.filter(|word| !word.is_empty())
}

/// Cuts a text at the braces that surround a name.
fn pieces<'t>(template: &'t str, is_name: &dyn Fn(&str) -> bool) -> Vec<Piece<'t>> {
    let mut pieces = Vec::new();
    let mut literal = 0;
    let mut from = 0;
    while let Some(found) = template[from..].find('{') {
        let open = from + found;
        let inside = open + run(&template[open..], '{');
        let length = template[inside..].find(['{', '}']).unwrap_or(0);
        let name = &template[inside..inside + length];
        let pairs = (inside - open).min(run(&template[inside + length..], '}'));
        from = inside;
        if is_name(name) {
            from = inside + length + pairs;
            pieces.push(Piece::Literal(&template[literal..inside - pairs]));
            pieces.push(Piece::Name(name, pairs));
            literal = from;
        }
    }
    pieces.push(Piece::Literal(&template[literal..]));
    pieces
}

/// How often a text begins with a brace.
fn run(text: &str, brace: char) -> usize {
    text.bytes()
        .take_while(|byte| char::from(*byte) == brace)
        .count()
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    use super::*;

    fn point() -> Point {
        let pairs = [("lr", "0.1"), ("opt.name", "adam"), ("n", "{lr}")];
        let pairs = pairs.map(|(name, value)| (name.into(), value.into()));
        Point {
            parameters: pairs.to_vec(),
        }
    }

    #[test]
    fn only_braces_around_a_name_mean_something() {
        for (template, filled) in [
            ("", ""),
            ("plain", "plain"),
            ("{lr}", "0.1"),
            ("model-{lr}-{opt.name}.bin", "model-0.1-adam.bin"),
            ("{lr}{lr}", "0.10.1"),
            // What is filled in is not looked into.
            ("{n}", "{lr}"),
            ("{{lr}}", "{lr}"),
            ("{{lr}}}", "{lr}}"),
            ("{{{lr}}}", "{0.1}"),
            ("{{{{lr}}}}", "{{lr}}"),
            (r#"{"lr":{lr},"n":3}"#, r#"{"lr":0.1,"n":3}"#),
            (r#"{"a":{"b":{lr}}}"#, r#"{"a":{"b":0.1}}"#),
            (r#"{"a":1}"#, r#"{"a":1}"#),
            ("{print $1}", "{print $1}"),
            ("{other} {} {{}} { lr }", "{other} {} {{}} { lr }"),
            ("{lr", "{lr"),
            ("lr}", "lr}"),
            ("{{lr}", "{0.1"),
            ("{x{lr}y}", "{x0.1y}"),
            ("größe{lr}é{", "größe0.1é{"),
        ] {
            assert_eq!(fill(template, &point()), filled, "{template}");
        }
    }

    #[test]
    fn a_place_is_where_a_value_goes() {
        assert!(places("x={lr}", "lr"));
        for template in ["x={{lr}}", "{lrs}", "lr", ""] {
            assert!(!places(template, "lr"), "{template}");
        }
    }

    /// `text` so that it is itself once it is filled.
    fn doubled(text: &str, point: &Point) -> String {
        let is_name = |name: &str| point.value(name).is_some();
        let piece = |piece: Piece<'_>| match piece {
            Piece::Literal(literal) => literal.to_owned(),
            Piece::Name(name, pairs) => {
                format!("{}{name}{}", "{{".repeat(pairs), "}}".repeat(pairs))
            }
        };
        pieces(text, &is_name).into_iter().map(piece).collect()
    }

    #[test]
    fn any_text_can_be_written() {
        let parts = [
            "{", "}", "{{", "}}", "lr", "opt.name", "x", " ", "é", "{lr}",
        ];
        let mut number = 1_u64;
        for _ in 0..5000 {
            let mut text = String::new();
            for _ in 0..number % 9 {
                number = number
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                text.push_str(parts[(number >> 33) as usize % parts.len()]);
            }
            number = number
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            number ^= number >> 29;
            let point = point();
            assert_eq!(fill(&doubled(&text, &point), &point), text);
        }
    }

    fn appended(template: &[&str], appended: impl Fn(&str) -> bool) -> Vec<String> {
        let template: Vec<OsString> = template.iter().map(OsString::from).collect();
        let arguments = arguments(&template, &["map-{lr}.svg".to_owned()], &point(), appended);
        let texts = arguments.into_iter().map(|one| one.into_string());
        texts.collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn what_has_no_place_is_appended_by_its_name() {
        assert_eq!(
            appended(&["--fast"], |_| true),
            ["--fast", "--lr", "0.1", "--opt.name", "adam", "--n", "{lr}"]
        );
        assert_eq!(
            appended(&["-x{lr}", "{n}", "{{opt.name}}"], |_| true),
            ["-x0.1", "{lr}", "{opt.name}", "--opt.name", "adam"]
        );
        assert_eq!(appended(&[], |name| name == "lr"), ["--lr", "0.1"]);
    }

    #[test]
    fn an_argument_that_is_not_utf_8_stays_as_it_is() {
        let odd = OsStr::from_bytes(b"{lr}\xff").to_owned();
        let arguments = arguments(std::slice::from_ref(&odd), &[], &point(), |name| {
            name == "lr"
        });
        assert_eq!(arguments, [odd, "--lr".into(), "0.1".into()]);
    }
}
