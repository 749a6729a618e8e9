//! Reads packs strictly: an unknown word, a missing source, dates the wrong way round or two rules
//! for one day are refused with file and line, before the program starts to serve.
//! Pure. Rules: regulations.md, opening section.

mod lint;
mod raw;
mod scores;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use toml::Spanned;
use toml::value::Datetime;

use self::raw::{AgendaRaw, FigureRaw, PackFile, TargetRaw};
use super::{
    AgendaStep, AgendaTemplate, Compare, Content, Dated, Document, Figure, LayoutProfile, OrgKindRule, Origin, Ratio, Span,
    Target, Unit, Value,
};
use crate::agenda::{Part, Step};
use crate::code::Code;
use crate::vi;
use crate::vote::{Subject, THRESHOLDS};

/// Why a pack was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackError {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, for the user.
    pub message: String,
}

impl fmt::Display for PackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Gói quy định {}, dòng {}: {}", self.file, self.line, self.message)
    }
}

impl std::error::Error for PackError {}

type Read<T> = Result<T, PackError>;

/// One file while it is read.
#[derive(Clone, Copy)]
struct Source<'a> {
    name: &'a str,
    text: &'a str,
}

impl Source<'_> {
    fn line(&self, offset: usize) -> usize {
        let head = self.text.as_bytes().get(..offset).unwrap_or_default();
        head.iter().filter(|b| **b == b'\n').count() + 1
    }

    fn error<T>(&self, at: &Spanned<T>, message: impl Into<String>) -> PackError {
        PackError { file: self.name.to_owned(), line: self.line(at.span().start), message: message.into() }
    }

    fn code<C: Code>(&self, word: &Spanned<String>, what: &str) -> Read<C> {
        C::from_code(word.get_ref()).ok_or_else(|| {
            let known: Vec<&str> = C::ALL.iter().map(|c| c.code()).collect();
            self.error(word, format!("{what} “{}” không có trong danh mục; chỉ nhận: {}.", word.get_ref(), known.join(", ")))
        })
    }

    fn filled(&self, text: &Spanned<String>, what: &str) -> Read<String> {
        if text.get_ref().trim().is_empty() {
            return Err(self.error(text, format!("{what} để trống.")));
        }
        Ok(text.get_ref().clone())
    }

    fn date(&self, at: &Spanned<Datetime>) -> Read<Date> {
        let wrong = || self.error(at, "Ngày phải ghi theo dạng 2026-05-27, không kèm giờ.");
        let value = at.get_ref();
        let (Some(d), None, None) = (value.date, value.time, value.offset) else {
            return Err(wrong());
        };
        let year = i16::try_from(d.year).map_err(|_| wrong())?;
        let month = i8::try_from(d.month).map_err(|_| wrong())?;
        let day = i8::try_from(d.day).map_err(|_| wrong())?;
        Date::new(year, month, day).map_err(|_| wrong())
    }

    fn span(&self, from: &Spanned<Datetime>, to: Option<&Spanned<Datetime>>) -> Read<Span> {
        let span = Span { from: self.date(from)?, to: to.map(|t| self.date(t)).transpose()? };
        match to {
            Some(at) if span.to.is_some_and(|to| to < span.from) => {
                Err(self.error(at, "Ngày hết hiệu lực trước ngày có hiệu lực."))
            }
            _ => Ok(span),
        }
    }
}

/// Turns a message of the TOML reader into a Vietnamese sentence.
fn translate(message: &str) -> String {
    let quoted = message.split('`').nth(1).unwrap_or_default();
    if message.starts_with("unknown field") {
        format!("Không có mục nào tên “{quoted}”.")
    } else if message.starts_with("missing field") {
        format!("Thiếu mục “{quoted}”.")
    } else if message.starts_with("duplicate key") {
        "Một mục được ghi hai lần.".to_owned()
    } else if let Some(what) = message.strip_prefix("invalid type: ") {
        format!("Sai kiểu dữ liệu ({what}).")
    } else {
        format!("Không đúng cú pháp TOML ({}).", message.trim_end())
    }
}

fn parse_file(source: Source<'_>) -> Read<PackFile> {
    toml::from_str(source.text).map_err(|e| PackError {
        file: source.name.to_owned(),
        line: source.line(e.span().map_or(0, |s| s.start)),
        message: translate(e.message()),
    })
}

