//! Judges the rows of a table: each for itself, then beside one another and what the programme asks for already,
//! then by how the tree would stand. Pure.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{Named, Names};
use super::work::{self, Work};
use super::{Around, Listed, Part, RowState, Wish};
use crate::id::OrgId;
use crate::sheet::ChangeRow;
use crate::tree::{Item, Node, Renaming};
use crate::vi;

mod stand;

/// Who asked for something first: a row of the table, or an entry of the programme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum First {
    Row(usize),
    Entry(i64),
}

impl First {
    fn words(self) -> String {
        match self {
            Self::Row(n) => format!("dòng {n}"),
            Self::Entry(n) => format!("việc số {n} của phương án"),
        }
    }
}

pub(super) struct Judge<'a> {
    around: &'a Around<'a>,
    nodes: BTreeMap<OrgId, &'a Node>,
    names: Names,
    /// Kind and parent of what the programme or a row founds, and who does.
    founded: BTreeMap<OrgId, (String, OrgId, First)>,
    /// Rows that found something, with what is wrong with the others of them.
    founders: BTreeMap<usize, Result<OrgId, (RowState, String)>>,
}

/// Why a row is not added, or must be looked at.
type Said = (RowState, String);

fn wrong<T>(text: impl Into<String>) -> Result<T, Said> {
    Err((RowState::Error, text.into()))
}

impl<'a> Judge<'a> {
    pub(super) fn new(around: &'a Around<'a>, rows: &[ChangeRow]) -> Self {
        let mut judge = Self {
            around,
            nodes: around.nodes.iter().map(|n| (n.id, n)).collect(),
            names: Names::new(around),
            founded: BTreeMap::new(),
            founders: BTreeMap::new(),
        };
        for (n, item) in around.entries {
            if let Item::Found { id, kind, name, parent } = item {
                judge.names.add(*id, name, Some(*parent));
                judge.founded.insert(*id, (kind.clone(), *parent, First::Entry(*n)));
            }
        }
        let mut new: BTreeMap<String, (OrgId, First)> = BTreeMap::new();
        for (n, item) in around.entries {
            if let Item::Found { id, name, .. } = item {
                new.insert(vi::fold(name), (*id, First::Entry(*n)));
            }
        }
        for row in rows.iter().filter(|r| work::read(&r.work) == Ok(Work::Found)) {
            let made = judge.founder(row, &mut new);
            judge.founders.insert(row.number, made);
        }
        judge
    }

    /// Makes a new organisation known by its name, so that other rows may lead there.
    fn founder(&mut self, row: &ChangeRow, new: &mut BTreeMap<String, (OrgId, First)>) -> Result<OrgId, Said> {
        let name = if row.name.is_empty() { &row.org } else { &row.name };
        if name.is_empty() {
            return wrong("Chưa ghi tên tổ chức mới ở cột “Tên mới”.");
        }
        if name.chars().count() > 200 {
            return wrong("Tên tổ chức dài quá 200 chữ.");
        }
        if !row.code.is_empty() || !row.name.is_empty() && !row.org.is_empty() && vi::fold(&row.name) != vi::fold(&row.org) {
            return wrong("Dòng thành lập chỉ ghi tên ở cột “Tên mới”, để trống cột “Mã” và “Tổ chức”.");
        }
        if let Some((_, first)) = new.get(&vi::fold(name)) {
            return match first {
                First::Entry(_) => Err((RowState::Skip, format!("Đã có ở {}.", first.words()))),
                First::Row(_) => wrong(format!("Tên này đã ghi ở {}. Hãy bỏ một dòng hoặc đặt tên khác.", first.words())),
            };
        }
        // Ids of organisations are positive; those of the table are not.
        let id = OrgId::new(-i64::try_from(row.number).unwrap_or(i64::MAX));
        new.insert(vi::fold(name), (id, First::Row(row.number)));
        self.names.add(id, name, None);
        // With a wrong kind it is known all the same: who leads there reads which row is to be mended.
        let kind = self.kind(&row.kind);
        let known = kind.clone().unwrap_or_default();
        self.founded.insert(id, (known, self.around.root, First::Row(row.number)));
        kind.map(|_| id)
    }

