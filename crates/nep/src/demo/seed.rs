//! A small generator of numbers that gives the same demonstration on every machine (splitmix64).
//! Pure; not for anything that must be unguessable.

/// A sequence of numbers that depends on its seed alone.
#[derive(Debug, Clone)]
pub struct Seed(u64);

impl Seed {
    /// A sequence of its own for each pair.
    pub fn new(a: u64, b: u64) -> Self {
        let mut seed = Self(a.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ b.wrapping_mul(0xD1B5_4A32_D192_ED03));
        seed.next();
        seed
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `n`; 0 when there is none.
    pub fn below(&mut self, n: usize) -> usize {
        match u64::try_from(n) {
            Ok(n) if n > 0 => usize::try_from(self.next() % n).unwrap_or(0),
            _ => 0,
        }
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = usize::try_from(high - low + 1).unwrap_or(0);
        low + i64::try_from(self.below(span)).unwrap_or(0)
    }

    /// True in `percent` of a hundred cases.
    pub fn chance(&mut self, percent: u32) -> bool {
        self.between(0, 99) < i64::from(percent)
    }

    /// One of several.
    pub fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T
    where
        &'a T: Default,
    {
        let at = self.below(from.len());
        from.get(at).copied().unwrap_or_default()
    }

    /// One of several, each as often as its weight says.
    pub fn weighted<'a>(&mut self, from: &[(&'a str, u32)]) -> &'a str {
        let total: i64 = from.iter().map(|(_, w)| i64::from(*w)).sum();
        let mut left = self.between(0, total - 1);
        for (word, weight) in from {
            left -= i64::from(*weight);
            if left < 0 {
                return word;
            }
        }
        ""
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers_and_another_seed_others() {
        let run = |a, b| {
            let mut seed = Seed::new(a, b);
            (0..8).map(|_| seed.below(1000)).collect::<Vec<_>>()
        };
        assert_eq!(run(3, 4), run(3, 4));
        assert_ne!(run(3, 4), run(4, 3));
        assert!(run(1, 1).iter().any(|n| *n != run(1, 1)[0]));
    }

    #[test]
    fn weights_and_chances_are_kept_roughly() {
        let mut seed = Seed::new(1, 2);
        let often = (0..10_000).filter(|_| seed.weighted(&[("a", 3), ("b", 1)]) == "a").count();
        assert!((7_200..7_800).contains(&often), "{often}");
        let hits = (0..10_000).filter(|_| seed.chance(10)).count();
        assert!((850..1_150).contains(&hits), "{hits}");
        assert!((0..1000).all(|_| (3..=5).contains(&seed.between(3, 5))));
    }
}
