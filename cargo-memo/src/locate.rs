//! Where the store is: what `--store` says, else `MEMO_DIR`, else the
//! workspace of `--manifest-path` or of the current directory. And how it
//! behaves: wherever it is, the settings of that workspace hold.

use std::fs;
use std::path::{self, Path, PathBuf};

use cargo_metadata::Metadata;
use memo_runtime::manage::{self, BadSetting, InForce, Limits, Located, Origin};
use memo_runtime::{Memo, Share};

use crate::cli::Common;
use crate::code_state::Members;
use crate::failure::Failure;
use crate::render::escape;
use crate::shell::Shell;
use crate::suggest;
use crate::workspace::{self, ask_cargo};

/// What helps where there is no workspace.
const ELSE: &str = "name a store with --store DIR or MEMO_DIR";

/// A directory that holds a store, or will hold one.
#[derive(Debug)]
pub(crate) struct Place {
    /// The directory, as an absolute path.
    pub(crate) dir: PathBuf,
    /// What names it.
    pub(crate) named_by: NamedBy,
    /// Who may write to it.
    pub(crate) share: Share,
    /// How large it may grow.
    pub(crate) limits: Limits,
    /// All settings with their values.
    pub(crate) in_force: Vec<InForce>,
    /// Settings that could not be used.
    pub(crate) bad: Vec<BadSetting>,
    /// The root of the workspace around, if there is one.
    pub(crate) root: Option<PathBuf>,
    /// What cargo says of it; `None` if it was not asked.
    workspace: Option<Metadata>,
    located: Located,
}

/// What says where the store is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NamedBy {
    /// `--store`.
    Flag,
    /// `MEMO_DIR`.
    Variable,
    /// The workspace: by a setting, or because it is where it is.
    Workspace,
}

impl Place {
    /// The place that flags, environment and workspace name. Settings that
    /// make no sense are told.
    pub(crate) fn find(common: &Common, shell: &Shell) -> Result<Self, Failure> {
        let place = Self::look(common, shell)?;
        place.tell(common, shell);
        Ok(place)
    }

    /// The same, found without asking cargo, which takes its time: nothing is
    /// known of the members of the workspace.
    pub(crate) fn nearby(common: &Common, shell: &Shell) -> Result<Self, Failure> {
        let manifest = common.manifest_path.as_deref();
        let start = match manifest {
            Some(manifest) => fs::canonicalize(manifest).ok(),
            None => std::env::current_dir().ok(),
        };
        let workspace = start.and_then(|start| manage::workspace_around(&start));
        let root = workspace.as_ref().map(|(root, _)| root.clone());
        let located = manage::locate(workspace);
        if located.dir.is_none() && common.store.is_none() {
            // Cargo knows best what to say.
            return Self::find(common, shell);
        }
        let place = Self::new(common, located, root, None);
        place.tell(common, shell);
        Ok(place)
    }

    fn tell(&self, common: &Common, shell: &Shell) {
        let place = self;
        for bad in &place.bad {
            shell.warn(&escape(&suggest::in_words(bad)));
        }
        if common.verbose {
            let shown = escape(&place.dir.to_string_lossy());
            let origin = match place.named_by {
                NamedBy::Flag => "--store",
                NamedBy::Variable => "MEMO_DIR",
                NamedBy::Workspace => "the workspace",
            };
            shell.note(&format!("the store is `{shown}`, named by {origin}"));
        }
    }

    /// The same, and nothing is said of settings.
    pub(crate) fn look(common: &Common, shell: &Shell) -> Result<Self, Failure> {
        let by_environment = manage::locate(None).dir.is_some();
        let needed = common.store.is_none() && !by_environment;
        let manifest_path = common.manifest_path.as_deref();
        let workspace = match ask_cargo_if(needed, manifest_path) {
            Ok(workspace) => workspace,
            Err(failure) if needed => return Err(failure),
            Err(failure) => {
                let why = failure.message().unwrap_or_default();
                shell.warn(&format!(
                    "the settings of the workspace do not hold, and the state of its code is not \
                     told: {why}"
                ));
                None
            }
        };
        let located = manage::locate(workspace.as_ref().map(workspace::settings));
        let root = workspace
            .as_ref()
            .map(|workspace| &workspace.workspace_root);
        let root = root.map(|root| root.clone().into_std_path_buf());
        Ok(Self::new(common, located, root, workspace))
    }

    fn new(
        common: &Common,
        located: Located,
        root: Option<PathBuf>,
        workspace: Option<Metadata>,
    ) -> Self {
        let found = || located.dir.clone().unwrap_or_default();
        let by_variable =
            |it: &InForce| it.setting.key == Some("dir") && it.origin == Origin::Variable;
        let (dir, named_by) = match &common.store {
            Some(dir) => (dir.clone(), NamedBy::Flag),
            None if located.in_force.iter().any(by_variable) => (found(), NamedBy::Variable),
            None => (found(), NamedBy::Workspace),
        };
        Self {
            dir: path::absolute(&dir).unwrap_or(dir),
            named_by,
            share: located.share,
            limits: located.limits,
            in_force: located.in_force.clone(),
            bad: located.bad.clone(),
            root,
            workspace,
            located,
        }
    }

    /// What cargo says of the workspace around; `None` if it was not asked, or
    /// there is none.
    pub(crate) fn workspace(&self) -> Option<&Metadata> {
        self.workspace.as_ref()
    }

    /// The store, as programs of the workspace use it.
    pub(crate) fn memo(&self) -> Memo {
        self.located.memo(&self.dir)
    }

    /// Where the settings of the workspace stand, if there is one.
    pub(crate) fn manifest(&self) -> Option<PathBuf> {
        Some(self.root.as_ref()?.join("Cargo.toml"))
    }

    /// Where the value of a setting comes from, in a word or a path.
    pub(crate) fn origin(&self, setting: &InForce) -> String {
        match (setting.origin, self.named_by) {
            (_, NamedBy::Flag) if setting.setting.key == Some("dir") => "--store".to_owned(),
            (Origin::Default, _) => "default".to_owned(),
            (Origin::Variable, _) => setting.setting.variable.to_owned(),
            (Origin::Workspace, _) => {
                let manifest = self.manifest().unwrap_or_default();
                manifest.to_string_lossy().into_owned()
            }
        }
    }

    /// The members of the workspace around; none where there is none.
    pub(crate) fn members(&self) -> Members {
        self.workspace.as_ref().map(Members::of).unwrap_or_default()
    }
}

fn ask_cargo_if(needed: bool, manifest_path: Option<&Path>) -> Result<Option<Metadata>, Failure> {
    if !needed && !workspace::is_around(manifest_path) {
        return Ok(None);
    }
    ask_cargo(manifest_path, needed.then_some(ELSE)).map(Some)
}
