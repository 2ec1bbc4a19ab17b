//! Points, from what is typed to what a program gets.

mod sampling;

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use super::*;

/// What `sweep` was given.
#[derive(Clone, Default)]
struct Typed {
    words: Vec<String>,
    file: Option<String>,
    zip: Vec<String>,
    condition: Option<&'static str>,
    sample: Option<usize>,
    seed: u64,
}

impl Typed {
    fn new(words: &str) -> Self {
        Self {
            words: words.split_whitespace().map(str::to_owned).collect(),
            ..Self::default()
        }
    }

    fn zip(mut self, names: &str) -> Self {
        self.zip.push(names.to_owned());
        self
    }

    fn only(self, condition: &'static str) -> Self {
        Self {
            condition: Some(condition),
            ..self
        }
    }

    fn sample(self, sample: usize, seed: u64) -> Self {
        Self {
            sample: Some(sample),
            seed,
            ..self
        }
    }

    fn file(self, content: &str) -> Self {
        Self {
            file: Some(content.to_owned()),
            ..self
        }
    }

    fn try_points(&self) -> Result<Points, String> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("points");
        if let Some(content) = &self.file {
            fs::write(&path, content).unwrap();
        }
        let condition = self.condition.map(|condition| condition.parse().unwrap());
        let space = Space::parse(
            &self.words,
            self.file.as_ref().map(|_| path.as_path()),
            &self.zip,
            condition.as_ref(),
            self.sample,
            self.seed,
        );
        let points = space.and_then(|space| space.points());
        points.map_err(|failure| {
            let message = failure.message().unwrap();
            message.replace(&*path.to_string_lossy(), "points")
        })
    }

    fn points(&self) -> Vec<Point> {
        self.try_points().unwrap().all
    }

    /// The points, one a line.
    fn listed(&self) -> Vec<String> {
        self.points().iter().map(Point::to_string).collect()
    }

    fn remarks(&self) -> Vec<String> {
        self.try_points().unwrap().remarks
    }

    fn problem(&self) -> String {
        self.try_points().unwrap_err()
    }
}

/// Random numbers that are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (bits ^ (bits >> 31)) % end
    }
}

#[test]
fn each_value_goes_with_each_and_the_last_parameter_is_the_fastest() {
    assert_eq!(
        Typed::new("lr=0.10,0.01 layers=2..=3 act=relu").listed(),
        [
            "lr=0.10, layers=2, act=relu",
            "lr=0.10, layers=3, act=relu",
            "lr=0.01, layers=2, act=relu",
            "lr=0.01, layers=3, act=relu",
        ]
    );
    assert_eq!(Typed::new("note=").listed(), ["note="]);
}

#[test]
fn a_product_is_as_large_as_its_parts_say_and_has_no_point_twice() {
    let mut numbers = Numbers(1);
    for _ in 0..200 {
        let lengths: Vec<u64> = (0..=numbers.below(4))
            .map(|_| 1 + numbers.below(6))
            .collect();
        let words = (0..)
            .zip(&lengths)
            .map(|(at, length)| format!("p{at}=0..{length}"));
        let words: Vec<String> = words.collect();
        let points = Typed::new(&words.join(" ")).points();
        assert_eq!(
            points.len() as u64,
            lengths.iter().product::<u64>(),
            "{words:?}"
        );
        assert_eq!(
            points.iter().collect::<HashSet<_>>().len(),
            points.len(),
            "{words:?}"
        );
        let digits = |point: &Point| {
            let values = point.parameters.iter();
            values
                .map(|(_, value)| value.parse().unwrap())
                .collect::<Vec<u64>>()
        };
        assert!(points.is_sorted_by_key(digits), "{words:?}");
    }
}

#[test]
fn a_repeated_value_counts_once_and_is_told() {
    let typed = Typed::new("lr=0.1,0.1,0.10 seed=0..3,1,2");
    assert_eq!(typed.points().len(), 6);
    assert_eq!(
        typed.remarks(),
        [
            "`lr`: 1 repeated value passed over",
            "`seed`: 2 repeated values passed over"
        ]
    );
    assert_eq!(
        Typed::new("a=1,1,2 b=x,x,y").zip("a,b").remarks(),
        ["`a`, `b`: 1 repeated value passed over"]
    );
}

#[test]
fn zipped_parameters_advance_together_where_they_stand() {
    assert_eq!(
        Typed::new("lr=0.1,0.01 seed=0..2 batch=32,64")
            .zip("lr,batch")
            .listed(),
        [
            "lr=0.1, seed=0, batch=32",
            "lr=0.1, seed=1, batch=32",
            "lr=0.01, seed=0, batch=64",
            "lr=0.01, seed=1, batch=64",
        ]
    );
    let two = Typed::new("a=1,2 b=1..=3 c=x,y d=7..=9")
        .zip("c, a")
        .zip("b,d");
    assert_eq!(two.points().len(), 6);
    assert_eq!(two.listed()[1], "a=1, b=2, c=x, d=8");
    assert_eq!(two.listed()[3], "a=2, b=1, c=y, d=7");
}

