//! A terminal that nobody sits at: what is typed and shown there is up to
//! the test.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::{Child, Command};

use rustix::fs::OFlags;
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

/// A program in a terminal of its own.
pub(crate) struct Session {
    child: Child,
    controller: File,
    shown: Vec<u8>,
}

impl Session {
    /// Starts a program in a terminal of so many columns.
    pub(crate) fn start(mut command: Command, columns: u16) -> Self {
        let controller = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&controller).unwrap();
        unlockpt(&controller).unwrap();
        let name = ptsname(&controller, Vec::new()).unwrap();
        let terminal = OpenOptions::new()
            .read(true)
            .write(true)
            .custom_flags(OFlags::NOCTTY.bits().cast_signed())
            .open(Path::new(std::ffi::OsStr::from_bytes(name.as_bytes())))
            .unwrap();
        let size = Winsize {
            ws_row: 24,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&terminal, size).unwrap();
        command
            .env("TERM", "xterm")
            .stdin(terminal.try_clone().unwrap())
            .stdout(terminal.try_clone().unwrap())
            .stderr(terminal);
        let child = command.spawn().unwrap();
        // The terminal is at its end only when nobody has it open any more.
        drop(command);
        Self {
            child,
            controller: controller.into(),
            shown: Vec::new(),
        }
    }

    /// Waits until this has been shown.
    pub(crate) fn wait_for(&mut self, text: &str) {
        while !String::from_utf8_lossy(&self.shown).contains(text) {
            assert!(
                self.read() > 0,
                "it ended without {text:?}: {}",
                String::from_utf8_lossy(&self.shown)
            );
        }
    }

    /// Types this.
    pub(crate) fn enter(&mut self, text: &str) {
        self.controller.write_all(text.as_bytes()).unwrap();
    }

    /// Presses Ctrl-C.
    pub(crate) fn interrupt(&self) {
        interrupt(&self.child);
    }

    /// Waits for the end: what was shown in all, and the exit code.
    pub(crate) fn finish(mut self) -> (String, i32) {
        while self.read() > 0 {}
        let status = self.child.wait().unwrap();
        let shown = String::from_utf8(self.shown).unwrap();
        let code = status.code().unwrap_or_else(|| panic!("{status}: {shown}"));
        (shown.replace("\r\n", "\n"), code)
    }

    fn read(&mut self) -> usize {
        let mut buffer = [0; 4096];
        // When the last program has closed the terminal, reading is an error.
        let length = self.controller.read(&mut buffer).unwrap_or(0);
        self.shown.extend(&buffer[..length]);
        length
    }
}

/// Sends a program what Ctrl-C sends.
pub(crate) fn interrupt(child: &Child) {
    kill_process(Pid::from_child(child), Signal::INT).unwrap();
}
