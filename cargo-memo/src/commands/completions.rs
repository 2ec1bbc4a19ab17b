//! `completions`: what a shell needs to complete the command line.

use clap_complete::Shell as Kind;

use super::Verdict;
use crate::cli::{self, CompletionsOptions};
use crate::failure::Failure;
use crate::shell::Shell;

/// The name of the program, which `cargo memo` is another way to call.
const PROGRAM: &str = "cargo-memo";

/// Completes `cargo memo` as `cargo-memo`, and leaves all else that begins
/// with `cargo` to what was there before.
const BEHIND_CARGO_IN_BASH: &str = r#"
__cargo_memo_before() {
    local before
    before=$(complete -p cargo 2>/dev/null) && [[ $before == *' -F '* ]] || return
    before=${before##* -F }
    echo "${before%% *}"
}

_cargo_memo_behind_cargo() {
    if [[ ${COMP_WORDS[1]} == memo && $COMP_CWORD -gt 1 ]]; then
        COMP_WORDS=(cargo-memo "${COMP_WORDS[@]:2}")
        COMP_CWORD=$((COMP_CWORD - 1))
        _cargo_memo cargo-memo "$2" "$3"
    elif [[ -n $__cargo_before_memo ]]; then
        "$__cargo_before_memo" "$@"
    fi
}

if [[ $(__cargo_memo_before) != _cargo_memo_behind_cargo ]]; then
    __cargo_before_memo=$(__cargo_memo_before)
    complete -F _cargo_memo_behind_cargo -o bashdefault -o default cargo
fi
"#;

/// Runs the verb.
pub(crate) fn run(shell: &Shell, options: &CompletionsOptions) -> Result<Verdict, Failure> {
    shell.print(&match options.shell {
        Kind::Bash => for_bash(),
        other => generated(other, PROGRAM),
    })?;
    Ok(Verdict::Done)
}

fn generated(shell: Kind, program: &str) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut cli::definition(), program, &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// In the script for a name with a hyphen, the verbs are set under one name
/// and looked for under another; so it is made for another name, which stands
/// where the functions are bound to the program.
fn for_bash() -> String {
    const PLAIN: &str = "cargo_memo";
    let script = generated(Kind::Bash, PLAIN);
    let bound = script.replace(&format!(" {PLAIN}\n"), &format!(" {PROGRAM}\n"));
    bound + BEHIND_CARGO_IN_BASH
}
