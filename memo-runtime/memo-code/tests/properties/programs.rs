//! Programs whose items name each other at random, so that it is known what reaches what.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::crates::{Crate, ROOT};
use super::random::Random;

const MODULES: usize = 4;

const DEFINE: &str = "macro_rules! define { ($n:ident $b:block) => { pub fn $n() -> i64 $b } }\n";

/// Items that name others, in modules.
pub(crate) struct Program {
    items: Vec<Item>,
}

struct Item {
    form: Form,
    module: usize,
    /// The numbers of the items that it names.
    names: Vec<usize>,
    /// A number that is its own.
    value: usize,
    comment: usize,
}

#[derive(Clone, Copy)]
enum Form {
    Memoized,
    Function,
    Constant,
    Method,
    Operator,
    Drop,
    Object,
    Macro,
    Generated,
}

const FORMS: [&Form; 9] = [
    &Form::Memoized,
    &Form::Function,
    &Form::Constant,
    &Form::Method,
    &Form::Operator,
    &Form::Drop,
    &Form::Object,
    &Form::Macro,
    &Form::Generated,
];

impl Program {
    pub(crate) fn new(random: &mut Random) -> Self {
        let count = 4 + random.below(16);
        let items = (0..count).map(|number| {
            let form = *if number == 0 {
                &Form::Memoized
            } else {
                random.of(&FORMS)
            };
            // What is given to a macro may be the name of what it makes, also each part of a path.
            let most = if matches!(form, Form::Generated) {
                1
            } else {
                4
            };
            Item {
                form,
                module: random.below(MODULES),
                names: (0..random.below(most))
                    .map(|_| random.below(count))
                    .collect(),
                value: 1000 + number,
                comment: 0,
            }
        });
        Self {
            items: items.collect(),
        }
    }

    /// Any item, by its number.
    pub(crate) fn any(&self, random: &mut Random) -> usize {
        random.below(self.items.len())
    }

    /// Gives an item another meaning.
    pub(crate) fn alter(&mut self, item: usize) {
        self.items[item].value += 5000;
    }

    /// Gives an item another comment.
    pub(crate) fn comment(&mut self, item: usize) {
        self.items[item].comment += 1;
    }

    /// Puts the items in another order.
    pub(crate) fn order(&self, random: &mut Random) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.items.len()).collect();
        for at in (1..order.len()).rev() {
            order.swap(at, random.below(at + 1));
        }
        order
    }

    /// The memoized functions by name, and whether each reaches `item`.
    pub(crate) fn reaching(&self, item: usize) -> Vec<(String, bool)> {
        let memoized = |(_, item): &(usize, &Item)| matches!(item.form, Form::Memoized);
        let memoized = self.items.iter().enumerate().filter(memoized);
        memoized
            .map(|(number, _)| (format!("f{number}"), self.reached(number).contains(&item)))
            .collect()
    }

    fn reached(&self, from: usize) -> BTreeSet<usize> {
        let mut reached = BTreeSet::new();
        let mut open = vec![from];
        while let Some(item) = open.pop() {
            if reached.insert(item) {
                open.extend(&self.items[item].names);
            }
        }
        reached
    }

    /// The program as a crate, with its items in this order; modules of odd number are files.
    pub(crate) fn written(&self, order: &[usize]) -> Crate {
        let mut root = DEFINE.to_owned();
        // Macros are known below their definition only.
        for &number in order {
            if matches!(self.items[number].form, Form::Macro) {
                self.write(number, &mut root);
            }
        }
        let mut krate = Crate::default();
        for module in 0..MODULES {
            let mut text = String::new();
            for &number in order {
                let item = &self.items[number];
                if item.module == module && !matches!(item.form, Form::Macro) {
                    self.write(number, &mut text);
                }
            }
            if module % 2 == 0 {
                let _ = write!(root, "pub mod m{module} {{\n{text}\n}}\n");
            } else {
                let _ = writeln!(root, "pub mod m{module};");
                krate.files.insert(format!("code/m{module}.rs"), text);
            }
        }
        krate.files.insert(ROOT.to_owned(), root);
        krate
    }

    fn write(&self, number: usize, text: &mut String) {
        let Item {
            form,
            names,
            value,
            comment,
            ..
        } = &self.items[number];
        let used: Vec<String> = names.iter().map(|&number| self.used(number)).collect();
        let sum = format!(
            "{{ {value} + {} 0 }}",
            used.iter().map(|it| format!("{it} + ")).collect::<String>()
        );
        let n = number;
        let _ = writeln!(text, "// note {comment}");
        let _ = match form {
            Form::Memoized => writeln!(text, "#[memo] pub fn f{n}() -> i64 {sum}"),
            Form::Function => writeln!(text, "pub fn f{n}() -> i64 {sum}"),
            Form::Constant => writeln!(text, "pub const C{n}: i64 = {sum};"),
            Form::Method => writeln!(
                text,
                "pub struct T{n}; impl T{n} {{ pub fn go{n}(&self) -> i64 {sum} }}"
            ),
            Form::Operator => writeln!(
                text,
                "pub struct T{n}; impl std::ops::Neg for T{n} {{ type Output = i64; fn neg(self) -> i64 {sum} }}"
            ),
            Form::Drop => writeln!(
                text,
                "pub struct T{n}; impl Drop for T{n} {{ fn drop(&mut self) {{ print({sum}) }} }}"
            ),
            Form::Object => writeln!(
                text,
                "pub trait R{n} {{ fn go{n}(&self) -> i64; }} struct T{n}; impl R{n} for T{n} {{ fn go{n}(&self) -> i64 {sum} }}"
            ),
            Form::Macro => writeln!(text, "macro_rules! mac{n} {{ () => {{ {sum} }} }}"),
            Form::Generated => writeln!(text, "define! {{ f{n} {sum} }}"),
        };
    }

    /// The expression in which an item is named.
    fn used(&self, n: usize) -> String {
        let Item { form, module, .. } = self.items[n];
        match form {
            Form::Memoized | Form::Function | Form::Generated => {
                format!("crate::m{module}::f{n}()")
            }
            Form::Constant => format!("crate::m{module}::C{n}"),
            Form::Method => format!("crate::m{module}::T{n}.go{n}()"),
            Form::Operator => format!("-crate::m{module}::T{n}"),
            Form::Drop => format!("drop(crate::m{module}::T{n})"),
            Form::Object => format!("any::<&dyn crate::m{module}::R{n}>().go{n}()"),
            Form::Macro => format!("mac{n}!()"),
        }
    }
}
