//! Trait objects and default methods.

use std::fmt;

use lengths::Length;

/// Something with an area.
pub trait Area {
    /// In square millimetres.
    fn area(&self) -> i64;

    /// Twice that.
    fn doubled(&self) -> i64 {
        2 * self.area()
    }

    /// What it is called.
    fn name(&self) -> String {
        String::from("shape")
    }
}

/// A square.
pub struct Square(pub Length);

/// A circle.
pub struct Circle {
    radius: Length,
}

impl Circle {
    /// Around the origin.
    pub fn new(radius: impl Into<Length>) -> Self {
        Self {
            radius: radius.into(),
        }
    }
}

impl Area for Square {
    fn area(&self) -> i64 {
        squared(self.0)
    }

    fn name(&self) -> String {
        "square".to_owned()
    }
}

impl Area for Circle {
    fn area(&self) -> i64 {
        squared(self.radius) * 355 / 113
    }
}

impl<A: Area + ?Sized> Area for Box<A> {
    fn area(&self) -> i64 {
        (**self).area()
    }

    fn name(&self) -> String {
        format!("boxed {}", (**self).name())
    }
}

impl Area for fn() -> i64 {
    fn area(&self) -> i64 {
        self()
    }
}

fn squared(length: Length) -> i64 {
    length.get() * length.get()
}

/// Some shapes.
pub fn all() -> Vec<Box<dyn Area>> {
    vec![
        Box::new(Square(Length::millimetres(3))),
        Box::new(Circle::new(2u8)),
        Box::new(seven as fn() -> i64),
    ]
}

fn seven() -> i64 {
    7
}

impl fmt::Debug for dyn Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({})", self.name(), self.area())
    }
}
