//! The functions that a source file defines, and where their bodies are.
//!
//! Those in the bodies of macros by example, and in the arguments of macro calls, are among them.
//! What is compiled for tests alone is not.

use std::ops::Range;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{AttrStyle, Attribute, Block, Ident};

/// What kind of item a function is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A free function, or one in another function.
    Function,
    /// In an inherent impl.
    Inherent,
    /// In an impl of a trait.
    Implementation,
    /// The default of a trait.
    Default,
    /// In the body of a macro by example, or in the arguments of a macro call.
    Macro,
}

/// A function with a body.
#[derive(Clone, Debug)]
pub struct Function {
    /// Where it is in its crate, such as `shape::impl Area for Square::area`.
    pub path: String,
    /// What kind of item it is.
    pub kind: Kind,
    /// The line of its name, from 1.
    pub line: usize,
    /// The bytes of its body, braces included.
    pub body: Range<usize>,
    /// Where its first statement can be: after inner attributes.
    pub start: usize,
    /// Whether it has the attribute `memo`.
    pub memoized: bool,
}

/// A module that a file declares and another file contains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// Its name with those of the inline modules around it in the file.
    pub path: Vec<String>,
    /// What its `#[path]` says.
    pub file: Option<String>,
}

/// What a source file defines.
#[derive(Debug, Default)]
pub struct Found {
    /// Its functions, in no order.
    pub functions: Vec<Function>,
    /// Its modules in other files.
    pub modules: Vec<Declared>,
    /// Where its first item begins.
    pub first_item: usize,
}

/// Finds what the text of a file defines, which is the module `module` of its crate.
///
/// # Errors
///
/// It cannot be parsed.
pub fn find(text: &str, module: &[String]) -> syn::Result<Found> {
    let file = syn::parse_file(text)?;
    let mut finder = Finder {
        found: Found::default(),
        scope: module.to_vec(),
        depth: module.len(),
        kind: Kind::Function,
    };
    finder.visit_file(&file);
    if let Some(item) = file.items.first() {
        finder.found.first_item = item.span().byte_range().start;
    }
    Ok(finder.found)
}

struct Finder {
    found: Found,
    /// The path of the item that is being visited.
    scope: Vec<String>,
    /// How much of it is that of the file.
    depth: usize,
    /// What kind a function is here.
    kind: Kind,
}

impl Finder {
    fn within(&mut self, name: String, kind: Kind, visit: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.kind, kind);
        self.scope.push(name);
        visit(self);
        self.scope.pop();
        self.kind = outer;
    }

    fn function(&mut self, attributes: &[Attribute], name: &Ident, block: &Block) {
        let braces = block.brace_token.span;
        let open = braces.open().byte_range();
        let inner = attributes
            .iter()
            .filter(|attribute| matches!(attribute.style, AttrStyle::Inner(_)))
            .map(|attribute| attribute.span().byte_range().end)
            .max();
        self.found.functions.push(Function {
            path: path(&self.scope, &name.to_string()),
            kind: self.kind,
            line: name.span().start().line,
            body: open.start..braces.close().byte_range().end,
            start: inner.unwrap_or(open.end),
            memoized: attributes.iter().any(is_memo),
        });
    }

    /// Finds functions among the tokens that a macro sees: `fn`, a name, and braces before a
    /// semicolon.
    fn tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            if let Some((name, end)) = function_at(&tokens, at)
                && let TokenTree::Group(body) = &tokens[end]
            {
                let braces = body.delim_span();
                let open = braces.open().byte_range();
                self.found.functions.push(Function {
                    path: path(&self.scope, &name),
                    kind: Kind::Macro,
                    line: tokens[at + 1].span().start().line,
                    body: open.start..braces.close().byte_range().end,
                    start: open.end,
                    memoized: false,
                });
            }
            if let TokenTree::Group(group) = &tokens[at] {
                self.tokens(group.stream());
            }
            at += 1;
        }
    }

    /// Finds functions in the right-hand sides of the rules of a macro by example.
    fn rules(&mut self, tokens: TokenStream) {
        let mut after_arrow = false;
        for tree in tokens {
            match tree {
                TokenTree::Punct(punct) => after_arrow = punct.as_char() == '>',
                TokenTree::Group(group) if after_arrow => self.tokens(group.stream()),
                _ => {}
            }
        }
    }
}