#[test]
fn a_zip_is_the_diagonal_of_the_product() {
    let mut numbers = Numbers(2);
    for _ in 0..100 {
        let length = 1 + numbers.below(20);
        let words = format!("a=0..{length} b=100..{} c=x,y", 100 + length);
        let product = Typed::new(&words).points();
        let diagonal: Vec<Point> = product
            .into_iter()
            .filter(|point| {
                let number = |name| point.value(name).unwrap().parse::<u64>().unwrap();
                number("b") == number("a") + 100
            })
            .collect();
        assert_eq!(Typed::new(&words).zip("a,b").points(), diagonal, "{words}");
    }
}

#[test]
fn a_condition_leaves_points_out() {
    let typed = Typed::new("act=tanh,relu lr=0.1,0.001").only("act!=tanh or lr<0.01");
    assert_eq!(
        typed.listed(),
        [
            "act=tanh, lr=0.001",
            "act=relu, lr=0.1",
            "act=relu, lr=0.001"
        ]
    );
    assert_eq!(typed.remarks(), [""; 0]);
    assert_eq!(
        Typed::new("lr=0.1,1").only("lr>1").problem(),
        "no point meets the condition of --if"
    );
}

#[test]
fn a_name_that_no_parameter_has_is_told() {
    assert_eq!(
        Typed::new("lr=0.1 layers=2")
            .only("layesr=2 or lr>0")
            .remarks(),
        [
            "there is no parameter `layesr` that --if could ask for: there are lr, layers; did you \
          mean `layers`?"
        ]
    );
    let dotted = Typed::new("opt.lr=0.1,0.2 cfg={\"a\":1}");
    assert_eq!(dotted.clone().only("opt.lr=0.1").listed().len(), 1);
    assert_eq!(dotted.clone().only("cfg.a=1").remarks(), [""; 0]);
}

#[test]
fn points_of_a_file_go_with_each_value_of_the_others() {
    let csv = "lr,batch\n0.1,32\n0.01,64\n";
    let listed = [
        "lr=0.1, batch=32, seed=0",
        "lr=0.1, batch=32, seed=1",
        "lr=0.01, batch=64, seed=0",
        "lr=0.01, batch=64, seed=1",
    ];
    assert_eq!(Typed::new("seed=0..2").file(csv).listed(), listed);
    let json = "{\"lr\": 0.1, \"batch\": 32}\n{\"batch\": \"64\", \"lr\": 0.01}\n";
    assert_eq!(Typed::new("seed=0..2").file(json).listed(), listed);
    assert_eq!(Typed::new("").file("x\n1\n2\n1\n").listed(), ["x=1", "x=2"]);
}

#[test]
fn what_cannot_be_meant_is_told() {
    let long = "99999999999";
    for (typed, problem) in [
        (
            Typed::new(""),
            "there is no parameter: give some with their values, as lr=0.1,0.01 layers=2..=4, or \
             points in a file by --from",
        ),
        (
            Typed::new("lr=1 n=2 lr=3"),
            "the parameter `lr` is given twice",
        ),
        (
            Typed::new("lr=1").file("lr\n2\n"),
            "the parameter `lr` is given twice",
        ),
        (
            Typed::new("").file("lr,n\n1\n"),
            "`points`, line 2: 1 value for 2 parameters; a value with a comma stands in quotation \
             marks",
        ),
        (
            Typed::new("lr=log(1e-4,1e-1) x=uniform(0,1) n=1"),
            "the values of `lr`, `x` are drawn: --sample N says how many points there are to be",
        ),
        (
            Typed::new("a=0..1000 b=0..1001"),
            "there are 1,001,000 points, and at most 1,000,000 points are run: --sample N chooses \
             N of them",
        ),
        (
            Typed::new(&format!("a=0..{long} b=0..{long}")),
            "there are more than 18,446,744,073,709,551,615 points, and at most 1,000,000 points \
             are run: --sample N chooses N of them",
        ),
        (
            Typed::new(&format!("a=0..{long} b=0..{long}")).zip("a,b"),
            "there are 99,999,999,999 points, and at most 1,000,000 points are run: --sample N \
             chooses N of them",
        ),
        (
            Typed::new("lr=1,2,3 batch=32,64").zip("lr,batch"),
            "--zip lr,batch: all are to have as many values, and `lr` has 3 values, `batch` has 2 \
             values",
        ),
        (
            Typed::new("lr=1,2 batch=32,64").zip("lr,bacth"),
            "--zip lr,bacth: there is no parameter `bacth`; did you mean `batch`?",
        ),
        (
            Typed::new("lr=1,2").zip("lr"),
            "--zip lr: it takes two names at least, as lr,batch",
        ),
        (
            Typed::new("a=1 b=1 c=1").zip("a,b").zip("c,b"),
            "--zip c,b: `b` is zipped twice",
        ),
        (
            Typed::new("a=1 b=1").zip("a,a"),
            "--zip a,a: `a` is zipped twice",
        ),
        (
            Typed::new("n=1").file("lr\n2\n").zip("lr,n"),
            "--zip lr,n: `lr` advances with the points of --from",
        ),
        (
            Typed::new("a=1,2 x=log(1,2)").zip("a,x").sample(2, 0),
            "--zip a,x: `x` is drawn, and cannot advance with others",
        ),
    ] {
        assert_eq!(typed.problem(), problem);
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let missing = Path::new("no/such/points.csv");
    let space = Space::parse(&[], Some(missing), &[], None, None, 0);
    let message = space.unwrap_err().message().unwrap();
    assert!(
        message.starts_with("cannot read points from `no/such/points.csv`: "),
        "{message}"
    );
}
