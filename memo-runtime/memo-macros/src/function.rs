//! A function that `#[memo]` stands on: its parts, and whether its results can be kept.
//!
//! Only the signature is parsed. The body is passed through as it is, so that what is wrong with it
//! is said by the compiler, and an editor sees it while it is being written.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{
    Attribute, Error, FnArg, Pat, ReceiverKind, ReturnType, Safety, Signature, Type, Visibility,
};

use crate::settings::Errors;

/// A parsed function.
pub(crate) struct Function {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) signature: Signature,
    pub(crate) body: Group,
    pub(crate) arguments: Vec<Argument>,
}

/// An argument other than the receiver.
pub(crate) struct Argument {
    /// Its name; that of a pattern is made of the names that it binds.
    pub(crate) name: Ident,
    /// The pattern, if the argument is not just a name.
    pub(crate) pattern: Option<Pat>,
    pub(crate) ty: Type,
}

impl Function {
    /// The names under which arguments are part of the key.
    pub(crate) fn argument_names(&self) -> Vec<String> {
        let receiver = self.signature.receiver().map(|_| "self".to_owned());
        let arguments = self
            .arguments
            .iter()
            .map(|argument| argument.name.to_string());
        receiver.into_iter().chain(arguments).collect()
    }

    /// The declared result type.
    pub(crate) fn result(&self) -> TokenStream {
        match &self.signature.output {
            ReturnType::Default => TokenStream::from_iter([TokenTree::from(Group::new(
                Delimiter::Parenthesis,
                TokenStream::new(),
            ))]),
            ReturnType::Type(_, ty) => ty.to_token_stream(),
        }
    }

    /// Where an error about the result type should point.
    pub(crate) fn result_name(&self) -> Span {
        match &self.signature.output {
            ReturnType::Default => self.signature.ident.span(),
            ReturnType::Type(_, ty) => match &**ty {
                Type::Path(path) => path
                    .path
                    .segments
                    .last()
                    .map_or_else(|| ty.span(), |last| last.ident.span()),
                ty => ty.span(),
            },
        }
    }

    /// Checks that calls can be replaced by kept results.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let Signature {
            constness,
            safety,
            abi,
            variadic,
            output,
            inputs,
            ..
        } = &self.signature;
        let mut errors = Errors::default();
        if let Some(constness) = constness {
            errors.push(Error::new(
                constness.span(),
                "a `const fn` can run in the compiler, where there is no store: remove `const`, or memoize a function that calls it",
            ));
        }
        if let Safety::Unsafe(token) = safety {
            errors.push(Error::new(
                token.span(),
                "an `unsafe fn` cannot be memoized, because whether a call is sound is not part of its key: \
                 memoize a safe function that calls it",
            ));
        }
        if let Some(abi) = abi {
            errors.push(Error::new(
                abi.span(),
                "a function of another ABI cannot be memoized: memoize an ordinary function that calls it",
            ));
        }
        if let Some(variadic) = variadic {
            errors.push(Error::new(
                variadic.span(),
                "variadic arguments cannot be part of a key: give each argument a name",
            ));
        }
        for input in inputs {
            let (name, ty) = match input {
                FnArg::Receiver(receiver) => match &receiver.kind {
                    ReceiverKind::Reference(_, _, Some(_)) => {
                        errors.push(Error::new_spanned(receiver, mutable("self")));
                        continue;
                    }
                    ReceiverKind::Typed(_, ty) => ("self".to_owned(), &**ty),
                    _ => continue,
                },
                FnArg::Typed(argument) => (written(&argument.pat), &*argument.ty),
            };
            let found = Types::of(ty);
            if let Some(tokens) = found.mutable_reference {
                errors.push(Error::new_spanned(tokens, mutable(&name)));
            }
            if let Some(tokens) = found.impl_trait {
                errors.push(Error::new_spanned(
                    tokens,
                    format!(
                        "the type of argument `{name}` is part of the key, and `impl Trait` has no name: \
                         make it a type parameter, as in `fn f<T: Trait>({name}: T)`"
                    ),
                ));
            }
        }
        if let ReturnType::Type(_, ty) = output {
            let found = Types::of(ty);
            if let Some(tokens) = found.borrow {
                errors.push(Error::new_spanned(
                    tokens,
                    "a result that borrows cannot be read back from disk: return an owned value, such as `String` \
                     for `&str` or `Vec<T>` for `&[T]`",
                ));
            }
            if let Some(tokens) = found.impl_trait {
                errors.push(Error::new_spanned(
                    tokens,
                    "a result of type `impl Trait` cannot be read back from disk: name the type, such as `Vec<T>` \
                     for `impl Iterator<Item = T>`",
                ));
            }
        }
        errors.into_result()
    }
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> Result<Function, Error> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        if let Some(error) = not_a_function(input) {
            return Err(error);
        }
        let signature: Signature = input.parse()?;
        let body = match input.parse()? {
            TokenTree::Group(body) if body.delimiter() == Delimiter::Brace => body,
            token => {
                return Err(Error::new(
                    token.span(),
                    "`#[memo]` needs a function with a body: put it on the functions of the impls, or on a default body here",
                ));
            }
        };
        let arguments = signature
            .inputs
            .iter()
            .enumerate()
            .filter_map(Argument::new)
            .collect();
        Ok(Function {
            attributes,
            visibility,
            signature,
            body,
            arguments,
        })
    }
}

