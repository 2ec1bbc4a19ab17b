//! What differs in the code, row by row: items with their source, then
//! dependencies and whatever else counts.

use memo_code::difference::Change;
use memo_code::list::{Dependency, Fact, FactKind, Item};

use super::code::{CodeChange, ConditionChange};
use super::document::change_word;
use super::page::{arrow, named_rows};
use crate::render::{Annotated, Column, Extent, Line, count, differing_lines};

/// How much is shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Share {
    /// So many rows of items, and as many of all else.
    rows: usize,
    /// So many lines of source, all in all.
    lines: usize,
    /// How much of the source of one item.
    extent: Extent,
}

impl Share {
    /// What fits on a screen, or all there is.
    pub(super) fn new(all: bool) -> Self {
        if all {
            return Self {
                rows: usize::MAX,
                lines: usize::MAX,
                extent: Extent {
                    lines: usize::MAX,
                    around: 3,
                    columns: usize::MAX,
                },
            };
        }
        Self {
            rows: 8,
            lines: 24,
            extent: Extent {
                lines: 8,
                around: 1,
                columns: 70,
            },
        }
    }

    /// How many of so many rows are shown, and how many are not. A row is not
    /// given up for one that says no more than that.
    pub(super) fn of(self, all: usize) -> (usize, usize) {
        if all <= self.rows.saturating_add(1) {
            (all, 0)
        } else {
            (self.rows, all - self.rows)
        }
    }
}

/// The rows of a change, of at most `width` columns if that is possible.
pub(super) fn render(change: &CodeChange<'_>, share: Share, width: Option<usize>) -> String {
    let (shown, left_out) = share.of(change.list.items.len());
    let mut text = items(change, shown, share).render(width);
    push_rest(
        &mut text,
        left_out,
        "more item differs",
        "more items differ",
    );
    let others = others(change);
    let (shown, left_out) = share.of(others.len());
    let mut rows = named_rows();
    for row in others.into_iter().take(shown) {
        rows.row(row, Vec::new());
    }
    text.push_str(&rows.render(width));
    push_rest(&mut text, left_out, "more differs", "more differ");
    text
}

/// Says how many rows are not shown.
fn push_rest(text: &mut String, left_out: usize, one: &str, many: &str) {
    if left_out > 0 {
        let rest = count(left_out, one, many);
        text.push_str(&format!("  … {rest}, --verbose shows all\n"));
    }
}

fn items(change: &CodeChange<'_>, shown: usize, share: Share) -> Annotated {
    let columns = [
        Column::text("").cut(),
        Column::text("").cut(),
        Column::text(""),
    ];
    let mut rows = Annotated::new(columns);
    let mut extent = share.extent;
    let mut left = share.lines;
    for item in change.list.items.iter().take(shown) {
        extent.lines = extent.lines.min(left);
        let lines = lines_of(item, extent);
        left = left.saturating_sub(lines.len());
        rows.row(cells_of(item, change.krate), lines);
    }
    rows
}

/// Path, place and what became of an item.
fn cells_of(change: &Change<'_, Item>, krate: &str) -> [String; 3] {
    let Some(item) = change.after().or(change.before()) else {
        return Default::default();
    };
    let path = if *item.krate == *krate {
        item.path.to_string()
    } else {
        format!("{}::{}", item.krate, item.path)
    };
    // What a macro makes is written in no file.
    let place = match &*item.file {
        "" => String::new(),
        file => format!("{file}:{}", item.line),
    };
    [path, place, change_word(change).to_owned()]
}

fn lines_of(change: &Change<'_, Item>, extent: Extent) -> Vec<Line> {
    match change {
        Change::Moved { before, .. } => vec![Line::Note(format!("from {}", before.path))],
        Change::Changed { before, after } => match (&before.text, &after.text) {
            (Some(before), Some(after)) if extent.lines > 0 => {
                differing_lines(before, after, extent)
            }
            _ => Vec::new(),
        },
        Change::New(_) | Change::Gone(_) => Vec::new(),
    }
}