    /// The kind a text names, by its name or the words before the bracket.
    fn kind(&self, text: &str) -> Result<String, Said> {
        if text.is_empty() {
            return wrong("Chưa ghi loại tổ chức ở cột “Loại mới”.");
        }
        let front = |t: &str| vi::fold(t.split('(').next().unwrap_or_default());
        let wanted = vi::fold(text);
        let exact = self.around.rules.org_kinds().find(|k| vi::fold(&k.name) == wanted);
        let near: Vec<_> = self.around.rules.org_kinds().filter(|k| front(&k.name) == wanted).collect();
        match (exact, near.as_slice()) {
            (Some(kind), _) => Ok(kind.code.clone()),
            (None, [kind]) => Ok(kind.code.clone()),
            _ => wrong(format!("Không có loại tổ chức “{text}”. Hãy chép đúng tên loại ở trang “Hướng dẫn” của bảng mẫu.")),
        }
    }

    fn is_cell(&self, kind: &str) -> bool {
        self.around.library.org_kind(kind).is_some_and(|k| k.is_cell)
    }

    fn kind_name(&self, kind: &str) -> String {
        self.around.library.org_kind(kind).map_or_else(|| kind.to_owned(), |k| k.name.clone())
    }

    fn kind_of(&self, id: OrgId) -> &str {
        let node = self.nodes.get(&id).map(|n| n.kind.as_str());
        node.or_else(|| self.founded.get(&id).map(|f| f.0.as_str())).unwrap_or_default()
    }

    pub(super) fn rows(mut self, rows: &[ChangeRow]) -> Vec<Listed> {
        let mut out: Vec<Listed> = rows.iter().map(|row| self.row(row)).collect();
        self.beside(&mut out);
        self.stand(&mut out);
        out
    }

    /// One row for itself.
    fn row(&mut self, row: &ChangeRow) -> Listed {
        let asks = [&row.work, &row.org, &row.to, &row.name, &row.kind];
        let asks = asks.into_iter().filter(|t| !t.is_empty()).cloned().collect::<Vec<_>>().join("; ");
        let mut out = Listed {
            number: row.number,
            state: RowState::Add,
            says: String::new(),
            asks,
            part: Part::Org,
            candidates: Vec::new(),
            wishes: Vec::new(),
        };
        if let Err((state, says)) = self.understand(row, &mut out) {
            (out.state, out.says) = (state, says);
            out.wishes.clear();
        }
        out
    }

    fn understand(&mut self, row: &ChangeRow, out: &mut Listed) -> Result<(), Said> {
        let work = work::read(&row.work).map_err(|text| (RowState::Error, text))?;
        if work == Work::Keep {
            return Err((RowState::Skip, "Giữ nguyên.".to_owned()));
        }
        if work == Work::Found {
            return self.found(row, out);
        }
        let org = self.changing(row, out)?;
        let name = self.names.called(org);
        match work {
            Work::Move => {
                let to = self.goal(row, Some(org), out, "Chưa ghi nơi chuyển đến ở cột “Về, vào tổ chức”.")?;
                self.may_move(org, to)?;
                let mut asks = format!("Chuyển {name} về trực thuộc {}", self.names.called(to));
                let here = self.nodes.get(&org).and_then(|n| n.parent) == Some(to);
                if !here {
                    out.wishes.push(Wish::Move { org, to });
                }
                if !(row.name.is_empty() && row.kind.is_empty()) {
                    let (new, words) = self.renaming(row, org)?;
                    out.wishes.push(Wish::Recast(new));
                    asks = format!("{asks}; {words}");
                }
                out.asks = asks;
                if out.wishes.is_empty() {
                    return Err((RowState::Skip, format!("{name} đang trực thuộc {}.", self.names.called(to))));
                }
            }
            Work::Merge => {
                let into = self.goal(row, Some(org), out, "Chưa ghi nhập vào đâu ở cột “Về, vào tổ chức”. Nhập thành tổ chức mới: thêm một dòng thành lập, rồi ghi tên mới đó ở cột này.")?;
                self.may_merge(org, into)?;
                out.asks = format!("Nhập {name} vào {}", self.names.called(into));
                out.wishes.push(Wish::Merge { org, into });
                if !(row.name.is_empty() && row.kind.is_empty()) {
                    look(out, "Tên mới, loại mới ở dòng này không dùng. Muốn đổi tên tổ chức nhận, ghi thêm một dòng đổi tên.");
                }
            }
            Work::End => {
                if !row.to.is_empty() {
                    return wrong(
                        "Giải thể thì để trống cột “Về, vào tổ chức”. Nếu đảng viên và tổ chức bên dưới về đó, hãy ghi việc là “nhập”.",
                    );
                }
                let members = self.around.members.get(&org).copied().unwrap_or(0);
                if members > 0 {
                    let count = vi::count(usize::try_from(members).unwrap_or(0), "đảng viên");
                    return wrong(format!("{name} còn {count}. Hãy ghi việc là “nhập” và ghi chi bộ nhận."));
                }
                out.asks = format!("Giải thể {name}");
                out.wishes.push(Wish::End { org });
            }
            Work::Rename | Work::Recast => {
                if work == Work::Recast && row.kind.is_empty() {
                    return wrong("Chưa ghi loại tổ chức ở cột “Loại mới”.");
                }
                if work == Work::Rename && row.name.is_empty() {
                    return wrong("Chưa ghi tên ở cột “Tên mới”.");
                }
                let (new, words) = self.renaming(row, org)?;
                out.asks = vi::capitalize(&format!("{name}: {words}"));
                out.wishes.push(Wish::Recast(new));
                if !row.to.is_empty() {
                    look(
                        out,
                        "Cột “Về, vào tổ chức” ở dòng này không dùng. Muốn chuyển đi nữa, ghi việc là “chuyển và đổi tên”.",
                    );
                }
            }
            Work::Found | Work::Keep => {}
        }
        Ok(())
    }

