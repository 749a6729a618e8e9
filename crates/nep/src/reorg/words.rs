//! A plan said in sections and sentences for people who decide on it: what moves, who keeps which rights,
//! what stays under the old name, which numbers end, what is left open. Pure. Rules: TC-20 … TC-26, L10.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::OrgId;
use domain::post::Role;
use domain::rulepack::Library;
use domain::tree::{Node, Whole};
use domain::vi;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::kept::{Entry, FirstPost, What};
use super::store::{Around, Seat};

/// A part of a plan under a heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// The heading.
    pub title: String,
    /// Its sentences.
    pub lines: Vec<Line>,
}

/// A sentence, perhaps with whom or what it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The sentence.
    pub text: String,
    /// Names that belong to it.
    pub names: Vec<String>,
}

/// A sentence that ends in a list, if there is one.
fn line(text: impl Into<String>, names: Vec<String>) -> Line {
    let text = text.into();
    Line { text: if names.is_empty() { format!("{text}.") } else { format!("{text}:") }, names }
}

/// Everything a plan is told from.
pub struct Told<'a> {
    /// The organisation the programme is of.
    pub root: &'a Node,
    /// The tree before.
    pub nodes: &'a [Node],
    /// What would be done.
    pub whole: &'a Whole,
    /// What was asked for, for the first posts.
    pub entries: &'a [Entry],
    /// Counts.
    pub around: &'a Around,
    /// The day.
    pub on: Date,
    /// Kinds by name, of all times.
    pub library: &'a Library,
    /// Names of people who will be twice on the roll of one cell.
    pub twice: Vec<String>,
}

/// The whole plan, the most important first.
pub fn sections(told: &Told<'_>) -> Vec<Section> {
    let speaker = Speaker::new(told);
    [
        ("Tóm tắt", speaker.summary()),
        ("Tổ chức mới", speaker.founded()),
        ("Về trực thuộc nơi khác", speaker.moved()),
        ("Nhập, hợp nhất", speaker.merged()),
        ("Đổi tên, đổi loại tổ chức", speaker.recast()),
        ("Kết thúc hoạt động", speaker.ended()),
        ("Ai giữ quyền gì", speaker.rights()),
        ("Giữ nguyên dưới tên cũ", speaker.past()),
        ("Sổ và số văn bản", speaker.numbers()),
        ("Việc còn để ngỏ", speaker.open()),
    ]
    .into_iter()
    .filter(|(_, lines)| !lines.is_empty())
    .map(|(title, lines)| Section { title: title.to_owned(), lines })
    .collect()
}

struct Speaker<'a> {
    told: &'a Told<'a>,
    before: BTreeMap<OrgId, &'a Node>,
    after: BTreeMap<OrgId, &'a Node>,
    leaving: BTreeSet<OrgId>,
}

fn size(n: i64) -> usize {
    usize::try_from(n).unwrap_or(0)
}

impl<'a> Speaker<'a> {
    fn new(told: &'a Told<'a>) -> Self {
        let whole = told.whole;
        Self {
            told,
            before: told.nodes.iter().map(|n| (n.id, n)).collect(),
            after: whole.after.iter().map(|n| (n.id, n)).collect(),
            leaving: whole.merged.iter().map(|m| m.0).chain(whole.ended.iter().copied()).collect(),
        }
    }

