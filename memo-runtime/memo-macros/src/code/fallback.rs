//! Sources parsed inside a procedural macro, without the compiler.
//!
//! While a macro is expanded, proc-macro2 makes every token by asking the compiler, which is slow
//! for whole crates and leaves the texts in its source map. [`Fallback`] makes it do without until
//! it is dropped. It does so for the whole process; what must hold is that no token of the compiler
//! is looked at meanwhile, so expansions take turns ([`exclusively`]).

use std::marker::PhantomData;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Held for the length of an expansion. Compilers expand one macro at a time; editors may not.
pub(crate) fn exclusively() -> MutexGuard<'static, ()> {
    static EXPANDING: Mutex<()> = Mutex::new(());
    EXPANDING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The time in which tokens are made without the compiler.
pub(super) struct Fallback(PhantomData<*const ()>);

impl Fallback {
    pub(super) fn begin() -> Fallback {
        proc_macro2::fallback::force();
        Fallback(PhantomData)
    }
}

impl Drop for Fallback {
    fn drop(&mut self) {
        proc_macro2::fallback::unforce();
    }
}
