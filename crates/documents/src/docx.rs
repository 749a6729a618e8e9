//! DOCX, because offices retouch in Word: the same words and layout as the PDF.
//! May touch: nothing. Dates in the file are the document's own, so equal data gives equal bytes.
//! Comes from: TH-01..TH-21, KY-01..KY-05; the typeface is named in all four slots.

use crate::docx_parts;
use crate::flow::{Flow, FlowColumn, FlowSignature, Piece};
use crate::measure;
use crate::{Align, Document, Profile, Result};
use docx_rs::{
    AlignmentType, BreakType, Docx, FieldCharType, Footer, Header, InstrPAGE, InstrText, LineSpacing, LineSpacingType,
    PageMargin, Paragraph, ParagraphBorder, ParagraphBorderPosition, ParagraphBorders, Run, RunFonts, SpecialIndentType, Tab,
    TabLeaderType, TabValueType, Table, TableCell, TableCellMargins, TableLayoutType, TableRow, VAlignType, WidthType,
};

/// The document as DOCX.
pub fn docx(doc: &Document) -> Result<Vec<u8>> {
    let flow = Flow::of(doc)?;
    let made = format!("{}T00:00:00Z", doc.date);
    let paper = Paper { p: flow.profile };
    let mut out = paper.sheet(&flow).created_at(&made).updated_at(&made);
    out = out.add_table(paper.head(&flow));
    for paragraph in paper.title(&flow) {
        out = out.add_paragraph(paragraph);
    }
    let last = flow.pieces.len().saturating_sub(1);
    for (i, piece) in flow.pieces.iter().enumerate() {
        let sticks = i == last && !flow.signatures.is_empty();
        out = paper.piece(out, piece, sticks);
    }
    out = paper.tail(out, &flow);
    docx_parts::pack(out, &flow)
}

/// Twentieths of a point, Word's unit of length.
fn twips(pt: f64) -> i32 {
    (pt * 20.0).round() as i32
}

fn mm(mm: f64) -> i32 {
    twips(mm * 72.0 / 25.4)
}

fn width(twips: i32) -> usize {
    usize::try_from(twips).unwrap_or(0)
}

/// Half points, Word's unit of type.
fn half(pt: f64) -> usize {
    (pt * 2.0).round() as usize
}

fn run(text: &str, pt: f64) -> Run {
    Run::new().size(half(pt)).add_text(text)
}

/// Builds parts by the figures of one profile.
struct Paper<'a> {
    p: &'a Profile,
}