    fn found(&mut self, row: &ChangeRow, out: &mut Listed) -> Result<(), Said> {
        let id = self.founders.get(&row.number).cloned().unwrap_or_else(|| wrong("Dòng này chưa đọc được."))?;
        let parent = if row.to.is_empty() { self.around.root } else { self.goal(row, None, out, "")? };
        if self.is_cell(self.kind_of(parent)) {
            return wrong(format!("{} là chi bộ, không có tổ chức trực thuộc.", self.names.called(parent)));
        }
        if parent == id {
            return wrong("Tổ chức mới không thể trực thuộc chính nó.");
        }
        let name = if row.name.is_empty() { row.org.clone() } else { row.name.clone() };
        let twin =
            |id: &&OrgId| self.nodes.get(id).is_some_and(|n| n.parent == Some(parent) && vi::fold(&n.name) == vi::fold(&name));
        if self.names.forms_of(&name).iter().any(|id| twin(&id)) {
            return wrong(format!("Dưới {} đã có tổ chức tên này. Hãy đặt tên khác.", self.names.called(parent)));
        }
        let kind = self.kind_of(id).to_owned();
        if let Some(new) = self.founded.get_mut(&id) {
            new.1 = parent;
        }
        out.asks = format!("Lập {name} ({}), trực thuộc {}", self.kind_name(&kind), self.names.called(parent));
        if row.to.is_empty() {
            look(out, format!("Chưa ghi nơi trực thuộc, nên lập ngay dưới {}.", self.names.called(parent)));
        }
        out.wishes.push(Wish::Found { id, kind, name, parent });
        Ok(())
    }

    /// The organisation that changes.
    fn changing(&self, row: &ChangeRow, out: &mut Listed) -> Result<OrgId, Said> {
        if row.org.is_empty() && row.code.is_empty() {
            return wrong("Chưa ghi tổ chức nào ở cột “Tổ chức”.");
        }
        let mut named = self.names.find(&row.code, &row.org, &row.under);
        if let Named::Several(all) = &mut named {
            all.retain(|id| self.nodes.contains_key(id));
            if let [one] = all.as_slice() {
                named = Named::One(*one, None);
            }
        }
        let org = self.one(named, if row.org.is_empty() { &row.code } else { &row.org }, Part::Org, out)?;
        if org == self.around.root {
            return wrong(format!("{} là nơi lập phương án này; chỉ sắp xếp các tổ chức bên dưới.", self.names.called(org)));
        }
        if !self.nodes.contains_key(&org) {
            return wrong(
                "Tổ chức mới của phương án không sắp xếp tiếp được. Hãy ghi đúng nơi trực thuộc, tên, loại ở dòng thành lập.",
            );
        }
        Ok(org)
    }

    /// Where it goes to; `org` is what goes.
    fn goal(&self, row: &ChangeRow, org: Option<OrgId>, out: &mut Listed, missing: &str) -> Result<OrgId, Said> {
        // "Hợp nhất" into a new one is often written with the new name only.
        let text = if row.to.is_empty() { &row.name } else { &row.to };
        let mut named = self.names.find("", text, "");
        if text.is_empty() || row.to.is_empty() && matches!(named, Named::Nobody(_)) {
            return wrong(missing);
        }
        if let Named::Several(all) = &mut named {
            all.retain(|id| Some(*id) != org);
            let new: Vec<OrgId> = all.iter().copied().filter(|id| self.founded.contains_key(id)).collect();
            named = match (all.as_slice(), new.as_slice()) {
                ([one], _) => Named::One(*one, None),
                (_, [new]) => {
                    let doubt =
                        format!("Hiểu là tổ chức mới cùng tên “{text}”. Nếu là tổ chức đang có, hãy ghi mã của tổ chức đó.");
                    Named::One(*new, Some(doubt))
                }
                _ => named,
            };
        }
        self.one(named, text, Part::To, out)
    }

