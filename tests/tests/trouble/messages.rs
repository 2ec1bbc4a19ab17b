//! Collects what the library tells the program's logger.

use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use log::{Level, Log, Metadata, Record};

struct Collector(Mutex<Vec<(Level, String)>>);

static COLLECTOR: Collector = Collector(Mutex::new(Vec::new()));

impl Collector {
    fn lock(&self) -> MutexGuard<'_, Vec<(Level, String)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Log for Collector {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "memo"
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            self.lock()
                .push((record.level(), record.args().to_string()));
        }
    }

    fn flush(&self) {}
}

/// Collects from now on, up to `info`.
pub(crate) fn collect() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        log::set_logger(&COLLECTOR).unwrap();
        log::set_max_level(log::LevelFilter::Info);
    });
}

/// Takes the messages at `level` that contain `words` and have not been taken. Tests run side by
/// side, so `words` are to name what is the test's own: a path, a function.
pub(crate) fn take(level: Level, words: &str) -> Vec<String> {
    let mut messages = COLLECTOR.lock();
    messages
        .extract_if(.., |(of, message)| *of == level && message.contains(words))
        .map(|(_, message)| message)
        .collect()
}
