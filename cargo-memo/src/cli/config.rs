//! What `config` takes.

use clap::Args;
use clap::builder::PossibleValuesParser;
use memo_runtime::manage::SETTINGS;

/// What stands below the help.
pub(super) const HELP: &str = "\
Settings stand in the Cargo.toml of the workspace root:

  [workspace.metadata.memo]
  max-size = \"50GB\"
  max-age = \"30d\"

A variable such as MEMO_MAX_SIZE wins over them for one run. A setting that
there is not, or with a value that makes no sense, is an error here (exit code
1). Programs pass it over, with a warning in their log: MEMO_LOG=warn shows it.

Examples:
  cargo memo config           All settings, and where each comes from
  cargo memo config -v        What each does, and which values it takes
  cargo memo config max-size  One value alone, for scripts";

/// What `config` takes.
#[derive(Args, Debug)]
pub(crate) struct ConfigOptions {
    /// Only the value of this setting: its key, or its variable
    #[arg(value_name = "SETTING", value_parser = names(), hide_possible_values = true)]
    pub(crate) setting: Option<String>,
}

fn names() -> PossibleValuesParser {
    let keys = SETTINGS.iter().filter_map(|setting| setting.key);
    let variables = SETTINGS.iter().map(|setting| setting.variable);
    PossibleValuesParser::new(keys.chain(variables))
}