    fn one(&self, named: Named, text: &str, part: Part, out: &mut Listed) -> Result<OrgId, Said> {
        out.part = part;
        match named {
            Named::One(id, doubt) => {
                if let Some(doubt) = doubt {
                    look(out, doubt);
                }
                Ok(id)
            }
            Named::Several(candidates) => {
                let n = candidates.len();
                out.candidates = candidates;
                Err((RowState::Ask, format!("Có {} cùng tên “{text}”. Hãy chọn một.", vi::count(n, "tổ chức"))))
            }
            Named::Nobody(close) => {
                let near = if close.is_empty() {
                    "Hãy xem lại tên."
                } else {
                    "Nếu là một trong các tổ chức gần giống, hãy chọn."
                };
                out.candidates = close;
                wrong(format!("Không có tổ chức nào tên “{text}”. {near}"))
            }
            Named::NoCode => wrong("Mã này không có trong các tổ chức ở đây. Hãy chép đúng mã từ bảng mẫu, hoặc để trống mã."),
        }
    }

    fn may_move(&self, org: OrgId, to: OrgId) -> Result<(), Said> {
        if self.is_cell(self.kind_of(to)) {
            return wrong(format!("{} là chi bộ, không có tổ chức trực thuộc.", self.names.called(to)));
        }
        if org == to {
            return wrong("Tổ chức không thể chuyển vào chính nó.");
        }
        Ok(())
    }

    fn may_merge(&self, org: OrgId, into: OrgId) -> Result<(), Said> {
        if org == into {
            return wrong("Tổ chức không thể nhập vào chính nó.");
        }
        if into == self.around.root {
            return wrong(format!(
                "Không nhập vào {} là nơi lập phương án; hãy chuyển các tổ chức về đó rồi giải thể.",
                self.names.called(into)
            ));
        }
        if self.is_cell(self.kind_of(org)) != self.is_cell(self.kind_of(into)) {
            return wrong("Chi bộ chỉ nhập với chi bộ, đảng bộ chỉ nhập với đảng bộ.");
        }
        Ok(())
    }

    /// The new name and kind a row gives, in words as well.
    fn renaming(&self, row: &ChangeRow, org: OrgId) -> Result<(Renaming, String), Said> {
        let Some(node) = self.nodes.get(&org) else { return wrong("Không tìm thấy tổ chức.") };
        let name = Some(row.name.clone()).filter(|n| !n.is_empty() && *n != node.name);
        if name.as_ref().is_some_and(|n| n.chars().count() > 200) {
            return wrong("Tên tổ chức dài quá 200 chữ.");
        }
        let kind = if row.kind.is_empty() { None } else { Some(self.kind(&row.kind)?).filter(|k| *k != node.kind) };
        if let Some(kind) = &kind
            && self.is_cell(kind) != self.is_cell(&node.kind)
        {
            return wrong("Chi bộ không đổi thành đảng bộ được, và ngược lại. Hãy thành lập tổ chức mới.");
        }
        let mut words = Vec::new();
        words.extend(name.as_ref().map(|n| format!("đổi tên thành {n}")));
        words.extend(kind.as_ref().map(|k| format!("đổi loại thành “{}”", self.kind_name(k))));
        if words.is_empty() {
            return Err((RowState::Skip, format!("{} đã có tên và loại đó.", node.name)));
        }
        Ok((Renaming { org, name, kind }, words.join(", ")))
    }
}

/// Something to look at, beside what was said before.
fn look(out: &mut Listed, text: impl AsRef<str>) {
    if out.state == RowState::Add {
        out.state = RowState::Warning;
    }
    if !out.says.is_empty() {
        out.says.push(' ');
    }
    out.says.push_str(text.as_ref());
}

fn fail(out: &mut Listed, text: impl Into<String>) {
    (out.state, out.says) = (RowState::Error, text.into());
    out.wishes.clear();
}

fn chosen(item: &Item) -> BTreeSet<OrgId> {
    match item {
        Item::Move { orgs, .. } | Item::Merge { orgs, .. } | Item::End { orgs } => orgs.iter().copied().collect(),
        Item::Recast { .. } | Item::Found { .. } | Item::Unify { .. } => BTreeSet::new(),
    }
}
