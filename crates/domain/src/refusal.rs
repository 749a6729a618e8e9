//! What the rules answer when something cannot be done, is unwise, or is still to do: a refusal,
//! an advice, a check. Used by every notion of the domain and shown by pages as it is.
//! Touches nothing else. Rules: experience.md 15 (every error says what to do).

use std::fmt;

/// Why something was not done, in words for the user. Never a fault of the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The situation, a stable ASCII word for tests and logs.
    pub code: &'static str,
    /// The form field it concerns, so that an error summary can link to it.
    pub field: Option<&'static str>,
    text: String,
}

impl Refusal {
    /// A refusal in a complete Vietnamese sentence: what is wrong and what to do.
    pub fn new(code: &'static str, text: impl Into<String>) -> Self {
        Self { code, field: None, text: text.into() }
    }

    /// The same refusal, tied to a form field.
    #[must_use]
    pub fn at(mut self, field: &'static str) -> Self {
        self.field = Some(field);
        self
    }

    /// A field that must be filled; `name` is what the user calls it.
    pub fn missing(field: &'static str, name: &str) -> Self {
        Self::new("missing", format!("Chưa có {name}. Hãy nhập {name}.")).at(field)
    }

    /// An action that the present state does not allow; `hint` says what to do instead.
    pub fn state(action: &str, state: impl fmt::Display, hint: &str) -> Self {
        Self::new("state", format!("Không thể {action} khi đang ở trạng thái “{state}”. {hint}"))
    }

    /// The sentence for the user.
    pub fn text(&self) -> String {
        self.text.clone()
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
impl std::error::Error for Refusal {}

/// Something wise to change. An advice never blocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// The sentence for the user.
    pub text: String,
    /// The rule it comes from (an id of the rule register), for “Vì sao?”.
    pub rule: &'static str,
}

impl Advice {
    /// An advice with the rule it comes from.
    pub fn new(rule: &'static str, text: impl Into<String>) -> Self {
        Self { text: text.into(), rule }
    }
}

/// One line of a “check answers” page: what is done and what is still to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Whether it is in order.
    pub done: bool,
    /// Whether going on is refused while it is not.
    pub must: bool,
    /// The sentence for the user, fitting both answers.
    pub text: String,
    /// The form field it concerns.
    pub field: Option<&'static str>,
}

impl Check {
    /// Something without which one cannot go on.
    pub fn must(done: bool, field: &'static str, text: impl Into<String>) -> Self {
        Self { done, must: true, text: text.into(), field: Some(field) }
    }

    /// Something wise, which does not block.
    pub fn advised(done: bool, field: &'static str, text: impl Into<String>) -> Self {
        Self { done, must: false, text: text.into(), field: Some(field) }
    }

    /// Whether this line stands in the way.
    pub fn blocks(&self) -> bool {
        self.must && !self.done
    }
}

/// Refuses while any check stands in the way, naming the first and how many there are.
///
/// # Errors
/// The first blocking check, with the number of those after it.
pub fn all_clear(checks: &[Check]) -> Result<(), Refusal> {
    let mut blocking = checks.iter().filter(|c| c.blocks());
    let Some(first) = blocking.next() else {
        return Ok(());
    };
    let text = match blocking.count() {
        0 => first.text.clone(),
        n => format!("{} Còn {n} việc khác phải làm trước.", first.text),
    };
    Err(Refusal { code: "checks", field: first.field, text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_is_wrong_and_what_to_do() {
        let r = Refusal::missing("place", "địa điểm");
        assert_eq!(r.text(), "Chưa có địa điểm. Hãy nhập địa điểm.");
        assert_eq!(r.field, Some("place"));
    }

    #[test]
    fn checks_that_are_only_advised_do_not_stand_in_the_way() {
        let advised = Check::advised(false, "lead", "Nên gửi sớm hơn.");
        assert!(all_clear(std::slice::from_ref(&advised)).is_ok());
        let must = Check::must(false, "place", "Chưa có địa điểm.");
        let refusal = all_clear(&[advised, must.clone(), must]).unwrap_err();
        assert_eq!(refusal.text(), "Chưa có địa điểm. Còn 1 việc khác phải làm trước.");
        assert_eq!(refusal.field, Some("place"));
    }
}
