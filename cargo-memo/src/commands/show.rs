//! `show`: one result in full.

use std::collections::VecDeque;
use std::path::PathBuf;

use memo_runtime::Digest;
use memo_runtime::manage::{EntryHead, Execution, Vault};
use serde::Serialize;

use super::{Context, Verdict};
use crate::cli::{Format, ShowOptions};
use crate::code_state::CodeState;
use crate::failure::Failure;
use crate::listing::{Ids, Listed, State};
use crate::render::{
    Column, EntryDocument, ExecutionDocument, Fields, Table, document, duration, size,
};

/// How many executions are shown.
const EXECUTIONS: usize = 5;

/// A result, and what became of calls for it.
struct Shown {
    id: String,
    listed: Listed,
    file: PathBuf,
    executions: VecDeque<Execution>,
    code: Option<CodeState>,
}

/// Runs the verb.
pub(crate) fn run(context: &Context<'_>, options: &ShowOptions) -> Result<Verdict, Failure> {
    let shown = match &context.vault {
        Some(vault) => find(context, vault, &options.id)?,
        None => None,
    };
    let Some(shown) = shown else {
        return Err(Failure::Failed(format!(
            "no result with the ID `{}` in the store {}: `cargo memo list` shows what there is",
            options.id,
            context.quoted_dir()
        )));
    };
    context.shell.print(&match context.format {
        Format::Json => shown.json(context),
        Format::Table | Format::Csv => shown.tables(context),
    })?;
    Ok(match shown.listed.head {
        Ok(_) => Verdict::Done,
        Err(_) => Verdict::Findings,
    })
}

fn find(context: &Context<'_>, vault: &Vault, id: &str) -> Result<Option<Shown>, Failure> {
    let Some(found) = context.find(vault, id)? else {
        return Ok(None);
    };
    let function = found.function.name.unwrap_or_default();
    let Some(listed) = Listed::read(vault, function, found.entry) else {
        return Ok(None);
    };
    let key = listed.entry.key;
    let header = listed.head.as_ref().ok().map(|head| &head.header);
    let codes = context.code_states(vault, header.into_iter())?;
    Ok(Some(Shown {
        id: Ids::of(vault)?.of_key(&key),
        file: vault.entry_path(&listed.entry),
        executions: executions(vault, &key)?,
        code: header.and_then(|header| codes.of(header)),
        listed,
    }))
}

/// The last executions with a key, oldest first. Hits reach the journal late.
fn executions(vault: &Vault, key: &Digest) -> Result<VecDeque<Execution>, Failure> {
    let mut last = VecDeque::new();
    vault.each_execution(0, |execution| {
        if execution.key == *key {
            if last.len() == EXECUTIONS {
                last.pop_front();
            }
            last.push_back(execution);
        }
    })?;
    last.make_contiguous()
        .sort_by_key(|execution| execution.time);
    Ok(last)
}

impl Shown {
    fn tables(&self, context: &Context<'_>) -> String {
        let mut text = self.fields(context).render();
        if !self.executions.is_empty() {
            text.push('\n');
            text.push_str(&self.history(context));
        }
        text
    }

    fn fields(&self, context: &Context<'_>) -> Fields {
        let listed = &self.listed;
        let mut fields = Fields::default();
        fields.add("function", listed.function.path.clone());
        if let Ok(head) = &listed.head {
            call(&mut fields, listed, head, self.code);
        }
        fields.add_some("problem", listed.problem());
        if let Ok(head) = &listed.head {
            result(&mut fields, context, listed, head);
        }
        let last_used = listed.entry.last_used;
        fields
            .add("last used", when(context, last_used))
            .add("key", listed.entry.key.to_hex())
            .add("size", self.sizes())
            .add("file", self.file.to_string_lossy());
        fields
    }

    fn sizes(&self) -> String {
        let whole = size(self.listed.entry.bytes);
        match &self.listed.head {
            Ok(head) => format!("{whole}, of which the value {}", size(head.value_bytes)),
            Err(_) => whole,
        }
    }

    fn history(&self, context: &Context<'_>) -> String {
        let mut table = Table::new([
            Column::text("last executions"),
            Column::text("outcome"),
            Column::number("took"),
            Column::text("cause"),
        ]);
        for execution in &self.executions {
            table.row([
                context.calendar.exact(execution.time),
                execution.outcome.word().to_owned(),
                duration(execution.took),
                execution.cause.words().to_owned(),
            ]);
        }
        table.render(context.width)
    }

    fn json(&self, context: &Context<'_>) -> String {
        let id = self.id.clone();
        document(
            "show",
            ShowDocument {
                entry: EntryDocument::new(&self.listed, id, self.code, context.calendar.now),
                file: self.file.to_string_lossy().into_owned(),
                executions: self.executions.iter().map(ExecutionDocument::new).collect(),
            },
        )
    }
}

#[derive(Serialize)]
struct ShowDocument<'a> {
    entry: EntryDocument<'a>,
    file: String,
    executions: Vec<ExecutionDocument<'a>>,
}

/// Which call it is the result of.
fn call(fields: &mut Fields, listed: &Listed, head: &EntryHead, code: Option<CodeState>) {
    let header = &head.header;
    let arguments = header.arguments.iter();
    let package = [listed.function.package.as_str(), &header.package_version].join(" ");
    let package = Some(package.trim().to_owned()).filter(|package| !package.is_empty());
    fields
        .add_some("instance", header.instance.clone())
        .add_some("package", package)
        .add_all(
            "arguments",
            arguments.map(|one| format!("{} = {}", one.name, one.text)),
        )
        .add("version", header.version.to_string())
        .add(
            "code",
            match code {
                Some(state) => format!("{}, {}", header.code_level.name(), state.word()),
                None => header.code_level.name().to_owned(),
            },
        )
        .add_some(
            "fingerprint",
            header.fingerprint.map(|digest| digest.to_hex()),
        );
}

/// What the result is, and where it comes from.
fn result(fields: &mut Fields, context: &Context<'_>, listed: &Listed, head: &EntryHead) {
    let header = &head.header;
    let commit = header.commit.as_ref().map(|commit| match commit.dirty {
        Some(true) => format!("{}, with changes", commit.id),
        Some(false) => format!("{}, without changes", commit.id),
        None => commit.id.clone(),
    });
    let expires = listed
        .expires()
        .map(|until| match listed.state(context.calendar.now) {
            State::Expired => format!("{}, expired", context.calendar.with_offset(until)),
            _ => context.calendar.with_offset(until),
        });
    fields
        .add(
            "result",
            format!("{}, as {}", header.value_type, head.codec()),
        )
        .add("computed", when(context, head.created))
        .add("took", duration(head.duration))
        .add("by", format!("process {} on {}", header.pid, header.host))
        .add_some("commit", commit)
        .add_some("expires", expires);
}

/// `2026-03-01 17:20:09 +01:00, 2 minutes ago`
fn when(context: &Context<'_>, moment: u64) -> String {
    let exact = context.calendar.with_offset(moment);
    match context.calendar.age(moment) {
        Some(age) => format!("{exact}, {age}"),
        None => exact,
    }
}
