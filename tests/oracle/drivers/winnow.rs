//! Small parsers.

use memo_runtime::memo;
use winnow::ascii::{alpha1, dec_int, digit1, float, multispace0};
use winnow::binary::{be_u16, length_take, u8};
use winnow::combinator::{
    alt, cut_err, delimited, opt, preceded, repeat, separated, separated_foldl1, seq, terminated,
};
use winnow::error::{ContextError, StrContext};
use winnow::prelude::*;
use winnow::stream::AsChar;
use winnow::token::{any, one_of, take_till, take_while};

#[memo]
fn colors() -> String {
    fn channel(input: &mut &str) -> winnow::Result<u8> {
        take_while(2, |c: char| c.is_hex_digit())
            .try_map(|text| u8::from_str_radix(text, 16))
            .parse_next(input)
    }
    #[derive(Debug)]
    struct Color {
        #[allow(dead_code)]
        red: u8,
        #[allow(dead_code)]
        green: u8,
        #[allow(dead_code)]
        blue: u8,
    }
    fn color(input: &mut &str) -> winnow::Result<Color> {
        seq!(Color { _: '#', red: channel, green: channel, blue: channel }).parse_next(input)
    }
    format!(
        "{:?} {:?}",
        color.parse("#2F14DF"),
        color.parse("#2F14D").is_err()
    )
}

#[memo]
fn arithmetic() -> String {
    fn factor(input: &mut &str) -> ModalResult<i64> {
        delimited(
            multispace0,
            alt((dec_int, delimited('(', sum, ')'))),
            multispace0,
        )
        .parse_next(input)
    }
    fn product(input: &mut &str) -> ModalResult<i64> {
        separated_foldl1(factor, one_of(['*', '/']), |a, op, b| {
            if op == '*' { a * b } else { a / b }
        })
        .parse_next(input)
    }
    fn sum(input: &mut &str) -> ModalResult<i64> {
        separated_foldl1(product, one_of(['+', '-']), |a, op, b| {
            if op == '+' { a + b } else { a - b }
        })
        .parse_next(input)
    }
    format!(
        "{:?} {:?}",
        sum.parse("1 + 2*(3 - -4) / 2"),
        sum.parse("1 + ").map_err(|e| e.to_string())
    )
}

#[memo]
fn lists() -> String {
    fn word<'s>(input: &mut &'s str) -> winnow::Result<&'s str> {
        preceded(multispace0, alpha1).parse_next(input)
    }
    let mut parser = separated(1.., word, ',');
    let words: Result<Vec<&str>, _> = parser.parse("one, two, three");
    let mut input = "12;34;x";
    let numbers: winnow::Result<Vec<u32>> =
        repeat(0.., terminated(digit1.parse_to::<u32>(), ';')).parse_next(&mut input);
    format!("{words:?} {numbers:?} {input}")
}

#[memo]
fn bytes() -> String {
    fn packet<'s>(input: &mut &'s [u8]) -> winnow::Result<(u16, &'s [u8])> {
        (be_u16, length_take(u8)).parse_next(input)
    }
    format!(
        "{:?} {:?}",
        packet.parse(&[1, 2, 3, 9, 8, 7][..]),
        packet.parse(&[1][..]).is_err()
    )
}

#[memo]
fn contexts() -> String {
    fn pair<'s>(input: &mut &'s str) -> winnow::ModalResult<(&'s str, f64), ContextError> {
        let key = take_till(1.., '=')
            .context(StrContext::Label("key"))
            .parse_next(input)?;
        let _ = any.parse_next(input)?;
        let value = cut_err(float)
            .context(StrContext::Label("number"))
            .parse_next(input)?;
        let _ = opt(';').parse_next(input)?;
        Ok((key, value))
    }
    let wrong = pair.parse("rate=fast").map_err(|error| error.to_string());
    format!("{:?} {wrong:?}", pair.parse("rate=0.25;"))
}
