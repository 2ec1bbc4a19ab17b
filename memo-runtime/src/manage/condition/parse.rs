//! From text to condition.

use super::number::Number;
use super::quoted::escaped;
use super::{BadCondition, Comparison, Node, Operator};

/// How deep conditions may be nested: more is a slip, and would be a danger to
/// the stack.
const DEEPEST: usize = 64;

const OPERATORS: [(&str, Operator); 8] = [
    // Longer ones come first.
    ("==", Operator::Equal),
    ("!=", Operator::Unequal),
    ("<=", Operator::LessOrEqual),
    (">=", Operator::GreaterOrEqual),
    ("=", Operator::Equal),
    ("<", Operator::Less),
    (">", Operator::Greater),
    ("~", Operator::Contains),
];

/// Reads a whole condition.
pub(super) fn condition(text: &str) -> Result<Node, BadCondition> {
    let mut parser = Parser { text, at: 0 };
    let node = parser.condition(0)?;
    if parser.rest().is_empty() {
        Ok(node)
    } else {
        Err(parser.expected("`and`, `or`, or the end"))
    }
}

struct Parser<'t> {
    text: &'t str,
    /// Bytes that have been read.
    at: usize,
}

impl<'t> Parser<'t> {
    fn condition(&mut self, depth: usize) -> Result<Node, BadCondition> {
        let mut nodes = vec![self.both(depth)?];
        while self.takes_keyword("or") {
            nodes.push(self.both(depth)?);
        }
        Ok(joined(nodes, Node::Or))
    }

    fn both(&mut self, depth: usize) -> Result<Node, BadCondition> {
        let mut nodes = vec![self.one(depth)?];
        while self.takes_keyword("and") {
            nodes.push(self.one(depth)?);
        }
        Ok(joined(nodes, Node::And))
    }

    fn one(&mut self, depth: usize) -> Result<Node, BadCondition> {
        if depth > DEEPEST {
            return Err(self.expected("no deeper nesting"));
        }
        if self.takes_keyword("not") {
            return Ok(Node::Not(Box::new(self.one(depth + 1)?)));
        }
        if self.takes("(") {
            let node = self.condition(depth + 1)?;
            if !self.takes(")") {
                return Err(self.expected("`and`, `or`, or `)`"));
            }
            return Ok(node);
        }
        self.comparison().map(Node::Comparison)
    }

    fn comparison(&mut self) -> Result<Comparison, BadCondition> {
        let begin = self.at;
        let (name, quoted) = self.word("the name of an argument")?;
        let keyword = ["and", "or", "not"]
            .iter()
            .any(|keyword| name.eq_ignore_ascii_case(keyword));
        if keyword && !quoted {
            self.at = begin;
            return Err(self.expected("the name of an argument"));
        }
        let found = OPERATORS.iter().find(|(sign, _)| self.takes(sign));
        let Some((_, operator)) = found else {
            return Err(self.expected("one of = != < <= > >= ~"));
        };
        let (value, quoted) = self.word("a value")?;
        let number = Number::read(&value).filter(|_| !quoted);
        Ok(Comparison {
            name,
            operator: *operator,
            value,
            number,
        })
    }

    /// A word or a quoted text, and whether it was quoted.
    fn word(&mut self, what: &'static str) -> Result<(String, bool), BadCondition> {
        let rest = self.rest();
        if let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) {
            return Ok((self.quoted(quote)?, true));
        }
        let ends = |c: char| c.is_whitespace() || "()=!<>~\"',".contains(c);
        let word = &rest[..rest.find(ends).unwrap_or(rest.len())];
        if word.is_empty() {
            return Err(self.expected(what));
        }
        self.at += word.len();
        Ok((word.to_owned(), false))
    }

    fn quoted(&mut self, quote: char) -> Result<String, BadCondition> {
        let mut rest = self.rest()[1..].chars();
        let mut text = String::new();
        loop {
            match rest.next() {
                Some(c) if c == quote => break,
                Some('\\') => match escaped(&mut rest) {
                    Some(c) => text.push(c),
                    None => return Err(self.expected("a text without strange escapes")),
                },
                Some(c) => text.push(c),
                None => {
                    self.at = self.text.len();
                    return Err(self.expected("a closing quotation mark"));
                }
            }
        }
        self.at = self.text.len() - rest.as_str().len();
        Ok(text)
    }

    fn takes(&mut self, sign: &str) -> bool {
        let takes = self.rest().starts_with(sign);
        if takes {
            self.at += sign.len();
        }
        takes
    }

    fn takes_keyword(&mut self, keyword: &str) -> bool {
        let rest = self.rest();
        let Some((word, after)) = rest.split_at_checked(keyword.len()) else {
            return false;
        };
        let ends = after
            .chars()
            .next()
            .is_none_or(|c| c.is_whitespace() || "(\"'".contains(c));
        let takes = ends && word.eq_ignore_ascii_case(keyword);
        if takes {
            self.at += keyword.len();
        }
        takes
    }

    /// What has not been read, from the next character on that is no space.
    fn rest(&mut self) -> &'t str {
        let rest = self.text[self.at..].trim_start();
        self.at = self.text.len() - rest.len();
        rest
    }

    fn expected(&mut self, expected: &'static str) -> BadCondition {
        self.rest();
        BadCondition {
            at: self.text[..self.at].chars().count(),
            expected,
        }
    }
}

fn joined(mut nodes: Vec<Node>, join: impl FnOnce(Vec<Node>) -> Node) -> Node {
    match nodes.pop() {
        Some(node) if nodes.is_empty() => node,
        last => {
            nodes.extend(last);
            join(nodes)
        }
    }
}
