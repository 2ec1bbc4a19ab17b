//! Numbers of any size.

use memo_runtime::memo;
use num_bigint::{BigInt, BigUint, Sign, ToBigInt};
use num_integer::{Integer, Roots, binomial};
use num_traits::{CheckedSub, FromPrimitive, Num, One, Pow, ToPrimitive, Zero, pow};

#[memo]
fn factorial() -> String {
    (1u32..=40)
        .fold(BigUint::one(), |product, n| product * n)
        .to_string()
}

#[memo]
fn fibonacci() -> String {
    let (mut a, mut b) = (BigUint::zero(), BigUint::one());
    for _ in 0..200 {
        let next = &a + &b;
        a = std::mem::replace(&mut b, next);
    }
    format!("{a} {a:x} {}", a.bits())
}

#[memo]
fn dividing() -> String {
    let a = BigInt::parse_bytes(b"-123456789012345678901234567890", 10).unwrap_or_default();
    let b = 987_654_321.to_bigint().unwrap_or_default();
    let (quotient, rest) = a.div_mod_floor(&b);
    format!(
        "{quotient} {rest} {} {} {:?}",
        &a / &b,
        a.clone() % &b,
        (-a).sign() == Sign::Plus
    )
}

#[memo]
fn powers() -> String {
    let base = BigUint::from(7u8);
    let modulus = BigUint::from_u64(1_000_000_007).unwrap_or_default();
    let big = Pow::pow(&base, 50u32);
    format!(
        "{} {} {}",
        base.modpow(&big, &modulus),
        big.sqrt(),
        big.nth_root(5)
    )
}

#[memo]
fn bits() -> String {
    let a = BigInt::from(0b1011_0110) << 70;
    let b = BigInt::from(-12345);
    format!(
        "{} {} {} {} {:?}",
        &a & &b,
        &a | &b,
        &a ^ &b,
        a >> 65u8,
        b.to_signed_bytes_le()
    )
}

#[memo]
fn common() -> String {
    let a: BigUint = BigUint::from(2u8).pow(61u32) * 9u8;
    let b: BigUint = BigUint::from(6u8).pow(10u32);
    format!("{} {} {:?}", a.gcd(&b), a.lcm(&b), b.checked_sub(&a))
}

#[memo]
fn integers() -> String {
    let gcd = 84i32.extended_gcd(&30);
    format!(
        "{gcd:?} {} {} {} {}",
        7.div_floor(&-2),
        binomial(20u64, 7),
        1000u16.cbrt(),
        12.is_even()
    )
}

#[memo]
fn primitives() -> String {
    let big = BigInt::from_str_radix("-zz", 36).unwrap_or_default();
    let narrow = 300i32.to_u8();
    format!(
        "{big} {:?} {narrow:?} {} {:?}",
        big.to_i16(),
        pow(3u64, 9),
        f64::from_i8(-3)
    )
}
