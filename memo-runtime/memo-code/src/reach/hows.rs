//! How names have been mentioned so far, and whether another mention goes farther.

/// How names have been mentioned, by the number of the mention.
#[derive(Default)]
pub(super) struct Hows(Vec<u128>);

impl Hows {
    pub(super) fn has_none(&self, number: usize) -> bool {
        self.0.get(number).is_none_or(|before| *before == 0)
    }

    /// Whether no mention before went as far as this one; it is remembered then. Several together
    /// do not: each looks for what all of it allows.
    pub(super) fn add(&mut self, number: usize, how: u8) -> bool {
        if number >= self.0.len() {
            self.0.resize(2 * number + 1, 0);
        }
        let before = &mut self.0[number];
        let is_news = *before >> how & 1 == 0;
        if is_news {
            *before |= WITHIN[usize::from(how)];
        }
        is_news
    }
}

/// For each way to mention a name the set of those that go no farther.
const WITHIN: [u128; 128] = {
    let mut within = [0; 128];
    let mut how = 0;
    while how < 128 {
        let mut part = 0;
        while part < 128 {
            if part & how == part {
                within[how] |= 1 << part;
            }
            part += 1;
        }
        how += 1;
    }
    within
};

#[cfg(test)]
mod tests {
    use super::Hows;

    #[test]
    fn a_mention_is_news_unless_one_before_went_as_far() {
        let mut hows = Hows::default();
        assert!(hows.has_none(5));
        assert!(hows.add(5, 0b011) && !hows.has_none(5));
        assert!(!hows.add(5, 0b011) && !hows.add(5, 0b010) && !hows.add(5, 0));
        assert!(hows.add(5, 0b100));
        assert!(hows.add(5, 0b110), "several together do not go as far");
        assert!(hows.add(4, 0b011), "of another name");
    }
}
