//! Permissions as flags.

use bitflags::{Flags, bitflags};
use memo_runtime::memo;

bitflags! {
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    struct Access: u8 {
        const READ = 1;
        const WRITE = 1 << 1;
        const RUN = 1 << 2;
        const ALL = Self::READ.bits() | Self::WRITE.bits() | Self::RUN.bits();
    }
}

struct Raw(u16);

bitflags! {
    impl Raw: u16 {
        const LOW = 0xff;
        const HIGH = 0xff00;
    }
}

#[memo]
fn combining() -> String {
    let mut access = Access::READ | Access::RUN;
    access.insert(Access::WRITE);
    access -= Access::RUN;
    access.toggle(Access::READ);
    format!("{access:?} {:?} {:?}", !access, access ^ Access::ALL)
}

#[memo]
fn naming() -> String {
    let names: Vec<&str> = Access::all().iter_names().map(|(name, _)| name).collect();
    let single: Vec<Access> = Access::ALL.into_iter().collect();
    format!("{names:?} {single:?}")
}

#[memo]
fn text() -> String {
    let mut text = String::new();
    let access = Access::READ | Access::WRITE;
    let _ = bitflags::parser::to_writer(&access, &mut text);
    let back = bitflags::parser::from_str::<Access>("RUN | 0x1");
    let wrong = bitflags::parser::from_str::<Access>("RUN | JUMP");
    format!("{text} {back:?} {}", wrong.is_err())
}

#[memo]
fn by_trait() -> String {
    fn count<F: Flags>(flags: F) -> usize {
        flags.iter().count()
    }
    let raw = Raw::from_bits_truncate(0x1ff);
    format!(
        "{} {} {}",
        count(raw),
        Raw::LOW.contains(Raw::empty()),
        Raw::all().bits()
    )
}
