//! Functions with code, as `#[memo]` makes them.

use memo_code::CodeList;
use memo_code::list::{Dependency, Fact, FactKind, Item};
use memo_runtime::__private::{
    Code, Function, Inputs, KeepAny, Reached, ReadBack, Returned, Site, Written,
};
use memo_runtime::Memo;

/// `lab::train`, as it is at some time.
#[derive(Clone, Debug)]
pub(crate) struct Train {
    pub(crate) level: &'static str,
    pub(crate) list: CodeList,
    pub(crate) conditions: Vec<(&'static str, bool)>,
    pub(crate) type_argument: &'static str,
    pub(crate) binary: Option<&'static str>,
    pub(crate) ordinal: u32,
    /// The program around it, which counts where there are type arguments.
    pub(crate) program: &'static str,
    /// The digest of its own tokens.
    pub(crate) tokens: [u8; 32],
}

impl Train {
    /// The function at the level `graph`, with the items that it reaches:
    /// `crate path line` and the source; one in line 0 is in no file.
    pub(crate) fn reaching(items: &[(&str, &str)]) -> Self {
        let list = CodeList {
            function: "train".to_owned(),
            krate: "lab".to_owned(),
            items: items
                .iter()
                .map(|(place, text)| item(place, text))
                .collect(),
            ..CodeList::default()
        };
        let tokens = *blake3::hash(&list.to_bytes()).as_bytes();
        Self::of("graph", list, tokens)
    }

    /// The function at some level, with what is known of its code.
    pub(crate) fn of(level: &'static str, list: CodeList, tokens: [u8; 32]) -> Self {
        Self {
            level,
            list,
            conditions: Vec::new(),
            type_argument: "",
            binary: None,
            ordinal: 0,
            program: "",
            tokens,
        }
    }

    /// The same at another level.
    pub(crate) fn at(&self, level: &'static str) -> Self {
        Self {
            level,
            ..self.clone()
        }
    }

    /// Adds a dependency.
    pub(crate) fn with(mut self, name: &str, version: &str, features: &[&str]) -> Self {
        self.list.dependencies.push(Dependency {
            name: name.to_owned(),
            version: version.to_owned(),
            detail: "registry".to_owned(),
            features: features.iter().map(|&feature| feature.to_owned()).collect(),
        });
        self
    }

    /// Adds a fact.
    pub(crate) fn where_(mut self, kind: FactKind, name: &str, value: &str) -> Self {
        self.list.facts.push(Fact {
            kind,
            name: name.to_owned(),
            value: value.to_owned(),
        });
        self
    }

    /// Calls it.
    pub(crate) fn call<T: Written + ReadBack>(&self, memo: &Memo, lr: f64, value: T) {
        let name = ["lab::train", self.type_argument].concat();
        let [here, closure] = ["lab::train", &name].map(|path| leaked(format!("{path}::Here")));
        let site = Box::leak(Box::new(Site::new(Function {
            package: "lab",
            package_version: "0.1.0",
            binary: self.binary,
            manifest_dir: env!("CARGO_MANIFEST_DIR"),
            name: None,
            ordinal: self.ordinal,
            version: 0,
            code: self.code(),
            ttl: None,
            codec: None,
            compress: None,
            memory: true,
            workspace: None,
        })));
        let mut inputs = Inputs::new(site, here, closure);
        inputs.arg::<(), _>("lr", &lr);
        inputs.store(memo);
        let keeping = Returned::<T>::new().keeping();
        memo_runtime::__private::call(inputs, keeping, || value).get();
    }

    fn code(&self) -> Code {
        let bytes = self.list.to_bytes();
        let hashed = [&bytes, self.program.as_bytes()].concat();
        let fingerprint = leaked(blake3::hash(&hashed).to_string());
        let reached = Reached {
            fingerprint,
            conditions: Box::leak(self.conditions.clone().into_boxed_slice()),
            list: Box::leak(bytes.into_boxed_slice()),
            types: None,
        };
        match self.level {
            "none" => Code::None,
            "function" => {
                let tokens = blake3::Hash::from_bytes(self.tokens);
                Code::Function(leaked(tokens.to_string()))
            }
            "graph" => Code::Graph(reached),
            _ => Code::Crate(reached),
        }
    }
}

fn leaked(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

fn item(place: &str, text: &str) -> Item {
    let place: Vec<&str> = place.split(' ').collect();
    let [krate, path, line] = place[..] else {
        panic!("{place:?}")
    };
    Item {
        krate: krate.into(),
        path: path.into(),
        file: match line {
            "0" => "".into(),
            _ => format!("src/{}.rs", path.split("::").next().unwrap()).into(),
        },
        line: line.parse().unwrap(),
        digest: *blake3::hash(text.as_bytes()).as_bytes(),
        text: Some(text.into()),
    }
}