/// A pack while its contents are read.
struct Pack<'a> {
    source: Source<'a>,
    span: Span,
    documents: &'a [Arc<Document>],
}

impl Pack<'_> {
    fn document(&self, id: &Spanned<String>) -> Read<Arc<Document>> {
        self.documents
            .iter()
            .find(|d| d.id == *id.get_ref())
            .cloned()
            .ok_or_else(|| self.source.error(id, format!("Nguồn “{}” không có trong sổ văn bản.", id.get_ref())))
    }

    /// The dates of an item: its own where given, the pack's otherwise, never outside the pack's.
    fn span<T>(&self, at: &Spanned<T>, from: Option<&Spanned<Datetime>>, to: Option<&Spanned<Datetime>>) -> Read<Span> {
        let span = Span {
            from: from.map_or(Ok(self.span.from), |f| self.source.date(f))?,
            to: match to {
                Some(to) => Some(self.source.date(to)?),
                None => self.span.to,
            },
        };
        let place = to.or(from);
        let error = |message: &str| match place {
            Some(place) => self.source.error(place, message),
            None => self.source.error(at, message),
        };
        if span.to.is_some_and(|to| to < span.from) {
            return Err(error("Ngày hết hiệu lực trước ngày có hiệu lực."));
        }
        let too_late = self.span.to.is_some_and(|end| span.to.is_none_or(|to| to > end));
        if span.from < self.span.from || too_late {
            return Err(error("Thời gian hiệu lực nằm ngoài thời gian của gói."));
        }
        Ok(span)
    }

    fn value(&self, value: &Spanned<toml::Value>, unit: Unit) -> Read<Value> {
        let read = match value.get_ref() {
            toml::Value::Integer(n) => Some(Value::Int(*n)),
            toml::Value::Boolean(b) => Some(Value::Flag(*b)),
            toml::Value::String(s) => Ratio::parse(s).map(Value::Ratio),
            toml::Value::Array(items) => {
                items.iter().map(|i| i.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>().map(Value::Words)
            }
            _ => None,
        };
        read.filter(|v| v.fits(unit))
            .ok_or_else(|| self.source.error(value, format!("Giá trị không hợp với đơn vị “{}”.", unit.code())))
    }

    fn figure(&self, key: &str, at: &Spanned<FigureRaw>) -> Read<Figure> {
        let (source, raw) = (&self.source, at.get_ref());
        let unit: Unit = source.code(&raw.unit, "Đơn vị")?;
        Ok(Figure {
            key: key.to_owned(),
            value: self.value(&raw.value, unit)?,
            unit,
            compare: raw.compare.as_ref().map(|c| source.code::<Compare>(c, "Phép so sánh")).transpose()?,
            title: source.filled(&raw.title, "Tên số liệu")?,
            rule: source.filled(&raw.rule, "Mã quy định")?,
            source: self.document(&raw.source)?,
            clause: raw.clause.clone(),
            confidence: source.code(&raw.confidence, "Độ tin cậy")?,
            open: raw.open,
            span: self.span(at, raw.from.as_ref(), raw.to.as_ref())?,
            origin: Origin::Pack,
        })
    }

    fn agenda(&self, at: &Spanned<AgendaRaw>) -> Read<Dated<AgendaTemplate>> {
        let (source, raw) = (&self.source, at.get_ref());
        let mut steps: Vec<AgendaStep> = Vec::with_capacity(raw.steps.len());
        for step_at in &raw.steps {
            let step = step_at.get_ref();
            let minutes = u16::try_from(*step.minutes.get_ref()).unwrap_or(0);
            if !(1..=240).contains(&minutes) {
                return Err(source.error(&step.minutes, "Số phút của một bước phải từ 1 đến 240."));
            }
            let kind: Step = source.code(&step.step, "Bước")?;
            let part: Part = source.code(&step.part, "Phần")?;
            if kind != Step::Other && steps.iter().any(|s| s.step == kind) {
                return Err(source.error(&step.step, "Bước này đã có trong chương trình."));
            }
            steps.push(AgendaStep {
                step: kind,
                title: step.title.clone().unwrap_or_else(|| kind.label().to_owned()),
                part,
                minutes,
                required: step.required,
                rule: source.filled(&step.rule, "Mã quy định")?,
                hints: step.hints.clone(),
            });
        }
        if steps.is_empty() {
            return Err(source.error(at, "Chương trình chưa có bước nào."));
        }
        source.code::<crate::meeting::MeetingKind>(&raw.kind, "Loại buổi sinh hoạt")?;
        Ok(Dated {
            span: self.span(at, raw.from.as_ref(), raw.to.as_ref())?,
            item: AgendaTemplate {
                kind: raw.kind.get_ref().clone(),
                title: source.filled(&raw.title, "Tên chương trình")?,
                rule: source.filled(&raw.rule, "Mã quy định")?,
                source: self.document(&raw.source)?,
                confidence: source.code(&raw.confidence, "Độ tin cậy")?,
                steps,
            },
        })
    }

    fn target(&self, at: &Spanned<TargetRaw>) -> Read<Dated<Target>> {
        let (source, raw) = (&self.source, at.get_ref());
        let unit: Unit = source.code(&raw.unit, "Đơn vị")?;
        Ok(Dated {
            span: self.span(at, raw.from.as_ref(), raw.to.as_ref())?,
            item: Target {
                key: source.filled(&raw.key, "Mã chỉ tiêu")?,
                title: source.filled(&raw.title, "Tên chỉ tiêu")?,
                measure: source.filled(&raw.measure, "Cách đo")?,
                compare: source.code(&raw.compare, "Phép so sánh")?,
                value: self.value(&raw.value, unit)?,
                unit,
                applies_to: raw.applies_to.clone(),
                source: self.document(&raw.source)?,
                confidence: source.code(&raw.confidence, "Độ tin cậy")?,
                origin: Origin::Pack,
            },
        })
    }
}