/// What differs beside items: dependencies, first those that changed, facts
/// and conditions.
fn others(change: &CodeChange<'_>) -> Vec<[String; 2]> {
    let mut dependencies: Vec<&Change<'_, Dependency>> = change.list.dependencies.iter().collect();
    dependencies.sort_by_key(|one| !matches!(one, Change::Changed { .. }));
    let mut rows: Vec<[String; 2]> = dependencies.into_iter().map(dependency).collect();
    rows.extend(change.facts().map(fact));
    rows.extend(change.conditions().map(condition));
    // Several conditions may ask for the features of one package.
    rows.dedup();
    rows
}

/// What became of something that is named on the left: `told` says what it
/// changed to.
fn became<T>(
    change: &Change<'_, T>,
    name: impl Fn(&T) -> String,
    shown: impl Fn(&T) -> String,
    told: impl Fn(&T, &T) -> String,
) -> [String; 2] {
    match change {
        Change::Changed { before, after } | Change::Moved { before, after } => {
            [name(after), told(before, after)]
        }
        Change::New(after) => [name(after), format!("{}new", shown(after))],
        Change::Gone(before) => [name(before), format!("{}gone", shown(before))],
    }
}

fn dependency(change: &Change<'_, Dependency>) -> [String; 2] {
    became(
        change,
        |one| one.name.clone(),
        |one| format!("{}  ", one.version),
        |before, after| {
            if before.version != after.version {
                return arrow(&before.version, &after.version);
            }
            let version = &after.version;
            match features(&before.features, &after.features) {
                Some(features) if before.detail == after.detail => {
                    format!("{version}, features {features}")
                }
                _ => format!("{version}, from elsewhere"),
            }
        },
    )
}

/// The features that came and went: `+std -alloc`.
fn features<T: PartialEq + AsRef<str>>(before: &[T], after: &[T]) -> Option<String> {
    let new = after.iter().filter(|one| !before.contains(one));
    let gone = before.iter().filter(|one| !after.contains(one));
    let new = new.map(|one| format!("+{}", one.as_ref()));
    let gone = gone.map(|one| format!("-{}", one.as_ref()));
    let all: Vec<String> = new.chain(gone).collect();
    (!all.is_empty()).then(|| all.join(" "))
}

fn fact(change: &Change<'_, Fact>) -> [String; 2] {
    let name = |fact: &Fact| match fact.kind {
        FactKind::Edition => format!("edition of {}", fact.name),
        FactKind::Feature => {
            let package = fact.name.split(": ").next().unwrap_or_default();
            format!("features of {package}")
        }
        FactKind::Condition => format!("condition {}", fact.name),
        FactKind::Environment => format!("variable {}", fact.name),
        FactKind::File => format!("file {}", fact.name),
        FactKind::Whole => fact.name.clone(),
        FactKind::Name => format!("name {}", fact.name),
        FactKind::Version => format!("version of {}", fact.name),
    };
    // The value of a file or a package is a digest, which tells people nothing.
    let shown = |fact: &Fact| match fact.kind {
        FactKind::File => String::new(),
        FactKind::Whole => "counts whole ".to_owned(),
        _ => format!("{}  ", fact.value),
    };
    let told = |before: &Fact, after: &Fact| match after.kind {
        FactKind::File => "changed".to_owned(),
        FactKind::Whole => "changed, and counts whole".to_owned(),
        FactKind::Feature => {
            let [before, after] =
                [before, after].map(|fact| fact.value.split(' ').collect::<Vec<_>>());
            features(&before, &after).unwrap_or_default()
        }
        FactKind::Edition
        | FactKind::Condition
        | FactKind::Environment
        | FactKind::Name
        | FactKind::Version => arrow(&before.value, &after.value),
    };
    became(change, name, shown, told)
}

fn condition(change: &ConditionChange<'_>) -> [String; 2] {
    let word = |truth: bool| if truth { "on" } else { "off" };
    let told = match (change.before, change.after) {
        (Some(before), Some(after)) => arrow(word(before), word(after)),
        (None, Some(after)) => format!("{}  new", word(after)),
        (Some(before), None) => format!("{}  gone", word(before)),
        (None, None) => String::new(),
    };
    [format!("condition {}", change.condition), told]
}
