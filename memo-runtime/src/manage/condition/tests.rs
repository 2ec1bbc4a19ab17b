use super::*;

fn values(name: &str) -> Option<Cow<'static, str>> {
    Some(Cow::Borrowed(match name {
        "lr" => "0.1",
        "layers" => "3",
        "seed" => "9007199254740993",
        "act" => "\"relu\"",
        "mode" => "Fast",
        "count" => "\"7\"",
        "limit" => "inf",
        "odd" => "NaN",
        "path" => r#""C:\\new \"x\"""#,
        "config" => {
            r#"Config { lr: 0.01, opt: Some(Adam { beta: (0.9, 0.99) }), name: "a, b: }" }"#
        }
        "map" => r#"{"x": 1, "y: z": [10, 20, … 26 items]}"#,
        "a.b" => "5",
        "long" => "\"abcdef…",
        "cut" => "Config { lr: 0.1, layers: 3…",
        _ => return None,
    }))
}

fn holds(condition: &str) -> bool {
    condition.parse::<Condition>().unwrap().matches(values)
}

#[test]
fn numbers_compare_as_numbers_and_texts_as_texts() {
    for true_one in [
        "lr=0.1",
        "lr=1e-1",
        "lr = +0.10",
        "lr==.1",
        "lr<0.2",
        "lr>=0.1",
        "lr<=1e2",
        "lr>-1",
        "layers=3",
        "layers=3.0",
        "layers<20",
        "layers!=4",
        "limit>1e300",
        "limit=inf",
        "act=relu",
        "act=\"relu\"",
        "act='relu'",
        "act!=tanh",
        "act<tanh",
        "act~el",
        "mode=Fast",
        "count=7",
        "count=\"7\"",
        "count>6",
        "odd=NaN",
        "seed=9007199254740993",
        r#"path='C:\\new "x"'"#,
    ] {
        assert!(holds(true_one), "{true_one}");
    }
    for false_one in [
        "lr>0.1",
        "lr=\"1e-1\"",
        "layers=\"3.0\"",
        "act=Relu",
        "act~RELU",
        "seed=9007199254740992",
        "layers~4",
        "odd!=NaN",
        "odd>0",
        "odd<0",
        "act>1",
    ] {
        assert!(!holds(false_one), "{false_one}");
    }
}

#[test]
fn and_binds_closer_than_or_and_not_closest() {
    assert!(holds("lr=0.1 or lr=2 and layers=4"));
    assert!(!holds("(lr=0.1 or lr=2) and layers=4"));
    assert!(holds("not lr=2 and layers=3"));
    assert!(!holds("not (lr=2 or layers=3)"));
    assert!(holds("NOT(lr=2)AND layers=3 Or lr=7"));
}

#[test]
fn a_name_without_a_value_meets_no_comparison() {
    for comparison in ["none=1", "none!=1", "none<1", "none>1", "none~''", "lr.x=1"] {
        assert!(!holds(comparison), "{comparison}");
    }
    assert!(holds("not none=1"));
}

#[test]
fn a_dot_looks_into_a_value() {
    for true_one in [
        "config.lr=0.01",
        "config.opt.beta.1=0.99",
        "config.name='a, b: }'",
        "config.name~': }'",
        "map.x=1",
        "'map.y: z.1'=20",
        "a.b=5",
    ] {
        assert!(holds(true_one), "{true_one}");
    }
    for nothing in [
        "config.beta~''",
        "config.opt.gamma~''",
        "'map.y: z.2'~''",
        "map.1~''",
        "act.x~''",
    ] {
        assert!(!holds(nothing), "{nothing}");
    }
}

#[test]
fn of_a_text_that_was_cut_only_what_is_there_counts() {
    assert!(holds("long~cde"));
    assert!(holds("long>abcdaa"));
    assert!(holds("long!=xyz"));
    for unknown in [
        "long=abcdef",
        "long!=abcdefgh",
        "long<abcdefgh",
        "long>abcdef",
        "long~fg",
    ] {
        assert!(!holds(unknown), "{unknown}");
    }
    assert!(holds("cut.lr=0.1"));
    assert!(!holds("cut.layers~''"));
}

#[test]
fn a_mistake_is_told_with_its_place() {
    for (text, at, expected) in [
        ("", 0, "the name of an argument"),
        ("lr", 2, "one of = != < <= > >= ~"),
        ("lr ? 3", 3, "one of = != < <= > >= ~"),
        ("lr =", 4, "a value"),
        ("lr = )", 5, "a value"),
        ("lr=1 layers=3", 5, "`and`, `or`, or the end"),
        ("lr=1, layers=3", 4, "`and`, `or`, or the end"),
        ("é=1 and", 7, "the name of an argument"),
        ("and=1", 0, "the name of an argument"),
        ("(lr=1", 5, "`and`, `or`, or `)`"),
        ("lr='1", 5, "a closing quotation mark"),
    ] {
        let error = text.parse::<Condition>().unwrap_err();
        assert_eq!(error, BadCondition { at, expected }, "{text}");
    }
    let error = "lr=".parse::<Condition>().unwrap_err();
    assert_eq!(error.to_string(), "expected a value at character 4");
}

#[test]
fn nesting_has_an_end() {
    let deep = |depth| format!("{}lr=0.1{}", "(".repeat(depth), ")".repeat(depth));
    assert!(holds(&deep(64)));
    for depth in [65, 100_000] {
        assert!(deep(depth).parse::<Condition>().is_err(), "{depth}");
    }
    assert!(
        format!("{}lr=1", "not ".repeat(100_000))
            .parse::<Condition>()
            .is_err()
    );
}

#[test]
fn looking_into_a_hostile_text_ends() {
    let wrapped = format!("{}lr: 1{}", "(".repeat(500_000), ")".repeat(500_000));
    let condition: Condition = "deep.lr=1".parse().unwrap();
    assert!(!condition.matches(|name| (name == "deep").then(|| wrapped.as_str().into())));
}

#[test]
fn it_tells_the_names_it_asks_for() {
    let condition: Condition = "lr>1 and not (a.b=2 or 'c d'~x)".parse().unwrap();
    assert_eq!(condition.names(), ["lr", "a.b", "c d"]);
}

#[test]
fn values_are_put_in_the_order_that_people_expect() {
    let mut values = ["\"b\"", "10", "9.5", "a", "-1", "1e3", "\"7\""];
    values.sort_by(|one, other| compare_values(one, other));
    assert_eq!(values, ["-1", "9.5", "10", "1e3", "\"7\"", "a", "\"b\""]);
}
