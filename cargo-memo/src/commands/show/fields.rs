//! A result as labelled values.

use memo_runtime::manage::{CodeLevel, EntryHead};
use memo_runtime::run::RunFacts;

use super::found::Found;
use super::recording;
use crate::code_state::CodeState;
use crate::commands::Context;
use crate::listing::{Listed, State};
use crate::render::{Fields, duration, number, size};

/// All that is known of a result.
pub(super) fn of(context: &Context<'_>, found: &Found) -> Fields {
    let listed = &found.listed;
    let mut fields = Fields::default();
    let kind = match listed.run() {
        Some(_) => "program",
        None => "function",
    };
    fields.add(kind, listed.function.path.clone());
    match &listed.head {
        Ok(head) => {
            call(&mut fields, listed, head, found.code);
            match &head.run {
                Some(run) => outcome(&mut fields, context, found, run),
                None => {
                    let value = &head.header.value_type;
                    let codec = head.codec();
                    let compressed = head.compression();
                    let compressed = compressed.map(|by| format!(", compressed with {by}"));
                    let compressed = compressed.unwrap_or_default();
                    fields.add("result", format!("{value}, as {codec}{compressed}"));
                }
            }
            origin(&mut fields, context, listed, head);
        }
        Err(_) => {
            fields.add_some("problem", found.problem.clone());
        }
    }
    fields
        .add("last used", when(context, listed.last_used()))
        .add("hits", hits(context, found))
        .add("key", listed.entry.key.to_hex())
        .add("size", sizes(listed))
        .add("file", found.file.to_string_lossy());
    if listed.head.is_ok() {
        let whole = "whole: every byte is as it was written".to_owned();
        fields.add("check", found.problem.clone().unwrap_or(whole));
    }
    fields
}

/// Which call it is the result of.
fn call(fields: &mut Fields, listed: &Listed, head: &EntryHead, code: Option<CodeState>) {
    let header = &head.header;
    let arguments = header.arguments.iter();
    let package = [listed.function.package.as_str(), &header.package_version].join(" ");
    let package = Some(package.trim().to_owned()).filter(|package| !package.is_empty());
    let level = match header.code_level {
        CodeLevel::Program => "the bytes of the program",
        level => level.name(),
    };
    let version = head.run.is_none().then(|| header.version.to_string());
    fields
        .add_some("instance", header.instance.clone())
        .add_some("package", package)
        .add_all(
            "arguments",
            arguments.map(|one| format!("{} = {}", one.name, one.text)),
        )
        .add_some("version", version)
        .add(
            "code",
            match code {
                Some(state) => format!("{level}, {}", state.word()),
                None => level.to_owned(),
            },
        )
        .add_some(
            "fingerprint",
            header.fingerprint.map(|digest| digest.to_hex()),
        );
}

/// What came of a program.
fn outcome(fields: &mut Fields, context: &Context<'_>, found: &Found, run: &RunFacts) {
    let metrics = run.metrics.iter();
    fields.add("exit code", run.exit_code.to_string()).add_all(
        "metrics",
        metrics.map(|metric| format!("{} = {}", metric.name, number(metric.value))),
    );
    if let Some(recording) = &found.recording {
        recording::fields(fields, recording, context.verbose);
    }
}

/// Where the result comes from.
fn origin(fields: &mut Fields, context: &Context<'_>, listed: &Listed, head: &EntryHead) {
    let header = &head.header;
    let commit = header.commit.as_ref().map(|commit| match commit.dirty {
        Some(true) => format!("{}, with changes", commit.id),
        Some(false) => format!("{}, without changes", commit.id),
        None => format!("{}, perhaps with changes", commit.id),
    });
    let expires = listed.expires().map(|until| {
        let until = context.calendar.with_offset(until);
        let lives = duration(head.ttl);
        match listed.state(context.calendar.now) {
            State::Expired => format!("{until}, expired: it was valid for {lives}"),
            _ => format!("{until}: it is valid for {lives}"),
        }
    });
    fields
        .add("computed", when(context, head.created))
        .add("took", duration(head.duration))
        .add("by", format!("process {} on {}", header.pid, header.host))
        .add_some("commit", commit)
        .add_some("expires", expires);
}

/// `2, the last 2026-03-01 17:20:09 +01:00, 2 minutes ago`
fn hits(context: &Context<'_>, found: &Found) -> String {
    match found.uses.last_hit {
        Some(last) => format!("{}, the last {}", found.uses.hits, when(context, last)),
        None => "none in the journal".to_owned(),
    }
}

/// `2.2 kB, of which the value 2.0 kB; 4.1 kB on disk`
fn sizes(listed: &Listed) -> String {
    let whole = size(listed.entry.bytes);
    let disk = size(listed.entry.disk);
    match &listed.head {
        Ok(head) => {
            let part = head.run.as_ref().map_or("value", |_| "recording");
            let bytes = size(head.value_bytes);
            format!("{whole}, of which the {part} {bytes}; {disk} on disk")
        }
        Err(_) => format!("{whole}; {disk} on disk"),
    }
}

/// `2026-03-01 17:20:09 +01:00, 2 minutes ago`
fn when(context: &Context<'_>, moment: u64) -> String {
    let exact = context.calendar.with_offset(moment);
    match context.calendar.age(moment) {
        Some(age) => format!("{exact}, {age}"),
        None => exact,
    }
}