    /// What it is called today, or will be called if it is new.
    fn called(&self, id: OrgId) -> &'a str {
        self.before.get(&id).or_else(|| self.after.get(&id)).map_or("tổ chức", |n| n.name.as_str())
    }

    fn kind(&self, code: &str) -> String {
        self.told.library.org_kind(code).map_or_else(|| code.to_owned(), |k| k.name.clone())
    }

    fn is_cell(&self, kind: &str) -> bool {
        self.told.library.org_kind(kind).is_some_and(|k| k.is_cell)
    }

    fn on(&self) -> String {
        vi::date(self.told.on)
    }

    /// An organisation and everything below it today: how many below, how many cells, how many members.
    fn part(&self, id: OrgId) -> (usize, usize, i64) {
        let Some(top) = self.before.get(&id) else { return (0, 0, 0) };
        let part = || self.told.nodes.iter().filter(|n| n.path.starts_with(&top.path));
        let members = part().filter_map(|n| self.told.around.members.get(&n.id)).sum();
        (part().count().saturating_sub(1), part().filter(|n| self.is_cell(&n.kind)).count(), members)
    }

    /// Moved organisations that are not below another that moves along with them.
    fn movers(&self) -> Vec<OrgId> {
        self.told.whole.moved.iter().map(|m| m.org).collect()
    }

    fn summary(&self) -> Vec<Line> {
        let whole = self.told.whole;
        let mut out = vec![line(
            format!("Thực hiện ngày {}, trong một lần, cho các tổ chức thuộc {}", self.on(), self.told.root.name),
            Vec::new(),
        )];
        let mut say = |n: usize, text: String| {
            if n > 0 {
                out.push(line(text, Vec::new()));
            }
        };
        say(whole.founded.len(), format!("Lập {}", vi::count(whole.founded.len(), "tổ chức mới")));
        let (below, members) = self.moving();
        let along = if below == 0 {
            String::new()
        } else {
            format!("; {} bên dưới cùng chuyển theo", vi::count(below, "tổ chức"))
        };
        say(
            whole.moved.len(),
            format!(
                "Chuyển {} về trực thuộc nơi khác{along}; trong đó có {}",
                vi::count(whole.moved.len(), "tổ chức"),
                vi::count(size(members), "đảng viên")
            ),
        );
        let stays: i64 = whole.merged.iter().filter_map(|(org, _)| self.told.around.members.get(org)).sum();
        say(
            whole.merged.len(),
            format!(
                "Nhập {} vào tổ chức khác; {} chuyển sinh hoạt theo",
                vi::count(whole.merged.len(), "tổ chức"),
                vi::count(size(stays), "đồng chí")
            ),
        );
        let kinds = whole.recast.iter().filter(|r| r.kind != r.old_kind).count();
        say(kinds, format!("Đổi loại {}", vi::count(kinds, "tổ chức")));
        let names = self.renamed(false).len();
        say(names, format!("Đổi tên {}, loại giữ nguyên", vi::count(names, "tổ chức")));
        say(whole.ended.len(), format!("Kết thúc hoạt động {}", vi::count(whole.ended.len(), "tổ chức")));
        let rest = self.untouched();
        say(rest, format!("{} khác giữ nguyên", vi::count(rest, "tổ chức")));
        out
    }

    /// What moves along below those that move, and the members of both; nothing is counted twice.
    fn moving(&self) -> (usize, i64) {
        let movers = self.movers();
        let paths: Vec<&str> = movers.iter().filter_map(|id| self.before.get(id)).map(|n| n.path.as_str()).collect();
        let part: Vec<&Node> = self.told.nodes.iter().filter(|n| paths.iter().any(|p| n.path.starts_with(p))).collect();
        let below = part.iter().filter(|n| !movers.contains(&n.id)).count();
        (below, part.iter().filter_map(|n| self.told.around.members.get(&n.id)).sum())
    }

    fn untouched(&self) -> usize {
        let whole = self.told.whole;
        let mut touched: BTreeSet<OrgId> = self.leaving.clone();
        touched.extend(whole.recast.iter().map(|r| r.org));
        touched.extend(whole.merged.iter().map(|m| m.1));
        let paths: Vec<&str> = whole.moved.iter().filter_map(|m| self.before.get(&m.org)).map(|n| n.path.as_str()).collect();
        let moves = |n: &&Node| paths.iter().any(|p| n.path.starts_with(p));
        self.told.nodes.iter().filter(|n| n.id != self.told.root.id && !touched.contains(&n.id) && !moves(n)).count()
    }

    fn founded(&self) -> Vec<Line> {
        let new = self.told.whole.founded.iter().filter_map(|id| self.after.get(id));
        new.map(|n| {
            let parent = n.parent.map_or("", |p| self.called(p));
            line(format!("Lập {} (loại: {}), trực thuộc {parent}", n.name, self.kind(&n.kind)), Vec::new())
        })
        .collect()
    }

    fn moved(&self) -> Vec<Line> {
        let mut groups: BTreeMap<OrgId, Vec<(OrgId, Option<OrgId>)>> = BTreeMap::new();
        for m in &self.told.whole.moved {
            groups.entry(m.to).or_default().push((m.org, m.from));
        }
        groups
            .into_iter()
            .map(|(to, orgs)| {
                let (mut cells, mut members) = (0, 0);
                let mut names = Vec::new();
                for (org, from) in &orgs {
                    let (below, part, people) = self.part(*org);
                    cells += part;
                    members += people;
                    let from = from.map_or("", |f| self.called(f));
                    let with = if below == 0 {
                        String::new()
                    } else {
                        format!(", cùng {}", vi::count(below, "tổ chức bên dưới"))
                    };
                    names.push(format!("{} (đang thuộc {from}{with})", self.called(*org)));
                }
                let text = format!(
                    "Về {}: {}, gồm {}, {}",
                    self.called(to),
                    vi::count(orgs.len(), "tổ chức"),
                    vi::count(cells, "chi bộ"),
                    vi::count(size(members), "đảng viên")
                );
                line(text, names)
            })
            .collect()
    }

    fn merged(&self) -> Vec<Line> {
        let mut groups: BTreeMap<OrgId, Vec<OrgId>> = BTreeMap::new();
        for (org, into) in &self.told.whole.merged {
            groups.entry(*into).or_default().push(*org);
        }
        groups
            .into_iter()
            .map(|(into, orgs)| {
                let count = |id: &OrgId| self.told.around.members.get(id).copied().unwrap_or(0);
                let coming: i64 = orgs.iter().map(count).sum();
                let names =
                    orgs.iter().map(|o| format!("{} ({})", self.called(*o), vi::count(size(count(o)), "đồng chí"))).collect();
                let text = format!(
                    "Nhập vào {}; sau khi nhập {} có {}",
                    self.called(into),
                    self.called(into),
                    vi::count(size(coming + count(&into)), "đồng chí")
                );
                line(text, names)
            })
            .collect()
    }

    fn recast(&self) -> Vec<Line> {
        let mut groups: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for r in self.told.whole.recast.iter().filter(|r| r.kind != r.old_kind) {
            *groups.entry((&r.old_kind, &r.kind)).or_default() += 1;
        }
        let mut out: Vec<Line> = groups
            .into_iter()
            .map(|((old, new), n)| {
                line(format!("{} loại “{}” thành loại “{}”", vi::count(n, "tổ chức"), self.kind(old), self.kind(new)), Vec::new())
            })
            .collect();
        let renamed = self.renamed(true);
        if !renamed.is_empty() {
            out.push(line(format!("{} đổi loại, đổi cả tên", vi::count(renamed.len(), "tổ chức")), renamed));
        } else if !out.is_empty() {
            out.push(line("Tên các tổ chức đổi loại giữ nguyên", Vec::new()));
        }
        let only = self.renamed(false);
        if !only.is_empty() {
            out.push(line(format!("{} đổi tên, loại giữ nguyên", vi::count(only.len(), "tổ chức")), only));
        }
        out
    }

    /// Old and new name of those that get another name; with another kind, or without.
    fn renamed(&self, kind: bool) -> Vec<String> {
        let all = self.told.whole.recast.iter().filter(|r| (r.kind != r.old_kind) == kind && r.name != self.called(r.org));
        all.map(|r| format!("{} thành {}", self.called(r.org), r.name)).collect()
    }

    fn ended(&self) -> Vec<Line> {
        let names = |ids: &mut dyn Iterator<Item = OrgId>| ids.map(|id| self.called(id).to_owned()).collect::<Vec<_>>();
        let all = names(&mut self.leaving.iter().copied());
        if all.is_empty() {
            return Vec::new();
        }
        vec![line(format!("Kết thúc hoạt động từ ngày {}", self.on()), all)]
    }

    fn seats(&self) -> impl Iterator<Item = &'a Seat> {
        let leaving = self.leaving.clone();
        self.told.around.seats.iter().filter(move |s| leaving.contains(&s.org))
    }

    fn first_posts(&self) -> Vec<(OrgId, &'a FirstPost)> {
        let of = |e: &'a Entry| match &e.what {
            What::Found { id, posts, .. } => posts.iter().map(|p| (OrgId::new(*id), p)).collect(),
            What::Move { .. } | What::Merge { .. } | What::Unify { .. } | What::Recast { .. } | What::End { .. } => Vec::new(),
        };
        self.told.entries.iter().flat_map(of).collect()
    }

    fn rights(&self) -> Vec<Line> {
        let whole = self.told.whole;
        let mut out = Vec::new();
        let mut keep: BTreeSet<OrgId> = whole.recast.iter().map(|r| r.org).collect();
        let movers: Vec<&str> = whole.moved.iter().filter_map(|m| self.before.get(&m.org)).map(|n| n.path.as_str()).collect();
        keep.extend(self.told.nodes.iter().filter(|n| movers.iter().any(|p| n.path.starts_with(p))).map(|n| n.id));
        let keep: BTreeSet<OrgId> = keep.difference(&self.leaving).copied().collect();
        let kept = self.told.around.seats.iter().filter(|s| keep.contains(&s.org) && s.role.is_leader()).count();
        if !keep.is_empty() {
            out.push(line(
                format!(
                    "{} được chuyển hoặc đổi loại: bí thư, phó bí thư, cấp ủy viên ({}) giữ nguyên chức vụ và quyền ở tổ chức mình",
                    vi::count(keep.len(), "tổ chức"),
                    vi::count(kept, "chức vụ")
                ),
                Vec::new(),
            ));
        }
        if !whole.recast.is_empty() {
            out.push(line("Chức vụ ở các tổ chức đổi loại gọi tên như cũ: bí thư, phó bí thư, cấp ủy viên", Vec::new()));
        }
        let ending: Vec<String> =
            self.seats().map(|s| format!("Đồng chí {}, {} {}", s.name, s.role.label_in(s.is_cell), self.called(s.org))).collect();
        if !ending.is_empty() {
            let text = format!(
                "Thôi {} từ ngày {} vì tổ chức kết thúc; từ ngày đó không còn xem, sắp xếp được các tổ chức đã chuyển đi",
                vi::count(ending.len(), "chức vụ"),
                self.on()
            );
            out.push(line(text, ending));
        }
        let beginning: Vec<String> = self
            .first_posts()
            .into_iter()
            .filter_map(|(org, p)| {
                let is_cell = self.after.get(&org).is_some_and(|n| self.is_cell(&n.kind));
                Some(format!("Đồng chí {}, {} {}", p.name, p.role()?.label_in(is_cell), self.called(org)))
            })
            .collect();
        if !beginning.is_empty() {
            out.push(line(format!("Bắt đầu giữ chức vụ từ ngày {}", self.on()), beginning));
        }
        let gain: BTreeMap<OrgId, usize> = whole.moved.iter().fold(BTreeMap::new(), |mut all, m| {
            *all.entry(m.to).or_default() += 1;
            all
        });
        for (to, n) in gain {
            out.push(line(
                format!("Cấp ủy {} xem số liệu và sắp xếp được {} chuyển về", self.called(to), vi::count(n, "tổ chức")),
                Vec::new(),
            ));
        }
        out
    }

    fn past(&self) -> Vec<Line> {
        let on = self.on();
        let mut out = vec![line(
            format!(
                "Biên bản, nghị quyết, điểm danh, danh sách ghi trước ngày {on} giữ nguyên tên và nơi trực thuộc cũ; số liệu các tháng trước vẫn tính cho cấp ủy cũ"
            ),
            Vec::new(),
        )];
        let issued: i64 = self.told.around.issued.values().sum();
        if issued > 0 {
            out.push(line(
                format!(
                    "{} của các tổ chức kết thúc được giữ nguyên, tra cứu như trước",
                    vi::count(size(issued), "văn bản đã ban hành")
                ),
                Vec::new(),
            ));
        }
        out
    }

    fn numbers(&self) -> Vec<Line> {
        let whole = self.told.whole;
        let mut out = Vec::new();
        let mut closed: Vec<String> = Vec::new();
        for org in &self.leaving {
            let last: Vec<String> = self
                .told
                .around
                .counters
                .iter()
                .filter(|c| c.org == *org)
                .map(|c| format!("{} số {}", c.kind.to_string().to_lowercase(), vi::number(c.last)))
                .collect();
            if !last.is_empty() {
                closed.push(format!("{}: {}", self.called(*org), last.join(", ")));
            }
        }
        if !closed.is_empty() {
            out.push(line("Các sổ sau dừng ở số cuối cùng", closed));
        } else if !self.leaving.is_empty() {
            out.push(line("Các tổ chức kết thúc chưa lấy số văn bản nào trong nhiệm kỳ này", Vec::new()));
        }
        if !whole.moved.is_empty() || !whole.recast.is_empty() {
            out.push(line("Các tổ chức được chuyển hoặc đổi loại đếm tiếp số văn bản trong nhiệm kỳ hiện nay", Vec::new()));
        }
        if !whole.founded.is_empty() {
            out.push(line("Các tổ chức mới đếm số văn bản từ 1", Vec::new()));
        }
        out
    }

    fn open(&self) -> Vec<Line> {
        let around = self.told.around;
        let mut out = Vec::new();
        let named: BTreeSet<OrgId> =
            self.first_posts().into_iter().filter(|(_, p)| p.role() == Some(Role::Secretary)).map(|(org, _)| org).collect();
        let without: Vec<String> =
            self.told.whole.founded.iter().filter(|id| !named.contains(id)).map(|id| self.called(*id).to_owned()).collect();
        if !without.is_empty() {
            out.push(line(format!("{} chưa có bí thư", vi::count(without.len(), "tổ chức mới")), without));
        }
        let per = |counts: &BTreeMap<OrgId, i64>, noun: &str| -> Vec<String> {
            counts.iter().map(|(org, n)| format!("{}: {}", self.called(*org), vi::count(size(*n), noun))).collect()
        };
        for (counts, noun, text) in [
            (&around.meetings, "buổi", "Buổi sinh hoạt chưa khóa biên bản của tổ chức kết thúc; nên khóa trước ngày thực hiện"),
            (&around.tasks, "nhiệm vụ", "Nhiệm vụ chưa hoàn thành của tổ chức kết thúc; nên giao lại ở tổ chức mới"),
            (
                &around.figures,
                "quy định",
                "Quy định riêng của tổ chức kết thúc không còn áp dụng cho các tổ chức đã chuyển; nơi nhận đặt lại nếu cần",
            ),
        ] {
            if !counts.is_empty() {
                out.push(line(text, per(counts, noun)));
            }
        }
        let movers: Vec<&str> =
            self.told.whole.moved.iter().filter_map(|m| self.before.get(&m.org)).map(|n| n.path.as_str()).collect();
        let moved = |org: OrgId| self.before.get(&org).is_some_and(|n| movers.iter().any(|p| n.path.starts_with(p)));
        let followers = around.seats.iter().filter(|s| s.role == Role::Follower && moved(s.org)).count();
        if followers > 0 {
            let text = format!(
                "{} do cấp ủy cũ phân công vẫn theo dõi các chi bộ chuyển đi; nơi nhận phân công lại",
                vi::count(followers, "đồng chí")
            );
            out.push(line(text, Vec::new()));
        }
        if !self.told.twice.is_empty() {
            out.push(line("Có tên ở cả hai chi bộ được nhập, sau khi nhập cần bỏ một", self.told.twice.clone()));
        }
        if out.is_empty() {
            out.push(line("Không có", Vec::new()));
        }
        out
    }
}

/// The plan as one text, from which a fingerprint is taken.
pub fn text(sections: &[Section]) -> String {
    let lines = sections.iter().flat_map(|s| s.lines.iter().map(move |l| (s, l)));
    lines.map(|(s, l)| format!("{}\u{1f}{}\u{1f}{}\n", s.title, l.text, l.names.join("\u{1f}"))).collect()
}
