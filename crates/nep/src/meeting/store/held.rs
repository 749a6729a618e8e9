//! Conditions on meetings that many questions share, as text of a statement. Written out, for to SQLite a list is a table
//! of its own. Rules: those of `domain::meeting`, which the tests below hold against the text.

/// Of the meetings `m` those that were held: [`MeetingState::is_held`].
pub const HELD: &str = "(m.state = 'closed' or m.state = 'adopted' or m.state = 'sealed')";

/// Of the meetings `m` those that serve a kỳ, regular or thematic.
pub const OF_PERIODS: &str = "(m.kind = 'regular' or m.kind = 'thematic' or m.kind = 'combined')";

#[cfg(test)]
mod tests {
    use super::*;
    use domain::code::Code;
    use domain::meeting::{MeetingKind, MeetingState};

    /// A condition on a column as it is written out.
    fn one_of<T: Code>(column: &str, holds: impl Fn(T) -> bool) -> String {
        let codes = T::ALL.iter().copied().filter(|c| holds(*c)).map(|c| format!("{column} = '{}'", c.code()));
        format!("({})", codes.collect::<Vec<_>>().join(" or "))
    }

    #[test]
    fn conditions_say_what_the_rules_say() {
        assert_eq!(HELD, one_of("m.state", MeetingState::is_held));
        assert_eq!(OF_PERIODS, one_of("m.kind", MeetingKind::serves_period));
    }
}
