//! In programs of which it is known what reaches what, just that changes fingerprints.

use memo_code::Level;

use super::corpus::Corpus;
use super::crates::Crate;
use super::programs::Program;
use super::random::rounds;

#[test]
fn an_edit_changes_just_the_fingerprints_of_what_reaches_it() {
    let (mut changed, mut stayed) = (0, 0);
    for mut random in rounds(150) {
        let mut program = Program::new(&mut random);
        let order = program.order(&mut random);
        let before = program.written(&order);
        let item = program.any(&mut random);
        let reaching = program.reaching(item);
        program.alter(item);
        let after = program.written(&order);
        let level = Level::Graph;
        let pairs = before.fingerprints(level, usize::MAX).into_iter();
        for (before, after) in pairs.zip(after.fingerprints(level, usize::MAX)) {
            let name = before.0.rsplit("::").next().unwrap();
            let (_, reaches) = reaching.iter().find(|(of, _)| of == name).unwrap();
            assert_eq!(
                before != after,
                *reaches,
                "{name}, item {item}: {:#?}",
                program.written(&order).files
            );
            changed += u32::from(*reaches);
            stayed += u32::from(!*reaches);
        }
    }
    assert!(
        changed > 80 && stayed > 80,
        "{changed} changed, {stayed} stayed"
    );
}

#[test]
fn neither_order_nor_comments_change_a_fingerprint() {
    for mut random in rounds(80) {
        let mut program = Program::new(&mut random);
        let before = program.written(&program.order(&mut random));
        let item = program.any(&mut random);
        program.comment(item);
        let after = program.written(&program.order(&mut random));
        for level in [Level::Graph, Level::Crate] {
            let sorted = |krate: &Crate| {
                let mut prints = krate.fingerprints(level, usize::MAX);
                prints.sort();
                prints
            };
            assert_eq!(
                sorted(&before),
                sorted(&after),
                "{:#?}\n{:#?}",
                before.files,
                after.files
            );
        }
    }
}

#[test]
fn which_fingerprints_were_asked_for_before_alters_none() {
    let corpus = Corpus::new();
    let mut several = 0;
    for mut random in rounds(60) {
        let program = Program::new(&mut random);
        let program = program.written(&program.order(&mut random));
        for krate in [program, Crate::of(corpus.text(&mut random))] {
            let prints = krate.first_and_last(Level::Graph);
            several += u32::from(prints.len() > 1);
            for [first, last] in prints {
                assert_eq!(first, last, "{:#?}", krate.files);
            }
        }
    }
    assert!(several > 60, "{several} crates with several functions");
}
