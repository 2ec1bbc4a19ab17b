//! What a release tool does with `semver`.

use memo_runtime::memo;
use semver::{BuildMetadata, Comparator, Op, Prerelease, Version, VersionReq};

const VERSIONS: [&str; 7] = [
    "1.0.0",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "2.1.13+build.5",
    "0.3.7-rc.1+exp.sha.5114f85",
    "10.20.30-this.is.a.long.prerelease",
    "1.2",
];

#[memo]
fn parsing() -> String {
    let parsed = VERSIONS.iter().map(|text| match Version::parse(text) {
        Ok(version) => format!("{version} {version:?}\n"),
        Err(error) => format!("{text}: {error} {error:?}\n"),
    });
    parsed.collect()
}

#[memo]
fn sorting() -> String {
    let mut versions: Vec<Version> = VERSIONS.iter().flat_map(|text| text.parse()).collect();
    versions.sort();
    let newest = versions.iter().max().map(ToString::to_string);
    let precedence = versions[0].cmp_precedence(&versions[1]);
    format!("{versions:?} {newest:?} {precedence:?}")
}

#[memo]
fn matching() -> String {
    let mut out = String::new();
    for text in [
        ">=1.0.0, <2.0.0",
        "^0.3",
        "~2.1.0",
        "*",
        "=1.0.0-alpha.1",
        "1.*",
        ">",
        "<=10.20",
    ] {
        match VersionReq::parse(text) {
            Ok(requirement) => {
                for version in VERSIONS.iter().flat_map(|text| Version::parse(text)) {
                    out += if requirement.matches(&version) {
                        "x"
                    } else {
                        "."
                    };
                }
                out += &format!(" {requirement}\n");
            }
            Err(error) => out += &format!("{text}: {error}\n"),
        }
    }
    out
}

#[memo]
fn building() -> String {
    let mut version = Version::new(1, 2, 3);
    version.pre = Prerelease::new("alpha.7").unwrap_or_default();
    version.build = BuildMetadata::new("2025").unwrap_or(BuildMetadata::EMPTY);
    let comparator = Comparator {
        op: Op::Tilde,
        major: 1,
        minor: Some(2),
        patch: None,
        pre: Prerelease::EMPTY,
    };
    let copy = version.clone();
    format!(
        "{version} {} {} {}",
        comparator,
        comparator.matches(&copy),
        version == copy && version.pre.as_str() < "b" && !version.build.is_empty()
    )
}
