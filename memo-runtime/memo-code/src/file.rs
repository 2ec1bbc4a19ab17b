//! What one source file says: its modules and items, whatever crate it is in.
//!
//! This is what is remembered from one build to the next, so nothing in it depends on where the
//! file is, on features or on other files.

mod wire;

/// The index of a name in [`FileItems::names`].
pub(crate) type LocalName = u32;

/// The items of one file.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct FileItems {
    pub(crate) names: Vec<String>,
    /// The file's own module first, then inline modules and function bodies that hold items.
    pub(crate) modules: Vec<FileModule>,
    /// `mod name;`
    pub(crate) declared: Vec<Declared>,
    /// `include!` among items.
    pub(crate) included: Vec<IncludedItems>,
    pub(crate) nodes: Vec<Node>,
    /// Why the file could not be split into items, if so: it then is one node.
    pub(crate) problem: Option<String>,
}

/// A module or a function body within a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct FileModule {
    /// Empty for the file's own.
    pub(crate) name: String,
    pub(crate) parent: u32,
    /// A function body: its items are named from nowhere else.
    pub(crate) is_body: bool,
    /// Where `#[path]` says that files of modules in it are.
    pub(crate) path: Option<String>,
    pub(crate) only: Only,
    /// The node of the `mod` that declares it.
    pub(crate) node: Option<u32>,
    /// The function that it is the body of.
    pub(crate) owner: Option<u32>,
}

/// A module in a file of its own.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Declared {
    pub(crate) module: u32,
    pub(crate) name: String,
    /// What `#[path]` says, also in a `cfg_attr`.
    pub(crate) paths: Vec<String>,
    /// Whether `#[path]` stands there without a condition.
    pub(crate) path_is_certain: bool,
    pub(crate) only: Only,
    /// The node of the `mod` that declares it.
    pub(crate) node: u32,
}

/// An `include!` where items may stand.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct IncludedItems {
    pub(crate) module: u32,
    pub(crate) file: Include,
    pub(crate) only: Only,
}

/// Whether something is compiled in tests only, or only elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Only {
    pub(crate) tests: bool,
    pub(crate) others: bool,
}

impl Only {
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            tests: self.tests || other.tests,
            others: self.others || other.others,
        }
    }

    pub(crate) fn excludes(self, test: bool) -> bool {
        if test { self.others } else { self.tests }
    }
}

/// A file that code includes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Include {
    /// Relative to the file.
    Beside(String),
    /// Relative to the package's directory.
    InPackage(String),
    /// Relative to `OUT_DIR`.
    Generated(String),
    /// It cannot be told which.
    Unknown,
}

/// From where an item can be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// From its crate and those that depend on it.
    Public,
    /// From its crate.
    Crate,
    /// From the module that many levels above it, and below that.
    Module(u8),
}

/// An item, or a part of one that counts by itself.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    pub(crate) module: u32,
    /// The impl or trait that it is a part of.
    pub(crate) parent: Option<u32>,
    /// Its name, or what it is called in a path.
    pub(crate) label: String,
    pub(crate) defines: Vec<LocalName>,
    pub(crate) scope: Scope,
    /// Of its tokens, without `#[memo]`.
    pub(crate) digest: [u8; 32],
    pub(crate) only: Only,
    /// Where it begins and ends, without its attributes.
    pub(crate) line: u32,
    pub(crate) last_line: u32,
    /// Without comments.
    pub(crate) text: String,
    pub(crate) mentions: Mentions,
    /// What attributes and macros could make of it that nobody names here.
    pub(crate) wild: Option<Wild>,
    pub(crate) function: Option<FunctionFacts>,
}