impl Paper<'_> {
    /// Width between the margins.
    fn text_width(&self) -> i32 {
        mm(210.0 - self.p.margins_mm.left - self.p.margins_mm.right)
    }

    fn sheet(&self, flow: &Flow) -> Docx {
        let (p, m) = (self.p, &self.p.margins_mm);
        let fonts = RunFonts::new().ascii(&p.font).hi_ansi(&p.font).east_asia(&p.font).cs(&p.font);
        let margin = PageMargin {
            top: mm(m.top),
            left: mm(m.left),
            bottom: mm(m.bottom),
            right: mm(m.right),
            header: mm(m.top / 2.0),
            footer: mm(m.bottom / 2.0),
            gutter: 0,
        };
        let middle = self.text_width() / 2;
        let tab = |val, pos| Tab::new().val(val).pos(width(pos));
        let mut numbered = self
            .line(p.page_number_pt, AlignmentType::Left)
            .add_tab(tab(TabValueType::Center, middle))
            .add_tab(tab(TabValueType::Right, self.text_width()))
            .add_run(self.page_number());
        if flow.draft {
            numbered = numbered.add_run(run("", p.page_number_pt).add_tab());
            numbered = numbered.add_run(run(&p.draft_mark, p.recipients_pt).bold());
        }
        // Without a first header of its own, page 1 would show its number.
        let first = Header::new().add_paragraph(self.line(p.page_number_pt, AlignmentType::Center));
        let foot = || {
            let line = LineSpacing::new().line_rule(LineSpacingType::Auto).line(240);
            let text = Paragraph::new().line_spacing(line);
            Footer::new().add_paragraph(text.add_run(run(&flow.footer, p.footer_pt)))
        };
        let sheet = Docx::new()
            .page_size(mm(210.0).unsigned_abs(), mm(297.0).unsigned_abs())
            .page_margin(margin)
            .default_fonts(fonts)
            .default_size(half(p.body_pt))
            .first_header(first)
            .header(Header::new().add_paragraph(numbered));
        if flow.footer.is_empty() { sheet } else { sheet.first_footer(foot()).footer(foot()) }
    }

    /// A tab to the middle and the field that prints the page's number.
    fn page_number(&self) -> Run {
        Run::new()
            .size(half(self.p.page_number_pt))
            .add_tab()
            .add_field_char(FieldCharType::Begin, false)
            .add_instr_text(InstrText::PAGE(InstrPAGE {}))
            .add_field_char(FieldCharType::Separate, false)
            .add_text("2")
            .add_field_char(FieldCharType::End, false)
    }

    /// A line of a header, title or signature: no indent, no gap.
    fn line(&self, pt: f64, align: AlignmentType) -> Paragraph {
        let pitch = self.p.line_pt.max(pt + self.p.line_pt - self.p.body_pt);
        let spacing = LineSpacing::new().line_rule(LineSpacingType::Exact).line(twips(pitch)).before(0).after(0);
        Paragraph::new().line_spacing(spacing).align(align)
    }

    /// A paragraph of the body.
    fn body(&self, indent: bool, align: Align) -> Paragraph {
        let spacing = LineSpacing::new()
            .line_rule(LineSpacingType::Exact)
            .line(twips(self.p.line_pt))
            .before(0)
            .after(twips(self.p.para_gap_pt).unsigned_abs());
        let paragraph = Paragraph::new().line_spacing(spacing).align(alignment(align)).widow_control(true);
        if !indent {
            return paragraph;
        }
        paragraph.indent(None, Some(SpecialIndentType::FirstLine(mm(self.p.indent_mm))), None, None)
    }

    /// An empty paragraph of a given height, as tables need one after them.
    fn spacer(&self, pt: f64) -> Paragraph {
        let spacing = LineSpacing::new().line_rule(LineSpacingType::Exact).line(twips(pt)).after(0);
        Paragraph::new().line_spacing(spacing)
    }

    /// Two borderless columns across the text.
    fn columns(&self, left: TableCell, right: TableCell, left_width: i32) -> Table {
        let widths = [width(left_width), width(self.text_width() - left_width)];
        let cells = vec![left.width(widths[0], WidthType::Dxa), right.width(widths[1], WidthType::Dxa)];
        Table::without_borders(vec![TableRow::new(cells)])
            .layout(TableLayoutType::Fixed)
            .width(width(self.text_width()), WidthType::Dxa)
            .margins(TableCellMargins::new().margin(0, 40, 0, 0))
            .set_grid(widths.to_vec())
    }

    fn head(&self, flow: &Flow) -> Table {
        let (p, head) = (self.p, &flow.head);
        let mark = if head.issuer.is_empty() { "" } else { p.issuer_mark.as_str() };
        let draft = if flow.draft { p.draft_mark.as_str() } else { "" };
        let left = [
            (&*head.superior, p.superior_pt, false, false),
            (&*head.issuer, p.issuer_pt, true, false),
            (mark, p.issuer_pt, false, false),
            (&*head.number, p.number_pt, false, false),
            (&*head.letter, p.letter_summary_pt, false, true),
            (draft, p.letter_summary_pt, true, false),
        ];
        let left_width = (f64::from(self.text_width()) * flow.head.left_pct / 100.0).round() as i32;
        let mut cell = TableCell::new();
        for (text, pt, bold, italic) in left.into_iter().filter(|(text, ..)| !text.is_empty()) {
            let mut run = run(text, pt);
            run = if bold { run.bold() } else { run };
            run = if italic { run.italic() } else { run };
            cell = cell.add_paragraph(self.line(pt, AlignmentType::Center).add_run(run));
        }
        let party = self.line(p.party_pt, AlignmentType::Center);
        let mut right = TableCell::new().add_paragraph(party.add_run(run(&p.party_name, p.party_pt).bold()));
        right = right.add_paragraph(self.rule(self.text_width() - left_width));
        if !head.place_date.is_empty() {
            let place = run(&head.place_date, p.place_pt).italic();
            right = right.add_paragraph(self.line(p.place_pt, AlignmentType::Center).add_run(place));
        }
        self.columns(cell, right, left_width)
    }

    /// The solid rule under the Party's name, as long as the name (TH-14).
    fn rule(&self, column: i32) -> Paragraph {
        let side = (column - twips(measure::bold(&self.p.party_name, self.p.party_pt))).max(0) / 2;
        let top = ParagraphBorder::new(ParagraphBorderPosition::Top).size(6).color("000000");
        let mut rule = self.line(self.p.body_pt, AlignmentType::Center).indent(Some(side), None, Some(side), None);
        rule.property = rule.property.set_borders(ParagraphBorders::with_empty().set(top));
        rule
    }

    fn title(&self, flow: &Flow) -> Vec<Paragraph> {
        let p = self.p;
        if flow.kind.is_empty() {
            return vec![self.spacer(p.line_pt)];
        }
        let centre = |pt| self.line(pt, AlignmentType::Center).keep_next(true);
        let kind = centre(p.kind_pt).outline_lvl(0).add_run(run(&flow.kind, p.kind_pt).bold());
        let mut out = vec![self.spacer(p.line_pt), kind];
        if !flow.summary.is_empty() {
            let summary = run(&flow.summary, p.summary_pt).bold();
            out.push(centre(p.summary_pt).add_run(summary));
        }
        out.push(centre(p.body_pt).add_run(run(&p.summary_mark, p.body_pt)));
        out.push(self.spacer(p.para_gap_pt.max(1.0)));
        out
    }

    fn piece(&self, out: Docx, piece: &Piece, sticks: bool) -> Docx {
        let pt = self.p.body_pt;
        match piece {
            Piece::Heading { level, text } => {
                let run = run(text, pt).bold();
                let run = if *level == 3 { run.italic() } else { run };
                let heading = self.body(true, Align::Justify).keep_next(true);
                out.add_paragraph(heading.outline_lvl(usize::from(*level)).add_run(run))
            }
            Piece::Para { label, text, indent, align } => {
                let mut paragraph = self.body(*indent, *align).keep_next(sticks);
                if !label.is_empty() {
                    paragraph = paragraph.add_run(run(&format!("{label} "), pt).bold());
                }
                out.add_paragraph(paragraph.add_run(run(text, pt)))
            }
            Piece::List { items, .. } => {
                items.iter().fold(out, |out, item| out.add_paragraph(self.body(true, Align::Justify).add_run(run(item, pt))))
            }
            Piece::Table { columns, rows } => {
                out.add_table(self.table(columns, rows)).add_paragraph(self.spacer(self.p.para_gap_pt.max(1.0)))
            }
            Piece::Break => {
                let page = Run::new().add_break(BreakType::Page);
                out.add_paragraph(self.spacer(1.0).add_run(page))
            }
            Piece::Gap => out.add_paragraph(self.spacer(self.p.line_pt)),
            Piece::Ruled { count } => (0..*count).fold(out, |out, _| {
                let dots = Tab::new().val(TabValueType::Right).leader(TabLeaderType::Dot).pos(width(self.text_width()));
                let line = self.spacer(self.p.line_pt * 1.35).add_tab(dots);
                out.add_paragraph(line.add_run(Run::new().size(half(pt)).add_tab()))
            }),
        }
    }

    fn table(&self, columns: &[FlowColumn], rows: &[Vec<Vec<String>>]) -> Table {
        let pt = self.p.table_pt;
        let widths: Vec<usize> =
            columns.iter().map(|c| (f64::from(self.text_width()) * c.share / 100.0).round() as usize).collect();
        let cell = |lines: &[String], i: usize, align: Align, bold: bool| {
            let mut cell = TableCell::new().width(widths[i], WidthType::Dxa);
            let spacing = LineSpacing::new().line_rule(LineSpacingType::Auto).line(240).before(40).after(40);
            let blank = [String::new()];
            for text in if lines.is_empty() { &blank } else { lines } {
                let run = if bold { run(text, pt).bold() } else { run(text, pt) };
                let paragraph = Paragraph::new().line_spacing(spacing.clone());
                cell = cell.add_paragraph(paragraph.align(alignment(align)).add_run(run));
            }
            if bold { cell.vertical_align(VAlignType::Center) } else { cell }
        };
        // Rows stay whole. The packer makes the first of such rows repeat on each page.
        let titles = columns.iter().enumerate();
        let titles = titles.map(|(i, c)| cell(std::slice::from_ref(&c.title), i, Align::Center, true));
        let heading = TableRow::new(titles.collect()).cant_split();
        let body = rows.iter().map(|row| {
            let cells = row.iter().zip(columns).enumerate();
            let cells = cells.map(|(i, (lines, c))| cell(lines, i, c.align, false));
            TableRow::new(cells.collect()).cant_split()
        });
        Table::new(std::iter::once(heading).chain(body).collect())
            .layout(TableLayoutType::Fixed)
            .width(width(self.text_width()), WidthType::Dxa)
            .margins(TableCellMargins::new().margin(0, 80, 0, 80))
            .set_grid(widths)
    }

    fn tail(&self, mut out: Docx, flow: &Flow) -> Docx {
        let half_width = self.text_width() / 2;
        for [left, right] in &flow.signatures {
            let left = match left {
                Some(signature) => self.signed(signature),
                None if flow.recipients_beside => self.recipients(flow),
                None => TableCell::new().add_paragraph(self.spacer(self.p.line_pt)),
            };
            let right = match right {
                Some(signature) => self.signed(signature),
                None => TableCell::new().add_paragraph(self.spacer(self.p.line_pt)),
            };
            let gap = self.spacer(self.p.line_pt / 2.0).keep_next(true);
            out = out.add_paragraph(gap).add_table(self.columns(left, right, half_width));
        }
        if !flow.recipients_beside && !flow.recipients.is_empty() {
            out = out.add_paragraph(self.spacer(self.p.line_pt / 2.0));
            let right = TableCell::new().add_paragraph(self.spacer(self.p.line_pt));
            out = out.add_table(self.columns(self.recipients(flow), right, half_width));
        }
        out.add_paragraph(self.spacer(1.0))
    }

    fn recipients(&self, flow: &Flow) -> TableCell {
        let p = self.p;
        if flow.recipients.is_empty() {
            return TableCell::new().add_paragraph(self.spacer(p.line_pt));
        }
        let label = run(&p.recipients_label, p.recipients_label_pt).underline("single");
        let left = |pt| self.line(pt, AlignmentType::Left).keep_next(true);
        let cell = TableCell::new().add_paragraph(left(p.recipients_label_pt).add_run(label));
        flow.recipients.iter().fold(cell, |cell, name| {
            let pitch = LineSpacing::new().line_rule(LineSpacingType::Exact).line(twips(p.recipients_pt + 3.0)).after(0);
            let line = left(p.recipients_pt).line_spacing(pitch);
            cell.add_paragraph(line.add_run(run(name, p.recipients_pt)))
        })
    }

    fn signed(&self, signature: &FlowSignature) -> TableCell {
        let pt = self.p.signature_pt;
        let mut cell = TableCell::new();
        for (text, bold) in &signature.lines {
            let run = if *bold { run(text, pt).bold() } else { run(text, pt) };
            let line = self.line(pt, AlignmentType::Center).keep_next(true);
            cell = cell.add_paragraph(line.add_run(run));
        }
        let hand = LineSpacing::new()
            .line_rule(LineSpacingType::Exact)
            .line(twips(self.p.line_pt))
            .before(mm(self.p.signature_space_mm).unsigned_abs())
            .after(0);
        let name = self.line(pt, AlignmentType::Center).line_spacing(hand);
        cell.add_paragraph(name.add_run(run(&signature.name, pt).bold()))
    }
}

fn alignment(align: Align) -> AlignmentType {
    match align {
        Align::Left => AlignmentType::Left,
        Align::Center => AlignmentType::Center,
        Align::Right => AlignmentType::Right,
        Align::Justify => AlignmentType::Both,
    }
}
