//! What the compiler says about a mistake with `#[memo]` or `call!`: each message is part of the
//! interface, and `ui/` holds one source for each with the message beside it.

#[test]
fn every_mistake_has_its_message() {
    trybuild::TestCases::new().compile_fail("ui/*.rs");
}
