//! Parameters with their values, as they are typed: `lr=0.1,0.01`.
//!
//! ```text
//! parameter    = name "=" ( distribution | value { "," value } )
//! value        = range | word | quoted text
//! range        = number ".." [ "=" ] number [ ":" number ]
//! distribution = ( "uniform" | "log" ) "(" number "," number ")"
//! name         = letter or "_", then letters, digits, "_", "-" and "."
//! ```
//!
//! A word is what stands between commas, without spaces around it; there may be
//! nothing. It is taken as it is, so that `0.10` stays `0.10`. A text in
//! quotation marks may have commas, and two quotation marks in it are one.

use std::sync::Arc;

use super::distribution::Distribution;
use super::range::Range;
use crate::failure::Failure;
use crate::render::escape;

/// A parameter with its values.
#[derive(Debug)]
pub(super) struct Parameter {
    pub(super) name: Arc<str>,
    pub(super) values: Values,
}

/// The values of a parameter.
#[derive(Debug)]
pub(super) enum Values {
    Listed(List),
    Drawn(Distribution),
}

/// Values one after the other: at least one.
#[derive(Debug)]
pub(super) struct List(Vec<Piece>);

/// Values that were typed as one.
#[derive(Debug)]
enum Piece {
    Text(Arc<str>),
    Range(Range),
}

impl Parameter {
    /// Reads `NAME=VALUES`.
    pub(super) fn read(word: &str) -> Result<Self, Failure> {
        let Some((name, values)) = word.split_once('=') else {
            return Err(Failure::Usage(format!(
                "`{}` is no parameter with its values: that would be as lr=0.1,0.01 or \
                 layers=2..=4; the program and its arguments stand behind `--`",
                escape(word)
            )));
        };
        let bad = |problem: String| Failure::Usage(format!("`{}`: {problem}", escape(word)));
        check_name(name).map_err(bad)?;
        Ok(Self {
            name: name.into(),
            values: Values::read(values).map_err(|problem| bad(escape(&problem)))?,
        })
    }
}

/// Refuses what is no name of a parameter.
///
/// # Errors
///
/// What is wrong, escaped.
pub(super) fn check_name(name: &str) -> Result<(), String> {
    let begins = |c: char| c.is_alphabetic() || c == '_';
    let goes_on = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    if name.starts_with(begins) && name.chars().all(goes_on) {
        return Ok(());
    }
    let bare = name.trim_start_matches('-');
    if bare.len() < name.len() && check_name(bare).is_ok() {
        return Err(format!(
            "the name of the parameter is `{bare}`, without dashes"
        ));
    }
    Err(format!(
        "`{}` is no name of a parameter: it is to begin with a letter or `_`, and go on with \
         letters, digits, `_`, `-` and `.`",
        escape(name)
    ))
}

impl Values {
    fn read(text: &str) -> Result<Self, String> {
        if let Some(drawn) = Distribution::read(text.trim()) {
            return drawn.map(Self::Drawn);
        }
        let mut pieces = Vec::new();
        let mut rest = text;
        loop {
            let (piece, behind) = Piece::read(rest)?;
            pieces.push(piece);
            match behind {
                Some(behind) => rest = behind,
                None => return Ok(Self::Listed(List(pieces))),
            }
        }
    }
}

impl Piece {
    /// Reads up to the next comma; gives what is behind it, if there is one.
    fn read(text: &str) -> Result<(Self, Option<&str>), String> {
        if let Some(quoted) = text.trim_start().strip_prefix('"') {
            return Self::read_quoted(quoted);
        }
        let (word, behind) = match text.split_once(',') {
            Some((word, behind)) => (word, Some(behind)),
            None => (text, None),
        };
        let word = word.trim();
        if let Some(Err(problem)) = Distribution::read(word) {
            return Err(problem);
        }
        let piece = match Range::read(word) {
            Some(range) => Self::Range(range.map_err(|problem| {
                format!("`{word}` is no range: {problem}; a text stands in quotation marks")
            })?),
            None => Self::Text(word.into()),
        };
        Ok((piece, behind))
    }

    /// Reads on behind a quotation mark.
    fn read_quoted(text: &str) -> Result<(Self, Option<&str>), String> {
        let mut content = String::new();
        let mut rest = text;
        loop {
            let (part, behind) = rest
                .split_once('"')
                .ok_or("a quotation mark is not closed")?;
            content.push_str(part);
            match behind.strip_prefix('"') {
                Some(behind) => {
                    content.push('"');
                    rest = behind;
                }
                None => {
                    rest = behind.trim_start();
                    break;
                }
            }
        }
        let behind = match rest.strip_prefix(',') {
            Some(behind) => Some(behind),
            None if rest.is_empty() => None,
            None => {
                return Err(
                    "a comma is to follow the text in quotation marks; within them, two of them \
                     stand for one"
                        .to_owned(),
                );
            }
        };
        Ok((Self::Text(content.into()), behind))
    }

