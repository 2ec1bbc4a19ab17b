//! A value becomes an entry: its header is made, it is published, and the list
//! of the code that computed it is kept beside it.

use std::borrow::Cow;
use std::io;
use std::time::Duration;

use super::Ticket;
use crate::call::about::About;
use crate::call::inputs::Prepared;
use crate::call::memo::{Memo, Open};
use crate::clock::nanos;
use crate::codec::compress::Encoding;
use crate::codec::record;
use crate::config;
use crate::error::StoreError;
use crate::events;
use crate::header::{self, Argument as ArgumentRecord, Header, KeptFile, RunFacts};
use crate::provenance;
use crate::store::Published;
use crate::store::entry::{self, Facts, Sealed};
use crate::store::spool::Spool;

/// What is to be kept.
pub(crate) struct Kept<'a> {
    pub(crate) encoding: Encoding,
    pub(crate) payload: Payload<'a>,
    /// What a run came to.
    pub(crate) run: Option<&'a RunFacts>,
    /// The files that the value names, which are kept.
    pub(crate) files: &'a [KeptFile],
}

/// Where the encoded value is.
pub(crate) enum Payload<'a> {
    /// In memory, one piece after the other.
    Pieces(&'a [Cow<'a, [u8]>]),
    Spooled(&'a mut Spool),
}

impl Ticket {
    /// Publishes an encoded value; the size of the entry.
    pub(super) fn keep(
        &mut self,
        call: &Prepared,
        open: &Open,
        kept: Kept<'_>,
        computing: Duration,
    ) -> Result<u64, StoreError> {
        let Some(memo) = &call.memo else { return Ok(0) };
        let facts = Facts {
            key: call.about.place.key,
            value_type: call.about.value_type,
            codec: kept.encoding.number(),
            created: memo.options().clock.now(),
            duration: nanos(computing),
            ttl: call.ttl.unwrap_or(0),
        };
        let header = self.encode_header(call, &kept, computing);
        let header = header.map_err(|error| {
            let path = open.store.entry_path(&call.about.place);
            StoreError::io("write", path, error)
        })?;
        let durable = self.is_durable(call, computing);
        let (place, owner, replace) = (&call.about.place, &call.about.identity.name, self.replace);
        let gone =
            |published: &Result<Published, StoreError>| published.is_err() && open.store.is_gone();
        let flight = self.flight.take();
        let (published, size) = match kept.payload {
            Payload::Pieces(pieces) => {
                let sealed = Sealed::new(&facts, &header, pieces);
                let mut published = match flight {
                    Some(flight) => flight.publish(place, owner, &sealed, replace, durable),
                    None => {
                        let store = &open.store;
                        store.publish_unlocked(place, owner, &sealed, replace, durable)
                    }
                };
                if gone(&published)
                    && let Some(new) = memo.reopened(open)
                {
                    let store = &new.store;
                    published = store.publish_unlocked(place, owner, &sealed, replace, durable);
                }
                (published?, sealed.len())
            }
            Payload::Spooled(spool) => {
                let head = (&facts, header.as_slice());
                let mut published = spool.publish(flight, place, owner, head, replace, durable);
                if gone(&published)
                    && let Some(new) = memo.reopened(open)
                {
                    spool.move_to(&new.store)?;
                    published = spool.publish(None, place, owner, head, replace, durable);
                }
                (published?, spool.size())
            }
        };
        if !kept.files.is_empty() {
            mark_files(call, memo);
        }
        keep_code(call, memo, durable);
        if published == Published::New {
            let files = kept.files.iter().map(|file| file.content.bytes());
            memo.grown(open, &call.about.place.key, size + files.sum::<u64>());
        }
        Ok(size)
    }

    /// The header, without its arguments if there is no room for them.
    fn encode_header(
        &self,
        call: &Prepared,
        kept: &Kept<'_>,
        computing: Duration,
    ) -> io::Result<Vec<u8>> {
        let mut told = self.header(&call.about, computing);
        let mut header = Vec::with_capacity(512);
        loop {
            let encoded = record::append(&told, &mut header).and_then(|()| {
                if let Some(run) = kept.run {
                    header::append_run(run, &mut header)?;
                }
                if !kept.files.is_empty() {
                    header::append_files(kept.files, &mut header)?;
                }
                Ok(())
            });
            if encoded.is_ok() && header.len() as u64 <= entry::MAX_HEADER {
                return Ok(header);
            }
            header.clear();
            if told.arguments.is_empty() {
                break;
            }
            // A hundred thousand arguments, say: the key has them all.
            told.arguments = &[];
        }
        if kept.run.is_none() && kept.files.is_empty() {
            return Ok(header);
        }
        let error = "there are too many metrics, or files in the result";
        Err(io::Error::new(io::ErrorKind::FileTooLarge, error))
    }

    fn header<'a>(
        &self,
        about: &'a About,
        computing: Duration,
    ) -> Header<&'a str, &'a [ArgumentRecord]> {
        let (code_level, fingerprint) = about.code();
        Header {
            package: &about.identity.name.package,
            package_version: about.package_version(),
            function: &about.identity.name.path,
            instance: about.instance.as_ref().map(|it| it.path.as_str()),
            version: about.version,
            code_level,
            fingerprint,
            arguments: &about.arguments,
            value_type: about.value_type_name,
            host: config::host(),
            pid: config::process(),
            commit: provenance::commit(&about.sources(), computing),
        }
    }
}

/// Says again that results of the function name files: who has cleared
/// everything since they were kept took that for nobody's. Without, they may be
/// taken for nobody's as well, and the result is computed again.
fn mark_files(call: &Prepared, memo: &Memo) {
    if let Some(open) = memo.opened() {
        let now = memo.options().clock.now();
        let _ = open
            .store
            .mark_files_of(call.about.place.function_dir(), now);
    }
}

/// Keeps the list of the code that a value was computed by. That it cannot be
/// kept makes explanations poorer, and nothing else.
fn keep_code(call: &Prepared, memo: &Memo, durable: bool) {
    let (Some(code), (_, Some(fingerprint))) = (call.about.listed(), call.about.code()) else {
        return;
    };
    let Some(open) = memo.opened() else { return };
    let function = call.about.place.function_dir();
    if let Err(error) = open.store.keep_code(function, &fingerprint, &code, durable) {
        let store = memo.dir().display().to_string();
        events::warn_once(
            "code",
            &store,
            format_args!("the code of some results will not be told: {error}"),
        );
    }
}
