#!/bin/sh
# Installs what the tests need beside Rust: strace, which makes system calls fail.
# Without it the tests that use it are skipped, and say so; where CI is set, they fail.
set -eu

if command -v strace >/dev/null 2>&1; then
    exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
    echo "setup.sh: install strace with the package manager of this system" >&2
    exit 1
fi
if [ "$(id -u)" -eq 0 ]; then
    apt-get update && apt-get install -y strace
else
    sudo apt-get update && sudo apt-get install -y strace
fi