impl Argument {
    fn new((at, input): (usize, &FnArg)) -> Option<Argument> {
        let FnArg::Typed(argument) = input else {
            return None;
        };
        let ty = Type::clone(&argument.ty);
        if let Pat::Ident(name) = &*argument.pat
            && name.by_ref.is_none()
            && name.subpat.is_none()
        {
            return Some(Argument {
                name: name.ident.clone(),
                pattern: None,
                ty,
            });
        }
        let mut bindings = Bindings::default();
        bindings.visit_pat(&argument.pat);
        let name = match bindings.0.join("_") {
            name if name.is_empty() => format!("_{}", at + 1),
            name => name,
        };
        let name = Ident::new(&name, Span::mixed_site().located_at(argument.pat.span()));
        Some(Argument {
            name,
            pattern: Some(Pat::clone(&argument.pat)),
            ty,
        })
    }
}

/// The error for an item that is no function, if `input` starts with one.
fn not_a_function(input: ParseStream<'_>) -> Option<Error> {
    const ITEMS: [&str; 11] = [
        "struct", "enum", "union", "impl", "trait", "mod", "static", "type", "use", "let", "const",
    ];
    let ahead = input.fork();
    let mut item = None;
    while let Ok(token) = ahead.parse::<TokenTree>() {
        match token {
            TokenTree::Ident(word) if word == "fn" => return None,
            TokenTree::Ident(word) if ITEMS.iter().any(|item| word == item) => item = Some(word),
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => break,
            _ => {}
        }
    }
    let item = item?;
    let cure = match item.to_string().as_str() {
        "impl" | "trait" | "mod" => "put it on the functions inside",
        _ => "put it on the function that computes the value",
    };
    Some(Error::new(
        item.span(),
        format!("`#[memo]` needs a function with a body: {cure}"),
    ))
}

fn mutable(name: &str) -> String {
    format!(
        "what is written through `&mut` in argument `{name}` would be lost when the result is \
         loaded: take it by value or by `&`, and return what changes"
    )
}

/// A pattern as an error names it.
fn written(pattern: &Pat) -> String {
    match pattern {
        Pat::Ident(name) => name.ident.to_string(),
        pattern => pattern.to_token_stream().to_string(),
    }
}

#[derive(Default)]
struct Bindings(Vec<String>);

impl<'ast> Visit<'ast> for Bindings {
    fn visit_pat_ident(&mut self, pattern: &'ast syn::PatIdent) {
        let is_constant = pattern.ident.to_string().starts_with(char::is_uppercase);
        if !is_constant {
            self.0.push(pattern.ident.unraw().to_string());
        }
        visit::visit_pat_ident(self, pattern);
    }
}

/// What stands in a type that decides whether it can be an argument or a result. Types that are
/// only mentioned, as those of a function pointer's arguments, do not count.
#[derive(Default)]
struct Types {
    mutable_reference: Option<TokenStream>,
    borrow: Option<TokenStream>,
    impl_trait: Option<TokenStream>,
}

impl Types {
    fn of(ty: &Type) -> Types {
        let mut types = Types::default();
        types.visit_type(ty);
        types
    }
}

impl<'ast> Visit<'ast> for Types {
    fn visit_type_reference(&mut self, reference: &'ast syn::TypeReference) {
        self.borrow
            .get_or_insert_with(|| reference.to_token_stream());
        if reference.mutability.is_some() {
            self.mutable_reference
                .get_or_insert_with(|| reference.to_token_stream());
        }
        visit::visit_type_reference(self, reference);
    }

    fn visit_lifetime(&mut self, lifetime: &'ast syn::Lifetime) {
        if lifetime.ident != "static" {
            self.borrow
                .get_or_insert_with(|| lifetime.to_token_stream());
        }
    }

    fn visit_type_impl_trait(&mut self, ty: &'ast syn::TypeImplTrait) {
        self.impl_trait.get_or_insert_with(|| ty.to_token_stream());
    }

    fn visit_type_fn_ptr(&mut self, _: &'ast syn::TypeFnPtr) {}

    fn visit_type_trait_object(&mut self, _: &'ast syn::TypeTraitObject) {}
}
