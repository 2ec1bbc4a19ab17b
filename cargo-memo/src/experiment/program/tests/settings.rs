use memo_runtime::Digest;

use super::super::settings::Config;
use super::super::source::look_with;
use super::lab::Lab;

const CONFIG: &str = ".cargo/config.toml";

fn config(lab: &Lab) -> Config {
    Config::around(&lab.path("lab"), Some(&lab.path("home")))
}

fn fingerprint(lab: &Lab) -> Digest {
    let (choice, flags) = (lab.choice("eval"), lab.flags());
    let source = look_with(&lab.workspace, choice, &flags, &config(lab)).unwrap();
    source.fingerprint
}

/// What `[env]` adds.
fn added(lab: &Lab) -> Vec<(String, String)> {
    let all = config(lab).environment().into_iter();
    all.map(|(name, value)| (name, value.into_string().unwrap()))
        .collect()
}

#[test]
fn what_the_configuration_decides_counts() {
    let lab = Lab::new();
    let plain = fingerprint(&lab);
    let mut found = vec![plain];
    for (path, text) in [
        (CONFIG, "[build]\nrustflags = [\"-Coverflow-checks\"]\n"),
        (CONFIG, "[build]\nrustflags = [\"--cfg=slow\"]\n"),
        (CONFIG, "[build]\ntarget = \"wasm32-wasip1\"\n"),
        (CONFIG, "[target.'cfg(unix)']\nrustflags = \"--cfg=slow\"\n"),
        (CONFIG, "[env]\nSTEP = \"1\"\n"),
        (CONFIG, "[env]\nSTEP = \"2\"\n"),
        (CONFIG, "[profile.dev]\noverflow-checks = false\n"),
        (CONFIG, "[env\n"),
        (CONFIG, "[env \n"),
        ("lab/.cargo/config", "[env]\nSTEP = \"3\"\n"),
        ("home/config.toml", "[env]\nSTEP = \"4\"\n"),
        ("home/other.toml", "[env]\nSTEP = \"5\"\n"),
    ] {
        lab.write(path, text);
        if path == "home/other.toml" {
            lab.write("home/config.toml", "include = [\"other.toml\"]\n");
        }
        let now = fingerprint(&lab);
        assert!(!found.contains(&now), "{path}: {text}");
        found.push(now);
        for path in [path, "home/config.toml"] {
            lab.write(path, "");
        }
        assert_eq!(fingerprint(&lab), plain, "{path}, without {text}");
    }
}

#[test]
fn what_decides_nothing_does_not_count() {
    let lab = Lab::new();
    let plain = fingerprint(&lab);
    lab.write(CONFIG, "[build]\njobs = 1\n[net]\noffline = true\n");
    assert_eq!(fingerprint(&lab), plain);

    lab.write(
        CONFIG,
        "[build]\nrustflags = [\"-g\", \"-O\"]\n[env]\nX = \"1\"\n",
    );
    let one = fingerprint(&lab);
    let other =
        "# slow\nenv = { \"X\" = '1' } # once\n[build]\nrustflags=['-g',\n  '-O', # fast\n]\n";
    lab.write(CONFIG, other);
    assert_eq!(fingerprint(&lab), one);
}

#[test]
fn profiles_of_the_manifest_count_where_they_change_what_a_program_does() {
    let lab = Lab::new();
    let manifest = lab.read("Cargo.toml");
    let plain = fingerprint(&lab);
    for (profile, counts) in [
        ("[profile.release]\noverflow-checks = true\n", true),
        ("[profile.dev]\ndebug-assertions = false\n", true),
        ("[profile.dev]\npanic = \"abort\"\n", true),
        ("[profile.dev.package.dep]\noverflow-checks = false\n", true),
        (
            "[profile.long]\ninherits = \"dev\"\npanic = \"abort\"\n",
            true,
        ),
        ("[profile.dev]\nopt-level = 3\nlto = true\n", false),
    ] {
        lab.write("Cargo.toml", &format!("{manifest}{profile}"));
        let now = fingerprint(&lab);
        assert_eq!(now != plain, counts, "{profile}");
        let mut release = lab.flags();
        release.release = true;
        let choice = lab.choice("eval");
        let released = look_with(&lab.workspace, choice, &release, &config(&lab));
        assert_eq!(released.unwrap().fingerprint, now, "{profile}, for release");
    }
}

#[test]
fn the_environment_is_that_of_the_nearest_file_and_leaves_what_is_set() {
    let lab = Lab::new();
    assert_eq!(added(&lab), []);
    lab.write(
        CONFIG,
        "[env]\nLAB_STEP = \"far\"\nLAB_RATE = { value = \"0.1\" }\nPATH = \"no\"\n\
         HOME = { value = \"data\", force = true, relative = true }\n",
    );
    lab.write("lab/.cargo/config.toml", "[env]\nLAB_STEP = \"near\"\n");
    let home = lab.path("data").into_os_string().into_string().unwrap();
    let expected = [("HOME", &*home), ("LAB_RATE", "0.1"), ("LAB_STEP", "near")];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(added(&lab), expected);
}

#[test]
fn the_compiler_is_given_the_environment_of_the_configuration() {
    let lab = Lab::new();
    lab.write(
        "lab/src/bin/eval.rs",
        "fn main() {\n    println!(\"{:?}\", option_env!(\"LAB_STEP\"));\n}\n",
    );
    lab.write(CONFIG, "[env]\nLAB_STEP = \"seven\"\n");
    let (choice, flags) = (lab.choice("eval"), lab.flags());
    let source = look_with(&lab.workspace, choice, &flags, &config(&lab)).unwrap();
    let list = memo_code::CodeList::from_bytes(&source.list).unwrap();
    let step = list.facts.iter().find(|fact| fact.name == "LAB_STEP");
    assert!(step.unwrap().value.contains("seven"), "{step:?}");
}
