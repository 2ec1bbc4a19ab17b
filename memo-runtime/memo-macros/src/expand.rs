//! From a checked function to the code that is compiled in its place.
//!
//! The body becomes a closure that is handed to one function of the runtime together with the
//! inputs: who is called, and with what. That gives a call as a value. The function itself makes
//! the call at once; beside it stands, where there may be another function, one that only returns
//! the call, and which `call!` uses.
//!
//! What is emitted carries the edition and the hygiene of this crate, so that the result type of
//! the companion captures all lifetimes of the arguments whatever edition the function is written
//! in. Only what an error of the compiler should point at is located in the function.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{Attribute, FnArg, GenericParam, Meta, Pat, Path, Signature, Type, parse_quote};

use crate::call::companion;
use crate::code::Code;
use crate::compression::Compression;
use crate::function::Function;
use crate::place::{Place, Position};
use crate::settings::{Codec, Settings, mentions};

/// What is compiled in the place of `function`.
pub(crate) fn expand(
    function: &Function,
    settings: &Settings,
    position: Position,
    code: &Code,
) -> TokenStream {
    let runtime = &settings.runtime();
    let call = call(function, settings, position, code);
    let Function {
        attributes,
        visibility,
        signature,
        ..
    } = function;
    let is_deprecated = attributes
        .iter()
        .any(|attribute| attribute.path().is_ident("deprecated"));
    let lenience = is_deprecated.then(|| quote!(#[allow(deprecated)]));
    let attributes = attributes.iter().map(without_expectation);
    let wait = signature.asyncness.map(|_| quote!(.await));
    let with_names = named_arguments(function);
    let Some(owner) = owner_of_companion(signature, position.place) else {
        return quote! {
            #(#attributes)*
            #visibility #with_names {
                let __memo_call = { #call };
                __memo_call.get() #wait
            }
        };
    };

    let name = companion(&signature.ident, located_at(signature.ident.span()));
    let (inputs, generics) = (&with_names.inputs, &signature.generics);
    let where_clause = &generics.where_clause;
    let returned = returned(function, runtime);
    let for_both = function
        .attributes
        .iter()
        .filter(|attribute| is_for_both(attribute));
    let for_both = for_both.map(without_expectation);
    let mut delegating = with_names.clone();
    delegating.inputs.iter_mut().for_each(make_immutable);
    let type_arguments = type_arguments(signature);
    let receiver = signature.receiver().map(|receiver| receiver.self_token);
    let names = function.arguments.iter().map(|argument| &argument.name);
    let arguments = receiver
        .iter()
        .map(|token| quote!(#token))
        .chain(names.map(|name| quote!(#name)));
    quote! {
        #(#attributes)* #lenience
        #visibility #delegating {
            #owner #name #type_arguments (#(#arguments),*).get() #wait
        }

        #(#for_both)* #lenience
        #[doc(hidden)]
        #[allow(dead_code, clippy::too_many_arguments, clippy::type_complexity)]
        #visibility fn #name #generics (#inputs) -> #returned #where_clause { #call }
    }
}

/// The statements whose value is the call.
fn call(
    function: &Function,
    settings: &Settings,
    Position { ordinal, .. }: Position,
    code: &Code,
) -> TokenStream {
    let runtime = &settings.runtime();
    let ordinal = if settings.name.is_some() { 0 } else { ordinal };
    let name = option(settings.name.as_ref());
    let version = settings.version.unwrap_or(0);
    let (code, workspace) = (code.counted(runtime), code.workspace(runtime));
    let ttl = option(settings.ttl_seconds);
    let codec = option(settings.codec.map(|codec| match codec {
        Codec::Bincode => quote!(#runtime::__private::Codec::Bincode),
        Codec::MessagePack => quote!(#runtime::__private::Codec::MessagePack),
    }));
    let compress = option(
        settings
            .compress
            .map(|(by, span)| compression(by, span, runtime)),
    );
    let memory = settings.memory.unwrap_or(true);
    let arguments = arguments(function, settings);
    let store = settings
        .store
        .iter()
        .map(|store| quote!(__memo_inputs.store(&(#store));));
    let keeping = keeping(function, settings);
    let (call, body) = computation(function, runtime);
    quote! {
        #[allow(unexpected_cfgs)]
        static __MEMO_SITE: #runtime::__private::Site =
            #runtime::__private::Site::new(#runtime::__private::Function {
                package: ::core::env!("CARGO_PKG_NAME"),
                package_version: ::core::env!("CARGO_PKG_VERSION"),
                binary: ::core::option_env!("CARGO_BIN_NAME"),
                manifest_dir: ::core::env!("CARGO_MANIFEST_DIR"),
                name: #name,
                ordinal: #ordinal,
                version: #version,
                code: #code,
                workspace: #workspace,
                ttl: #ttl,
                codec: #codec,
                compress: #compress,
                memory: #memory,
            });
        struct __MemoHere;
        let mut __memo_inputs = #runtime::__private::Inputs::new(
            &__MEMO_SITE,
            ::core::any::type_name::<__MemoHere>(),
            ::core::any::type_name_of_val(&|| ()),
        );
        #(#arguments)*
        #(#store)*
        #runtime::__private::#call(__memo_inputs, #keeping, #body)
    }
}

/// The compression, if the runtime is built with it: otherwise the compiler's error points at where
/// it stands.
fn compression(compression: Compression, span: Span, runtime: &Path) -> TokenStream {
    let features = quote_spanned!(located_at(span)=> __MemoFeatures);
    let compression = match compression {
        Compression::None => return quote!(#runtime::__private::Compression::None),
        Compression::Zstd(level) => quote!(zstd::<#features>(#level)),
        Compression::Lz4 => quote!(lz4::<#features>()),
    };
    quote!({
        use #runtime::__private::Features as __MemoFeatures;
        #runtime::__private::#compression
    })
}

/// The statements that make the arguments part of the key. An empty enum carries the name of each
/// into the compiler's error if it cannot be.
fn arguments(function: &Function, settings: &Settings) -> Vec<TokenStream> {
    let is_ignored = |name: &str| settings.ignore.iter().any(|ignored| ignored == name);
    let mut statements = Vec::new();
    if let Some(receiver) = function.signature.receiver()
        && !is_ignored("self")
    {
        let token = receiver.self_token;
        let span = located_at(token.span);
        statements.push(quote_spanned! {span=> {
            #[allow(non_camel_case_types)]
            enum self_ {}
            __memo_inputs.arg::<self_, Self>("self", &#token);
        }});
    }
    for argument in &function.arguments {
        let (name, text) = (&argument.name, argument.name.unraw().to_string());
        if is_ignored(&argument.name.to_string()) {
            continue;
        }
        let value = value_behind(name, &argument.ty);
        statements.push(quote_spanned! {located_at(name.span())=> {
            #[allow(non_camel_case_types)]
            enum #name {}
            __memo_inputs.arg::<#name, _>(#text, #value);
        }});
    }
    statements
}

/// A reference to the value of an argument, without the references in its type: what they lead to
/// is the key, and what an error should name.
fn value_behind(name: &Ident, ty: &Type) -> TokenStream {
    match ty {
        Type::Reference(reference) => match &*reference.elem {
            Type::Reference(_) => {
                let inner = value_behind(name, &reference.elem);
                quote_spanned!(located_at(name.span())=> *#inner)
            }
            _ => quote_spanned!(located_at(name.span())=> #name),
        },
        Type::Group(group) => value_behind(name, &group.elem),
        _ => quote_spanned!(located_at(name.span())=> &#name),
    }
}

/// What is kept of a result.
fn keeping(function: &Function, settings: &Settings) -> TokenStream {
    let runtime = &settings.runtime();
    let result = function.result();
    let condition = settings.cache_if.iter();
    let span = located_at(settings.cache_err.unwrap_or_else(|| function.result_name()));
    let keeping = match settings.cache_err {
        Some(_) => quote_spanned!(span=> keeping_errors),
        None => quote_spanned!(span=> keeping),
    };
    let keeping = quote_spanned! {span=> {
        #[allow(unused_imports)]
        use #runtime::__private::{KeepAny as _, Returned as __MemoReturned};
        __MemoReturned::<#result>::new().#keeping()
    }};
    quote!(#keeping #(.when(#condition))*)
}

/// The function of the runtime that makes the call, and the body that it is given.
fn computation(function: &Function, runtime: &Path) -> (TokenStream, TokenStream) {
    let (result, body) = (function.result(), &function.body);
    let bindings = function.arguments.iter().filter_map(|argument| {
        let (name, pattern) = (&argument.name, argument.pattern.as_ref()?);
        Some(quote!(let #pattern = #name;))
    });
    let bindings = TokenStream::from_iter(bindings);
    let body = if bindings.is_empty() {
        quote!(#body)
    } else {
        quote!({ #bindings #body })
    };
    match function.signature.asyncness {
        None => (quote!(call), quote!(move || -> #result #body)),
        Some(_) => (
            quote!(call_async),
            quote!(#runtime::__private::future_of::<#result, _>(async move #body)),
        ),
    }
}

/// The type of the call.
fn returned(function: &Function, runtime: &Path) -> TokenStream {
    let result = function.result();
    match function.signature.asyncness {
        None => quote!(#runtime::Call<#result, impl ::core::ops::FnOnce() -> #result>),
        Some(_) => {
            quote!(#runtime::AsyncCall<#result, impl ::core::future::Future<Output = #result>>)
        }
    }
}

/// What stands before the companion's name in a call, or nothing if there can be no companion. A
/// function in an unknown place that does not speak of a type is taken for a free one.
fn owner_of_companion(signature: &Signature, place: Place) -> Option<TokenStream> {
    match place {
        Place::Free => Some(TokenStream::new()),
        Place::Inherent => Some(quote!(Self::)),
        Place::Trait => None,
        Place::Unknown => {
            let bound =
                signature.receiver().is_some() || mentions(signature.to_token_stream(), "Self");
            (!bound).then(TokenStream::new)
        }
    }
}

/// The signature with a name in the place of each pattern.
fn named_arguments(function: &Function) -> Signature {
    let mut signature = function.signature.clone();
    let typed = signature.inputs.iter_mut().filter_map(|input| match input {
        FnArg::Typed(typed) => Some(typed),
        FnArg::Receiver(_) => None,
    });
    for (input, argument) in typed.zip(&function.arguments) {
        if argument.pattern.is_some() {
            let name = &argument.name;
            *input.pat = parse_quote!(#name);
        }
    }
    signature
}

/// Takes away the `mut` of an argument that is only passed on.
fn make_immutable(input: &mut FnArg) {
    match input {
        FnArg::Receiver(receiver) => receiver.mutability = None,
        FnArg::Typed(typed) => {
            if let Pat::Ident(name) = &mut *typed.pat {
                name.mutability = None;
            }
        }
    }
}

/// The type and constant parameters as arguments; lifetimes are inferred.
fn type_arguments(signature: &Signature) -> Option<TokenStream> {
    let names: Vec<&Ident> = signature
        .generics
        .params
        .iter()
        .filter_map(|parameter| match parameter {
            GenericParam::Type(parameter) => Some(&parameter.ident),
            GenericParam::Const(parameter) => Some(&parameter.ident),
            _ => None,
        })
        .collect();
    (!names.is_empty()).then(|| quote!(::<#(#names),*>))
}

/// Whether an attribute says something about the body, which is in the companion, or about each
/// use of the function.
fn is_for_both(attribute: &Attribute) -> bool {
    [
        "allow",
        "expect",
        "warn",
        "deny",
        "forbid",
        "deprecated",
        "target_feature",
    ]
    .iter()
    .any(|name| attribute.path().is_ident(name))
}

/// `#[expect]` as `#[allow]`: what is expected of one function is found in one of two.
fn without_expectation(attribute: &Attribute) -> Attribute {
    let mut attribute = attribute.clone();
    if attribute.path().is_ident("expect")
        && let Meta::List(list) = &mut attribute.meta
    {
        list.path = parse_quote!(allow);
    }
    attribute
}

fn option(value: Option<impl ToTokens>) -> TokenStream {
    match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    }
}

fn located_at(span: Span) -> Span {
    Span::call_site().located_at(span)
}