/// What an item is, as far as it matters for what it brings along.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    /// A function, constant or static.
    Value,
    /// An item that is defined elsewhere, under the same name.
    Foreign,
    /// A struct, enum, union or alias, with the traits that it derives.
    Type {
        derives: Vec<LocalName>,
        alias: bool,
    },
    /// A trait without its functions.
    Trait,
    /// A function of a trait.
    TraitItem,
    /// An impl without its items.
    Impl(Header),
    /// A function or constant of an impl.
    ImplItem { function: bool },
    /// One name that a `use` or `extern crate` brings.
    Import { path: Vec<LocalName> },
    /// `use path::*`, `#[macro_use] extern crate`.
    Glob { path: Vec<LocalName> },
    /// `macro_rules!` and `macro`.
    Macro,
    /// A procedural macro.
    ProceduralMacro,
    /// A macro called where items stand.
    Invocation,
    /// A module's attributes.
    Module,
    /// Attributes of the whole crate or file.
    Attributes,
    /// A file that cannot be split.
    File,
}

/// What stands before the braces of an impl.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Header {
    /// The path of the trait, without its arguments.
    pub(crate) of: Vec<LocalName>,
    /// The paths in the self type and in the trait's arguments.
    pub(crate) types: Vec<Vec<LocalName>>,
    /// Whether it has type parameters.
    pub(crate) generic: bool,
    /// Whether it has members that are neither functions nor constants nor types.
    pub(crate) has_others: bool,
}

/// Names that something unknown may make an item reachable by.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Wild {
    /// Exactly these.
    pub(crate) names: Vec<LocalName>,
    /// And every name that has one of these in it.
    pub(crate) stems: Vec<LocalName>,
    /// The attributes and derives that make it so.
    pub(crate) macros: Vec<LocalName>,
    /// Nothing that it is given tells what a macro from elsewhere makes.
    pub(crate) anything: bool,
    /// It writes, or is given, a glob import.
    pub(crate) glob: bool,
    /// It writes, or is given, an impl.
    pub(crate) impls: bool,
}

/// What is known of a function beside its tokens.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FunctionFacts {
    /// Line and column of its name, both from 1.
    pub(crate) at: (u32, u32),
    /// The names in its signature.
    pub(crate) signature: Vec<LocalName>,
    /// Whether it has type parameters.
    pub(crate) generic: bool,
    pub(crate) memo: Option<MemoAttribute>,
}

/// A `#[memo]` attribute.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MemoAttribute {
    pub(crate) code: Option<String>,
    pub(crate) version: Option<String>,
}

/// What tokens speak of.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Mentions {
    /// Names, sorted, each with how it stands there: [`PLAIN`], [`CALLED`], [`ROOT`],
    /// [`QUALIFIED`].
    pub(crate) names: Vec<(LocalName, u8)>,
    /// Names in `dyn …`.
    pub(crate) dynamic: Vec<LocalName>,
    pub(crate) environment: Vec<String>,
    pub(crate) files: Vec<Include>,
    pub(crate) conditions: Vec<String>,
    /// Files that are included as code, where no items stand.
    pub(crate) code: Vec<Include>,
    /// The parts out of which a macro makes names, if one does.
    pub(crate) pasted: Option<Vec<LocalName>>,
    /// Strings that a macro or an attribute is given, and which could name a file.
    pub(crate) paths: Vec<String>,
    /// Strings that a macro is given, and which could name a variable.
    pub(crate) variables: Vec<String>,
    /// A macro is given the name of a variable.
    pub(crate) any_variable: bool,
    /// Macros of which nothing is known here are called with strings, or by name alone.
    pub(crate) macros: Vec<LocalName>,
}

/// It may be the name of an item.
pub(crate) const PLAIN: u8 = 1;
/// It may be the name of an associated item.
pub(crate) const CALLED: u8 = 2;
/// It may be the name of a crate or module.
pub(crate) const ROOT: u8 = 4;
/// It may be the name of an item in another module: it stands behind `::`, or a macro sees it.
pub(crate) const QUALIFIED: u8 = 8;
/// It stands in a string that an attribute has: what is in a module of that name may be meant.
pub(crate) const STRING: u8 = 16;
/// A macro of the standard library is given it: unless that is another macro, it is code.
pub(crate) const STANDARD: u8 = 32;
/// It leads to something, with `::` behind: it is no function, constant or static.
pub(crate) const LEADING: u8 = 64;
/// It may be anything.
pub(crate) const ANY: u8 = PLAIN | CALLED | ROOT | QUALIFIED;
