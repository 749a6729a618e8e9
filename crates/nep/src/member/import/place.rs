//! Finds the cell a row of a sheet names, however it is spelled.
//! Pure. Rules: none; names are compared folded, with or without "Chi bộ" in front.

use std::collections::HashMap;

use domain::vi;

use super::Target;

/// Which cell a name is of.
#[derive(Debug)]
pub enum Match<'a> {
    /// None.
    Nobody,
    /// This one.
    One(&'a Target),
    /// More than one.
    Several,
}

/// Cells by every form of their names.
#[derive(Debug)]
pub struct Cells<'a> {
    by_name: HashMap<String, Vec<&'a Target>>,
}

/// A name without "Chi bộ" in front and signs, folded.
pub fn bare(name: &str) -> String {
    let folded: String = vi::fold(name).chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let folded = folded.split_whitespace().collect::<Vec<_>>().join(" ");
    for front in ["chi bo ", "cb "] {
        if let Some(rest) = folded.strip_prefix(front) {
            return rest.to_owned();
        }
    }
    folded
}

/// The name as a cell would be founded with it.
pub fn full_name(text: &str) -> String {
    let folded = vi::fold(text);
    if folded.starts_with("chi bo") || folded.starts_with("cb ") { text.to_owned() } else { format!("Chi bộ {text}") }
}

impl<'a> Cells<'a> {
    /// Prepares the names.
    pub fn new(targets: &'a [Target]) -> Self {
        let mut by_name: HashMap<String, Vec<&'a Target>> = HashMap::new();
        for target in targets {
            let forms = [bare(&target.name), bare(&target.short_name)];
            for (i, form) in forms.iter().enumerate() {
                if i == 0 || *form != forms[0] {
                    by_name.entry(form.clone()).or_default().push(target);
                }
            }
        }
        Self { by_name }
    }

    /// The cell a text names.
    pub fn find(&self, text: &str) -> Match<'a> {
        match self.by_name.get(&bare(text)).map(Vec::as_slice) {
            None | Some([]) => Match::Nobody,
            Some([one]) => Match::One(one),
            Some(_) => Match::Several,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::OrgId;

    fn target(n: i64, name: &str, short: &str) -> Target {
        Target { org: OrgId::new(n), name: name.to_owned(), short_name: short.to_owned() }
    }

    #[test]
    fn a_cell_is_found_in_any_spelling() {
        let all = [target(1, "Chi bộ Văn phòng Sở Xây dựng", "Chi bộ Văn phòng"), target(2, "Chi bộ 3", "Chi bộ 3")];
        let cells = Cells::new(&all);
        for text in ["Chi bộ Văn phòng", "chi bo van phong", "CB Văn phòng", "Văn phòng", "Chi bộ Văn phòng Sở Xây dựng"]
        {
            assert!(matches!(cells.find(text), Match::One(t) if t.org.raw() == 1), "{text}");
        }
        assert!(matches!(cells.find("3"), Match::One(t) if t.org.raw() == 2));
        assert!(matches!(cells.find("Chi bộ Thanh tra"), Match::Nobody));
        let twins = [target(1, "Chi bộ Thôn 1", "Chi bộ Thôn 1"), target(2, "Chi bộ thôn 1", "Thôn 1")];
        assert!(matches!(Cells::new(&twins).find("Thôn 1"), Match::Several));
    }
}