    fn length(&self) -> u64 {
        match self {
            Self::Text(_) => 1,
            Self::Range(range) => range.length(),
        }
    }
}

impl List {
    /// How many values there are, as far as that can be counted.
    pub(super) fn length(&self) -> u64 {
        let lengths = self.0.iter().map(Piece::length);
        lengths.fold(0, u64::saturating_add)
    }

    /// The value at a position below the length.
    pub(super) fn at(&self, position: u64) -> Arc<str> {
        let mut left = position;
        for piece in &self.0 {
            match piece {
                Piece::Text(text) if left == 0 => return Arc::clone(text),
                Piece::Range(range) if left < range.length() => return range.at(left).into(),
                _ => left -= piece.length(),
            }
        }
        Arc::from("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values in a word, parted by `|`.
    fn listed(word: &str) -> String {
        let Values::Listed(list) = Parameter::read(word).unwrap().values else {
            panic!("{word} is drawn");
        };
        let values: Vec<_> = (0..list.length()).map(|at| list.at(at)).collect();
        values.join("|")
    }

    #[test]
    fn values_are_as_they_were_typed() {
        for (word, values) in [
            ("lr=0.1,0.01", "0.1|0.01"),
            ("lr=0.10,1e-3,+1", "0.10|1e-3|+1"),
            ("act=relu", "relu"),
            ("note=", ""),
            ("note=,a", "|a"),
            ("note=a,", "a|"),
            ("lr=0.1, 0.01 ", "0.1|0.01"),
            ("layers=2..=4", "2|3|4"),
            ("seed=0..3,10,20..=21", "0|1|2|10|20|21"),
            ("url=a=b", "a=b"),
            ("from=../data,./x", "../data|./x"),
            ("size=5\"", "5\""),
            (r#"name="a,b",c"#, "a,b|c"),
            (r#"name= "a" , "b""#, "a|b"),
            (r#"name="",x"#, "|x"),
            (r#"name="say ""no""""#, r#"say "no""#),
            (r#"name="1..3","log(1,2)"," x ""#, "1..3|log(1,2)| x "),
            ("json={}", "{}"),
        ] {
            assert_eq!(listed(word), values, "{word}");
        }
    }

    #[test]
    fn a_distribution_stands_alone() {
        for word in ["lr=log(1e-4,1e-1)", "x= uniform( 0 , 1 ) "] {
            let values = Parameter::read(word).unwrap().values;
            assert!(matches!(values, Values::Drawn(_)), "{word}");
        }
    }

    #[test]
    fn names_are_words() {
        for name in ["lr", "_x", "batch-size", "opt.lr", "学習率", "n2"] {
            assert_eq!(check_name(name), Ok(()), "{name}");
        }
    }

    fn problem(word: &str) -> String {
        Parameter::read(word).unwrap_err().message().unwrap()
    }

    #[test]
    fn what_is_no_parameter_is_told_with_advice() {
        let no_name = "is no name of a parameter: it is to begin with a letter or `_`, and go on \
                       with letters, digits, `_`, `-` and `.`";
        let quotes = "a text stands in quotation marks";
        for (word, message) in [
            (
                "./train.sh",
                "`./train.sh` is no parameter with its values: that would be as lr=0.1,0.01 or \
                 layers=2..=4; the program and its arguments stand behind `--`"
                    .to_owned(),
            ),
            ("=1", format!("`=1`: `` {no_name}")),
            ("1x=1", format!("`1x=1`: `1x` {no_name}")),
            ("a b=1", format!("`a b=1`: `a b` {no_name}")),
            ("a\x1b=1", format!("`a\\u{{1b}}=1`: `a\\u{{1b}}` {no_name}")),
            (
                "--lr=0.1",
                "`--lr=0.1`: the name of the parameter is `lr`, without dashes".to_owned(),
            ),
            (
                "n=3,10..0",
                format!(
                    "`n=3,10..0`: `10..0` is no range: it counts down, which needs a step, as \
                     10..0:-1; {quotes}"
                ),
            ),
            (
                "v=1..\x1b",
                format!(
                    "`v=1..\\u{{1b}}`: `1..\\u{{1b}}` is no range: its end `\\u{{1b}}` is no \
                     number of at most 18 digits; {quotes}"
                ),
            ),
            (
                "x=\"a",
                "`x=\"a`: a quotation mark is not closed".to_owned(),
            ),
            (
                r#"x={"a":1,"b":2}"#,
                r#"`x={"a":1,"b":2}`: a comma is to follow the text in quotation marks; within them, two of them stand for one"#
                    .to_owned(),
            ),
            (
                "lr=0.5,log(1,2)",
                "`lr=0.5,log(1,2)`: log(a,b) takes two numbers, and stands alone".to_owned(),
            ),
        ] {
            assert_eq!(problem(word), message, "{word}");
        }
    }
}