/// Adds a dated item unless another of the same name holds on one of its days.
fn add<T, R>(
    items: &mut Vec<Dated<T>>,
    new: Dated<T>,
    same: impl Fn(&T, &T) -> bool,
    source: Source<'_>,
    at: &Spanned<R>,
) -> Read<()> {
    if items.iter().any(|old| same(&old.item, &new.item) && old.span.overlaps(&new.span)) {
        return Err(source.error(at, "Trùng thời gian hiệu lực với một mục cùng tên."));
    }
    items.push(new);
    Ok(())
}

fn register(source: Source<'_>, file: &PackFile, documents: &mut Vec<Arc<Document>>) -> Read<()> {
    for at in &file.documents {
        let raw = at.get_ref();
        let span = source.span(&raw.from, raw.to.as_ref())?;
        let id = source.filled(&raw.id, "Mã văn bản")?;
        if documents.iter().any(|d| d.id == id) {
            return Err(source.error(&raw.id, format!("Mã văn bản “{id}” đã có.")));
        }
        documents.push(Arc::new(Document {
            id,
            name: source.filled(&raw.name, "Số, ký hiệu văn bản")?,
            title: raw.title.clone(),
            issuer: raw.issuer.clone(),
            date: raw.date.as_ref().map(|d| source.date(d)).transpose()?,
            from: span.from,
            to: span.to,
            replaced_by: raw.replaced_by.as_ref().map(|r| r.get_ref().clone()),
            confidence: source.code(&raw.confidence, "Độ tin cậy")?,
            open: raw.open,
        }));
    }
    Ok(())
}

fn dated_lists(pack: &Pack<'_>, file: &PackFile, content: &mut Content) -> Read<()> {
    let source = pack.source;
    for at in &file.org_kinds {
        let raw = at.get_ref();
        pack.document(&raw.source)?;
        let item = OrgKindRule {
            code: source.filled(&raw.code, "Mã loại tổ chức")?,
            name: source.filled(&raw.name, "Tên loại tổ chức")?,
            prefix: raw.prefix.clone(),
            committee: raw.committee.clone(),
            symbol: source.filled(&raw.symbol, "Ký hiệu")?,
            is_cell: raw.is_cell,
            parents: raw.parents.get_ref().clone(),
            rule: raw.rule.clone(),
        };
        let span = pack.span(at, raw.from.as_ref(), raw.to.as_ref())?;
        let new = Dated { span, item };
        let same = |a: &OrgKindRule, b: &OrgKindRule| a.code == b.code;
        add(&mut content.org_kinds, new, same, source, at)?;
    }
    for at in &file.cell_types {
        let (span, item) = raw::cell_type(pack, at)?;
        let new = Dated { span, item };
        add(&mut content.cell_types, new, |a, b| a.code == b.code, source, at)?;
    }
    for at in &file.absence_reasons {
        let (span, item) = raw::absence_reason(pack, at)?;
        let new = Dated { span, item };
        add(&mut content.absence_reasons, new, |a, b| a.code == b.code, source, at)?;
    }
    for at in &file.exemptions {
        let (span, item) = raw::exemption(pack, at)?;
        let new = Dated { span, item };
        add(&mut content.exemptions, new, |a, b| a.code == b.code, source, at)?;
    }
    Ok(())
}

