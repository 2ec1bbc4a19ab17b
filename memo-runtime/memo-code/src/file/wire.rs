//! How the items of a file are remembered: the fields in order, and a number for each variant.

use super::{
    Declared, FileItems, FileModule, FunctionFacts, Header, Include, IncludedItems, Kind,
    MemoAttribute, Mentions, Node, Only, Scope, Wild,
};
use crate::wire::{Reader, Wire, fields, write_bytes};

fields!(FileItems {
    names,
    modules,
    declared,
    included,
    nodes,
    problem
});
fields!(FileModule {
    name,
    parent,
    is_body,
    path,
    only,
    node,
    owner
});
fields!(Declared {
    module,
    name,
    paths,
    path_is_certain,
    only,
    node
});
fields!(IncludedItems { module, file, only });
fields!(Only { tests, others });
fields!(Node {
    kind,
    module,
    parent,
    label,
    defines,
    scope,
    digest,
    only,
    line,
    last_line,
    text,
    mentions,
    wild,
    function
});
fields!(Header {
    of,
    types,
    generic,
    has_others
});
fields!(Wild {
    names,
    stems,
    macros,
    anything,
    glob,
    impls
});
fields!(FunctionFacts {
    at,
    signature,
    generic,
    memo
});
fields!(MemoAttribute { code, version });
fields!(Mentions {
    names,
    dynamic,
    environment,
    files,
    conditions,
    code,
    pasted,
    paths,
    variables,
    any_variable,
    macros
});

impl Wire for Include {
    fn write(&self, out: &mut Vec<u8>) {
        let (number, path) = match self {
            Self::Beside(path) => (0, path.as_str()),
            Self::InPackage(path) => (1, path.as_str()),
            Self::Generated(path) => (2, path.as_str()),
            Self::Unknown => (3, ""),
        };
        out.push(number);
        write_bytes(path.as_bytes(), out);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        let (number, path) = (from.byte()?, String::read(from)?);
        match number {
            0 => Some(Self::Beside(path)),
            1 => Some(Self::InPackage(path)),
            2 => Some(Self::Generated(path)),
            3 => Some(Self::Unknown),
            _ => None,
        }
    }
}

impl Wire for Scope {
    fn write(&self, out: &mut Vec<u8>) {
        let (number, up) = match self {
            Self::Public => (0, 0),
            Self::Crate => (1, 0),
            Self::Module(up) => (2, *up),
        };
        out.extend([number, up]);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        match (from.byte()?, from.byte()?) {
            (0, 0) => Some(Self::Public),
            (1, 0) => Some(Self::Crate),
            (2, up) => Some(Self::Module(up)),
            _ => None,
        }
    }
}

impl Wire for Kind {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Value => out.push(0),
            Self::Foreign => out.push(1),
            Self::Type { derives, alias } => {
                out.push(2);
                derives.write(out);
                alias.write(out);
            }
            Self::Trait => out.push(3),
            Self::TraitItem => out.push(4),
            Self::Impl(header) => {
                out.push(5);
                header.write(out);
            }
            Self::ImplItem { function } => {
                out.push(6);
                function.write(out);
            }
            Self::Import { path } => {
                out.push(7);
                path.write(out);
            }
            Self::Glob { path } => {
                out.push(8);
                path.write(out);
            }
            Self::Macro => out.push(9),
            Self::ProceduralMacro => out.push(10),
            Self::Invocation => out.push(11),
            Self::Module => out.push(12),
            Self::Attributes => out.push(13),
            Self::File => out.push(14),
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(match from.byte()? {
            0 => Self::Value,
            1 => Self::Foreign,
            2 => Self::Type {
                derives: Wire::read(from)?,
                alias: Wire::read(from)?,
            },
            3 => Self::Trait,
            4 => Self::TraitItem,
            5 => Self::Impl(Wire::read(from)?),
            6 => Self::ImplItem {
                function: Wire::read(from)?,
            },
            7 => Self::Import {
                path: Wire::read(from)?,
            },
            8 => Self::Glob {
                path: Wire::read(from)?,
            },
            9 => Self::Macro,
            10 => Self::ProceduralMacro,
            11 => Self::Invocation,
            12 => Self::Module,
            13 => Self::Attributes,
            14 => Self::File,
            _ => return None,
        })
    }
}
