//! What `completions` takes.

use clap::Args;
use clap_complete::Shell;

/// What stands below the help.
pub(super) const HELP: &str = "\
Bash and zsh complete `cargo memo …` and `cargo-memo …`, the others
`cargo-memo …` only: they ask nobody about the subcommands of cargo. In bash,
load cargo's own completions first.

Examples:
  bash:  cargo memo completions bash >> ~/.bash_completion
  zsh:   cargo memo completions zsh > ~/.zfunc/_cargo-memo
         (with `fpath+=~/.zfunc` before `compinit` in ~/.zshrc)
  fish:  cargo memo completions fish \\
           > ~/.config/fish/completions/cargo-memo.fish";

/// What `completions` takes.
#[derive(Args, Debug)]
pub(crate) struct CompletionsOptions {
    /// The shell: bash, elvish, fish, powershell, zsh
    #[arg(value_enum, value_name = "SHELL", hide_possible_values = true)]
    pub(crate) shell: Shell,
}