fn profile(pack: &Pack<'_>, at: &Spanned<LayoutProfile>, content: &mut Content) -> Read<()> {
    let (source, item) = (pack.source, at.get_ref().clone());
    for kind in item.sign_blocks.iter().flat_map(|b| &b.issuable) {
        if crate::numbering::DocKind::from_code(kind).is_none() {
            let message = format!("Thể loại văn bản “{kind}” không có trong danh mục.");
            return Err(source.error(at, message));
        }
    }
    let span = pack.span(at, None, None)?;
    add(&mut content.profiles, Dated { span, item }, |_, _| true, source, at)
}

fn contents(pack: &Pack<'_>, file: &PackFile, content: &mut Content) -> Read<()> {
    let source = pack.source;
    for (key, at) in &file.figures {
        let figure = pack.figure(key, at)?;
        let all = content.figures.entry(key.clone()).or_default();
        if let Some(old) = all.iter().find(|f| f.span.overlaps(&figure.span)) {
            let message = format!("“{key}” trùng thời gian hiệu lực với số liệu theo {}.", old.source.name);
            return Err(source.error(at, message));
        }
        if let Some(old) = all.iter().find(|f| f.unit != figure.unit) {
            let message = format!("“{key}” đổi đơn vị so với số liệu theo {}.", old.source.name);
            return Err(source.error(at, message));
        }
        threshold(source, &figure, at)?;
        all.push(figure);
        all.sort_by_key(|f| f.span.from);
    }
    for at in &file.agendas {
        let agenda = pack.agenda(at)?;
        let same = |a: &AgendaTemplate, b: &AgendaTemplate| a.kind == b.kind;
        add(&mut content.agendas, agenda, same, source, at)?;
    }
    for at in &file.targets {
        let target = pack.target(at)?;
        let same = |a: &Target, b: &Target| a.key == b.key;
        let figure = target.item.as_figure(target.span);
        add(&mut content.targets, target, same, source, at)?;
        let all = content.figures.entry(figure.key.clone()).or_default();
        all.push(figure);
        all.sort_by_key(|f| f.span.from);
    }
    if let Some(at) = &file.profile {
        profile(pack, at, content)?;
    }
    lint::contents(pack, file, content)?;
    dated_lists(pack, file, content)?;
    for at in &file.score_sheets {
        let sheet = scores::sheet(pack, at, &content.score_sheets)?;
        add(&mut content.score_sheets, sheet, |a, b| a.code == b.code, source, at)?;
    }
    Ok(())
}

/// A figure that says how many must approve is about something that is voted on, and decides.
fn threshold(source: Source<'_>, figure: &Figure, at: &Spanned<FigureRaw>) -> Read<()> {
    let Some(subject) = figure.key.strip_prefix(THRESHOLDS) else {
        return Ok(());
    };
    if Subject::from_code(subject).is_none() {
        let known: Vec<&str> = Subject::ALL.iter().map(|s| s.code()).collect();
        let message = format!("Không có nội dung biểu quyết “{subject}”; chỉ nhận: {}.", known.join(", "));
        return Err(source.error(at, message));
    }
    if figure.threshold().is_none() {
        return Err(source.error(
            &at.get_ref().value,
            "Ngưỡng biểu quyết phải là một tỷ lệ trên hoặc ít nhất (“>” hoặc “>=”), cao hơn một nửa và đạt được.",
        ));
    }
    Ok(())
}

