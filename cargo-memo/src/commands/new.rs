//! `new`: a package from the template. Cargo lays the foundation, and the
//! template is put on it; either all is made or nothing.

mod cargo;
mod destination;
mod source;
mod template;

use std::path::{self, Path};

use serde::Serialize;

use super::Verdict;
use crate::cli::{Common, Format, NewOptions};
use crate::failure::Failure;
use crate::render::{Fields, document, escape};
use crate::shell::Shell;
use destination::Destination;
use source::Source;

/// What was made.
#[derive(Serialize)]
struct Made {
    package: String,
    path: String,
    files: Vec<String>,
    repository: Option<&'static str>,
    workspace: Option<String>,
}

/// Runs the verb.
pub(crate) fn run(
    common: &Common,
    shell: &Shell,
    options: &NewOptions,
) -> Result<Verdict, Failure> {
    let source = Source::find(options.checkout.as_deref())?;
    let dir = path::absolute(&options.path).map_err(|error| {
        Failure::Usage(format!(
            "cannot make a package in {}: {error}: name a directory",
            quoted(&options.path)
        ))
    })?;
    let name = name(options, &dir)?;
    let destination = Destination::claim(dir)?;
    for warning in cargo::init(destination.dir(), &name, options.vcs)? {
        shell.warn(&warning);
    }
    for (path, text) in template::files(&name, |dir| source.value(dir, destination.dir())) {
        destination.write(path, &text)?;
    }
    let made = made(options, name, &destination);
    destination.keep();
    if common.format == Format::Json {
        shell.print(&document("new", &made))?;
    } else {
        shell.print(&summary(&made))?;
        shell.note(&next(&made));
    }
    Ok(Verdict::Done)
}

/// The name of the package: that of its directory, unless another is given.
fn name(options: &NewOptions, dir: &Path) -> Result<String, Failure> {
    let of_dir = || dir.file_name()?.to_str().map(str::to_owned);
    options.name.clone().or_else(of_dir).ok_or_else(|| {
        Failure::Usage(format!(
            "cannot tell the name of the package from {}: give one with --name",
            quoted(&options.path)
        ))
    })
}

/// What there is now, with paths as they were typed.
fn made(options: &NewOptions, package: String, destination: &Destination) -> Made {
    let shown = |file: &str| {
        let path = options.path.join(file);
        let path = path.strip_prefix(".").unwrap_or(&path);
        path.to_string_lossy().into_owned()
    };
    let has = |file: &str| destination.dir().join(file).exists();
    let ignored = has(".gitignore").then_some(".gitignore");
    Made {
        package,
        path: options.path.to_string_lossy().into_owned(),
        files: ignored
            .into_iter()
            .chain(template::paths())
            .map(shown)
            .collect(),
        repository: has(".git").then_some("git"),
        workspace: destination
            .joined()
            .map(|manifest| manifest.to_string_lossy().into_owned()),
    }
}

fn summary(made: &Made) -> String {
    let joined = |manifest: &String| format!("{manifest}: {} is a member now", made.package);
    let mut fields = Fields::default();
    fields.add("package", &made.package);
    fields.add_all("created", made.files.iter().cloned());
    fields.add_some("repository", made.repository.map(str::to_owned));
    fields.add_some("workspace", made.workspace.as_ref().map(joined));
    fields.render()
}

/// What to do first.
fn next(made: &Made) -> String {
    let change = match &*made.path {
        "." => String::new(),
        path => format!("  cd {}\n", escape(&in_shell(path))),
    };
    format!(
        "what to do next; `README.md` tells more:\n{change}  \
         cargo run\n  \
         cargo memo\n  \
         cargo memo sweep --bin {} lr=0.001,0.01,0.05,0.2 hidden=4,16 --sort loss",
        made.package
    )
}

/// A path as a shell takes it.
fn in_shell(path: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+".contains(c);
    if path.chars().all(is_plain) {
        return path.to_owned();
    }
    format!("'{}'", path.replace('\'', r"'\''"))
}

fn quoted(path: &Path) -> String {
    format!("`{}`", escape(&path.to_string_lossy()))
}
