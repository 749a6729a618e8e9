//! Finds the organisation that a row of a table names: by code, by its full or its short name, with or without
//! the words of its kind, helped by what it is said to stand under. Pure.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Around, code_org, org_code};
use crate::id::OrgId;
use crate::vi;

/// Which organisation a text names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    /// This one; with what somebody should look at.
    One(OrgId, Option<String>),
    /// One of these.
    Several(Vec<OrgId>),
    /// None; those with a name that is close.
    Nobody(Vec<OrgId>),
    /// A code that none has.
    NoCode,
}

/// How many that are close are named.
const CLOSE: usize = 5;

/// Organisations by every form of their names.
pub(super) struct Names {
    there: BTreeSet<OrgId>,
    called: BTreeMap<OrgId, String>,
    under: BTreeMap<OrgId, OrgId>,
    forms: HashMap<String, Vec<OrgId>>,
}

/// A name folded, without signs.
fn folded(text: &str) -> String {
    let folded: String = vi::fold(text).chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let folded = folded.split_whitespace().collect::<Vec<_>>().join(" ");
    let long = |short: &str, long: &str| Some(format!("{long} {}", folded.strip_prefix(short)?));
    long("cb ", "chi bo").or_else(|| long("db ", "dang bo")).unwrap_or(folded)
}

/// A folded name without the words of its kind.
fn bare(folded: &str) -> &str {
    let fronts = ["dang bo bo phan ", "dang bo co so ", "chi bo co so ", "dang bo ", "chi bo "];
    fronts.iter().find_map(|f| folded.strip_prefix(f)).unwrap_or(folded)
}

impl Names {
    pub(super) fn new(around: &Around<'_>) -> Self {
        let there = around.nodes.iter().map(|n| n.id).collect();
        let mut names = Self { there, called: BTreeMap::new(), under: BTreeMap::new(), forms: HashMap::new() };
        for node in around.nodes {
            names.add(node.id, &node.name, node.parent);
            if let Some(short) = around.short.get(&node.id) {
                names.form(node.id, folded(short));
            }
        }
        names
    }

    /// One more, as the programme or the table founds it.
    pub(super) fn add(&mut self, id: OrgId, name: &str, under: Option<OrgId>) {
        self.called.insert(id, name.to_owned());
        if let Some(under) = under {
            self.under.insert(id, under);
        }
        self.form(id, folded(name));
    }

    fn form(&mut self, id: OrgId, form: String) {
        for form in [bare(&form).to_owned(), form] {
            let ids = self.forms.entry(form).or_default();
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
    }

    /// What it is called, new ones with a word that says so.
    pub(super) fn called(&self, id: OrgId) -> String {
        let name = self.called.get(&id).cloned().unwrap_or_default();
        if self.there.contains(&id) { name } else { format!("{name} (mới)") }
    }

    /// Finds it by code and text; `under` is what it is said to stand under.
    pub(super) fn find(&self, code: &str, text: &str, under: &str) -> Named {
        if let Some(id) = code_org(code).or_else(|| code_org(text).filter(|id| self.called.contains_key(id))) {
            let Some(name) = self.called.get(&id) else { return Named::NoCode };
            let other = code_org(text).is_none() && !text.is_empty() && !self.forms_of(text).contains(&id);
            let doubt = || format!("Mã {} là của {name}; trong bảng ghi “{text}”. Lấy theo mã.", org_code(id));
            return Named::One(id, other.then(doubt));
        }
        if !code.is_empty() {
            return Named::NoCode;
        }
        let found = self.narrowed(text, under);
        match found.as_slice() {
            [one] => Named::One(*one, None),
            [] => self.apart(text),
            _ => Named::Several(found),
        }
    }

    pub(super) fn forms_of(&self, text: &str) -> &[OrgId] {
        let folded = folded(text);
        // With the words of its kind it is meant as it is written: "Đảng bộ A" is not "Chi bộ A".
        self.forms.get(&folded).map_or(&[], Vec::as_slice)
    }

    /// Those of the name; of several the ones written just so, of these the ones that stand where it says.
    fn narrowed(&self, text: &str, under: &str) -> Vec<OrgId> {
        let mut found = self.forms_of(text).to_vec();
        let mut keep = |fits: &dyn Fn(&OrgId) -> bool| {
            if found.len() > 1 && found.iter().any(fits) {
                found.retain(|id| fits(id));
            }
        };
        let above = self.forms_of(under);
        keep(&|id| self.under.get(id).is_some_and(|p| above.contains(p)));
        let whole = folded(text);
        keep(&|id| self.called.get(id).is_some_and(|n| folded(n) == whole));
        let written = vi::nfc(text).to_lowercase();
        keep(&|id| self.called.get(id).is_some_and(|n| n.to_lowercase() == written));
        found
    }

    /// A name with what it stands under behind it: "Chi bộ 1 (Đảng bộ Sở Y tế)", "Chi bộ 1 thuộc Sở Y tế".
    fn apart(&self, text: &str) -> Named {
        for mark in [" thuộc ", " (", ", ", " - ", " – "] {
            let Some((name, above)) = vi::nfc(text).rsplit_once(mark).map(|(a, b)| (a.to_owned(), b.to_owned())) else {
                continue;
            };
            let above = self.forms_of(above.trim_start_matches("trực ").trim_start_matches("thuộc ").trim_end_matches(')'));
            let there: Vec<OrgId> =
                self.forms_of(&name).iter().copied().filter(|id| self.under.get(id).is_some_and(|p| above.contains(p))).collect();
            match there.as_slice() {
                [] => {}
                [one] => return Named::One(*one, None),
                _ => return Named::Several(there),
            }
        }
        Named::Nobody(self.close(text))
    }

    /// Those whose name holds the text, or is held by it.
    fn close(&self, text: &str) -> Vec<OrgId> {
        let whole = folded(text);
        let wanted = bare(&whole);
        if wanted.chars().count() < 3 {
            return Vec::new();
        }
        let near = |name: &String| {
            let name = folded(name);
            let name = bare(&name);
            name.contains(wanted) || name.chars().count() > 5 && wanted.contains(name)
        };
        self.called.iter().filter(|(_, name)| near(name)).map(|(id, _)| *id).take(CLOSE).collect()
    }
}