/// On each day on which something can be voted on, everything can: no subject begins later than
/// another, ends earlier or has a gap.
fn check_thresholds(source: Source<'_>, file: &PackFile, content: &Content) -> Read<()> {
    let held = |s: &Subject, day: Date| content.figures.get(&s.figure()).is_some_and(|all| all.iter().any(|f| f.span.holds(day)));
    for (key, at) in file.figures.iter().filter(|(key, _)| key.starts_with(THRESHOLDS)) {
        let spans = content.figures.get(key).into_iter().flatten().map(|f| f.span);
        let days = spans.flat_map(|span| [Some(span.from), span.to.and_then(|to| to.tomorrow().ok())]).flatten();
        for day in days.filter(|day| Subject::ALL.iter().any(|s| held(s, *day))) {
            if let Some(missing) = Subject::ALL.iter().find(|s| !held(s, day)) {
                let message = format!("Ngày {} chưa có ngưỡng biểu quyết của “{missing}” ({}).", vi::date(day), missing.figure());
                return Err(source.error(at, message));
            }
        }
    }
    Ok(())
}

/// What can only be checked when every pack is read.
fn check_together(source: Source<'_>, file: &PackFile, content: &Content) -> Read<()> {
    let known_kind = |code: &String| content.org_kinds.iter().any(|k| k.item.code == *code);
    for at in &file.org_kinds {
        let parents = &at.get_ref().parents;
        if let Some(p) = parents.get_ref().iter().find(|p| !known_kind(p)) {
            return Err(source.error(parents, format!("Không có loại tổ chức “{p}”.")));
        }
    }
    for at in &file.targets {
        if let Some(p) = at.get_ref().applies_to.iter().find(|p| !known_kind(p)) {
            return Err(source.error(at, format!("Không có loại tổ chức “{p}”.")));
        }
    }
    for at in &file.documents {
        if let Some(next) = &at.get_ref().replaced_by
            && !content.documents.iter().any(|d| d.id == *next.get_ref())
        {
            let message = format!("Văn bản “{}” không có trong sổ văn bản.", next.get_ref());
            return Err(source.error(next, message));
        }
    }
    for at in &file.agendas {
        let raw = at.get_ref();
        let total: i64 = raw.steps.iter().map(|s| *s.get_ref().minutes.get_ref()).sum();
        let key = format!("meeting.min_minutes.{}", raw.kind.get_ref());
        let from = raw.from.as_ref().unwrap_or(&file.pack.get_ref().from);
        let day = source.date(from)?;
        let least = content.figures.get(&key).and_then(|all| all.iter().find(|f| f.span.holds(day)));
        if let Some(Value::Int(least)) = least.map(|f| &f.value)
            && total < *least
        {
            let message = format!("Tổng số phút các bước là {total}, ít hơn {least} phút.");
            return Err(source.error(at, message));
        }
    }
    Ok(())
}

/// Reads every pack.
pub(super) fn read(files: &[(&str, &str)]) -> Read<Content> {
    let mut content = Content::default();
    let mut read_files = Vec::with_capacity(files.len());
    for (name, text) in files {
        let source = Source { name, text };
        let file = parse_file(source)?;
        register(source, &file, &mut content.documents)?;
        read_files.push((source, file));
    }
    let documents = content.documents.clone();
    let mut subjects: BTreeMap<&str, Vec<Span>> = BTreeMap::new();
    for (source, file) in &read_files {
        let head = file.pack.get_ref();
        let span = source.span(&head.from, head.to.as_ref())?;
        let others = subjects.entry(head.subject.get_ref()).or_default();
        if others.iter().any(|other| other.overlaps(&span)) {
            let message = "Hai gói cùng chủ đề có hiệu lực trong cùng một ngày.";
            return Err(source.error(&file.pack, message));
        }
        others.push(span);
        source.filled(&head.title, "Tên gói")?;
        let pack = Pack { source: *source, span, documents: &documents };
        pack.document(&head.source)?;
        contents(&pack, file, &mut content)?;
    }
    for (source, file) in &read_files {
        check_together(*source, file, &content)?;
        lint::check_together(*source, file, &content)?;
        check_thresholds(*source, file, &content)?;
        scores::check_chosen(*source, file, &content)?;
    }
    Ok(content)
}
