//! `call!`: from a call of a memoized function to that of the function beside it, which gives the
//! call as a value.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Error, Expr, Ident};

/// The name of the function that `#[memo]` puts beside `function`.
pub(crate) fn companion(function: &Ident, span: Span) -> Ident {
    Ident::new(&format!("__memo_call_{}", function.unraw()), span)
}

/// The expression that gives the call written as `input`.
pub(crate) fn expand(input: TokenStream) -> Result<TokenStream, Error> {
    const FORM: &str = "`call!` takes one call of a memoized function, as in `call!(f(1, 2))`, `call!(Type::f(1))` or `call!(value.f(1))`";

    let written = input.clone();
    let mut expression: Expr =
        syn::parse2(input).map_err(|error| Error::new(error.span(), FORM))?;
    match &mut expression {
        Expr::MethodCall(call) => call.method = companion(&call.method, call.method.span()),
        Expr::Call(call) => match &mut *call.func {
            Expr::Path(function) => {
                if let Some(qualified) = &function.qself
                    && qualified.as_token.is_some()
                {
                    return Err(Error::new_spanned(
                        function,
                        "a function of a trait gives no call: the trait declares no other function than this one; call it without `call!`",
                    ));
                }
                if let Some(last) = function.path.segments.last_mut() {
                    last.ident = companion(&last.ident, last.ident.span());
                }
            }
            other => return Err(Error::new_spanned(other, FORM)),
        },
        _ => return Err(Error::new_spanned(written, FORM)),
    }
    Ok(expression.into_token_stream())
}
