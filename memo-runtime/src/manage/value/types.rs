//! From the name of a type to the form of its values.
//!
//! Known are the types of the standard library that serde knows, and what is
//! made of them. What anything else is made of its name does not tell.

/// How deep types may be nested.
const DEEPEST: usize = 64;

/// What values of a type are made of.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Type {
    Unit,
    Bool,
    Char,
    Text,
    /// So many bytes.
    Unsigned(usize),
    Signed(usize),
    Single,
    Double,
    /// As many parts as there are types.
    Tuple(Vec<Type>),
    Array(Box<Type>, u64),
    List(Box<Type>),
    Map(Box<[Type; 2]>),
    Optional(Box<Type>),
    /// `Ok` and `Err`.
    Outcome(Box<[Type; 2]>),
    Struct(&'static str, &'static [(&'static str, Type)]),
}

/// Fields of structs whose names tell what is in them.
const DURATION: Type = Type::Struct(
    "Duration",
    &[("secs", Type::Unsigned(8)), ("nanos", Type::Unsigned(4))],
);
const SYSTEM_TIME: Type = Type::Struct(
    "SystemTime",
    &[
        ("secs_since_epoch", Type::Unsigned(8)),
        ("nanos_since_epoch", Type::Unsigned(4)),
    ],
);

impl Type {
    /// The fewest bytes that a value has.
    pub(super) fn fewest_bytes(&self) -> u64 {
        match self {
            Self::Unit => 0,
            Self::Bool | Self::Char | Self::Optional(_) => 1,
            Self::Unsigned(bytes) | Self::Signed(bytes) => *bytes as u64,
            Self::Single | Self::Outcome(_) => 4,
            Self::Double | Self::Text | Self::List(_) | Self::Map(_) => 8,
            Self::Tuple(types) => types.iter().map(Self::fewest_bytes).sum(),
            Self::Array(element, len) => element.fewest_bytes().saturating_mul(*len),
            Self::Struct(_, fields) => fields.iter().map(|(_, of)| of.fewest_bytes()).sum(),
        }
    }
}

/// The type of this name, as the compiler tells it; `None`: the name does not
/// say what it is made of.
pub(super) fn parse(name: &str) -> Option<Type> {
    let mut parser = Parser { rest: name };
    let parsed = parser.one(0)?;
    parser.rest.is_empty().then_some(parsed)
}

struct Parser<'n> {
    rest: &'n str,
}

impl<'n> Parser<'n> {
    fn one(&mut self, depth: usize) -> Option<Type> {
        if depth > DEEPEST {
            return None;
        }
        if self.takes("&") {
            self.takes("'static ");
            return self.one(depth + 1);
        }
        if self.takes("(") {
            let parts = self.all(")", depth)?;
            return Some(if parts.is_empty() {
                Type::Unit
            } else {
                Type::Tuple(parts)
            });
        }
        if self.takes("[") {
            let element = Box::new(self.one(depth + 1)?);
            if self.takes("]") {
                return Some(Type::List(element));
            }
            self.takes("; ").then_some(())?;
            let len = self.word().parse().ok()?;
            return self.takes("]").then_some(Type::Array(element, len));
        }
        let path = self.word();
        let arguments = if self.takes("<") {
            self.all(">", depth)?
        } else {
            Vec::new()
        };
        named(path, arguments)
    }

    /// Types with commas between them, up to `end`. Lifetimes count for nothing.
    fn all(&mut self, end: &str, depth: usize) -> Option<Vec<Type>> {
        let mut types = Vec::new();
        while !self.takes(end) {
            if self.takes("'") {
                self.word();
            } else {
                types.push(self.one(depth + 1)?);
            }
            if !self.takes(", ") {
                self.takes(",");
            }
        }
        Some(types)
    }

    fn word(&mut self) -> &'n str {
        let ends = |c: char| !(c.is_alphanumeric() || c == '_' || c == ':');
        let (word, rest) = self
            .rest
            .split_at(self.rest.find(ends).unwrap_or(self.rest.len()));
        self.rest = rest;
        word
    }

    fn takes(&mut self, sign: &str) -> bool {
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }
}

fn named(path: &str, arguments: Vec<Type>) -> Option<Type> {
    let name = match path.split_once("::") {
        Some(("core" | "alloc" | "std", _)) => path.rsplit("::").next()?,
        Some(_) => return None,
        None => return primitive(path),
    };
    let mut arguments = arguments.into_iter();
    let mut next = || arguments.next();
    Some(match name {
        "String" | "PathBuf" | "Path" => Type::Text,
        "Duration" => DURATION,
        "SystemTime" => SYSTEM_TIME,
        "PhantomData" => Type::Unit,
        "Vec" | "VecDeque" | "LinkedList" | "BinaryHeap" | "HashSet" | "BTreeSet" => {
            Type::List(Box::new(next()?))
        }
        "HashMap" | "BTreeMap" => Type::Map(Box::new([next()?, next()?])),
        "Option" => Type::Optional(Box::new(next()?)),
        "Result" => Type::Outcome(Box::new([next()?, next()?])),
        "Box" | "Rc" | "Arc" | "Cow" | "Cell" | "RefCell" | "Mutex" | "RwLock" | "NonZero"
        | "Wrapping" | "Saturating" | "Reverse" => next()?,
        _ => return None,
    })
}

fn primitive(name: &str) -> Option<Type> {
    Some(match name {
        "bool" => Type::Bool,
        "char" => Type::Char,
        "str" => Type::Text,
        "f32" => Type::Single,
        "f64" => Type::Double,
        "usize" => Type::Unsigned(8),
        "isize" => Type::Signed(8),
        _ => {
            let bytes = match name.get(1..)? {
                "8" => 1,
                "16" => 2,
                "32" => 4,
                "64" => 8,
                "128" => 16,
                _ => return None,
            };
            match name.as_bytes()[0] {
                b'u' => Type::Unsigned(bytes),
                b'i' => Type::Signed(bytes),
                _ => return None,
            }
        }
    })
}