/// The name of the function whose `fn` is at `at`, and where its body is.
fn function_at(tokens: &[TokenTree], at: usize) -> Option<(String, usize)> {
    let is_fn = matches!(&tokens[at], TokenTree::Ident(word) if word == "fn");
    let name = match tokens.get(at + 1)? {
        _ if !is_fn => return None,
        TokenTree::Ident(name) => name.to_string(),
        TokenTree::Punct(dollar) if dollar.as_char() == '$' => {
            format!("${}", tokens.get(at + 2)?)
        }
        _ => return None,
    };
    for (end, token) in tokens.iter().enumerate().skip(at + 2) {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                return Some((name, end));
            }
            TokenTree::Punct(punct) if punct.as_char() == ';' => return None,
            TokenTree::Ident(word) if word == "fn" => return None,
            _ => {}
        }
    }
    None
}

fn path(scope: &[String], name: &str) -> String {
    let mut path = scope.join("::");
    if !path.is_empty() {
        path.push_str("::");
    }
    path + name
}

fn is_memo(attribute: &Attribute) -> bool {
    let last = attribute.path().segments.last();
    last.is_some_and(|segment| segment.ident == "memo")
}

/// Whether something is compiled for tests alone.
fn for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let path = attribute.path();
        path.is_ident("test")
            || path.is_ident("bench")
            || path.is_ident("cfg")
                && attribute
                    .meta
                    .require_list()
                    .is_ok_and(|list| demands_test(list.tokens.clone()))
    })
}

/// Whether a predicate can hold in tests alone: it is `test`, or `all(…)` with it.
fn demands_test(predicate: TokenStream) -> bool {
    let mut trees = predicate.into_iter();
    match (trees.next(), trees.next()) {
        (Some(TokenTree::Ident(name)), None) => name == "test",
        (Some(TokenTree::Ident(name)), Some(TokenTree::Group(all))) if name == "all" => {
            let all: Vec<TokenTree> = all.stream().into_iter().collect();
            all.split(|tree| matches!(tree, TokenTree::Punct(comma) if comma.as_char() == ','))
                .any(|part| demands_test(part.iter().cloned().collect()))
        }
        _ => false,
    }
}

/// A type or a trait in as few words as tell it apart.
fn words(tokens: &impl Spanned) -> String {
    let source = tokens.span().source_text().unwrap_or_default();
    source.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        let attributes = match item {
            syn::Item::Fn(item) => &item.attrs,
            syn::Item::Impl(item) => &item.attrs,
            syn::Item::Mod(item) => &item.attrs,
            syn::Item::Trait(item) => &item.attrs,
            syn::Item::Macro(item) => &item.attrs,
            _ => return visit::visit_item(self, item),
        };
        if !for_tests(attributes) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.attrs, &item.sig.ident, &item.block);
        let name = item.sig.ident.to_string();
        self.within(name, Kind::Function, |this| {
            visit::visit_item_fn(this, item);
        });
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let name = item.ident.to_string();
        if item.content.is_none() {
            let mut path = self.scope[self.depth..].to_vec();
            path.push(name.trim_start_matches("r#").to_owned());
            let file = item.attrs.iter().find_map(named_path);
            self.found.modules.push(Declared { path, file });
        } else {
            self.within(name, Kind::Function, |this| {
                visit::visit_item_mod(this, item);
            });
        }
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        let this = words(&*item.self_ty);
        let (name, kind) = match &item.trait_ {
            Some((trait_, _)) => (
                format!("impl {} for {this}", words(trait_)),
                Kind::Implementation,
            ),
            None => (format!("impl {this}"), Kind::Inherent),
        };
        self.within(name, kind, |this| visit::visit_item_impl(this, item));
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if for_tests(&item.attrs) {
            return;
        }
        self.function(&item.attrs, &item.sig.ident, &item.block);
        let name = item.sig.ident.to_string();
        self.within(name, Kind::Function, |this| {
            visit::visit_impl_item_fn(this, item);
        });
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        self.within(item.ident.to_string(), Kind::Default, |this| {
            visit::visit_item_trait(this, item);
        });
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        let Some(block) = &item.default else { return };
        self.function(&item.attrs, &item.sig.ident, block);
        let name = item.sig.ident.to_string();
        self.within(name, Kind::Function, |this| {
            visit::visit_trait_item_fn(this, item);
        });
    }

    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        match &item.ident {
            Some(name) => self.within(format!("{name}!"), Kind::Macro, |this| {
                this.rules(item.mac.tokens.clone());
            }),
            None => self.visit_macro(&item.mac),
        }
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.within(format!("{}!", words(&call.path)), Kind::Macro, |this| {
            this.tokens(call.tokens.clone());
        });
    }
}

fn named_path(attribute: &Attribute) -> Option<String> {
    let pair = attribute.meta.require_name_value().ok()?;
    match &pair.value {
        syn::Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(file),
            ..
        }) if pair.path.is_ident("path") => Some(file.value()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
