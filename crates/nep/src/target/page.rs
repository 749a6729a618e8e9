//! Pages of the targets and of pilot cells. Touches nothing. Rules: T1 … T7, L3.

use askama::Template;
use domain::id::OrgId;

use super::chart::Chart;
use super::view::{MonthLine, PilotGroup, TargetLine, WhyGroup};
use crate::shell::Shell;

/// The targets of a year.
#[derive(Template)]
#[template(path = "target/targets.html")]
pub struct TargetsPage {
    /// Frame.
    pub shell: Shell,
    /// Whose.
    pub org: OrgId,
    /// Its name.
    pub name: String,
    /// The year.
    pub year: i16,
    /// Years to choose from.
    pub years: Vec<i16>,
    /// What is counted, until when.
    pub said: String,
    /// The sentence over the table: how many targets stand how.
    pub summary: String,
    /// The targets.
    pub targets: Vec<TargetLine>,
    /// Pictures of the months.
    pub charts: Vec<Chart>,
    /// The months in numbers.
    pub months: Vec<MonthLine>,
    /// Whether it is a cell.
    pub is_cell: bool,
    /// Whether the reader enters the results of cells here.
    pub office: bool,
    /// Whether the reader enters the numbers of members here.
    pub own: bool,
    /// Whether the reader opens the cell's own year.
    pub inside: bool,
    /// Whether each figure opens down to its cells; else there are too many.
    pub each: bool,
    /// Committees below to open instead.
    pub below: Vec<(OrgId, String)>,
}

/// What makes the figure of one target.
#[derive(Template)]
#[template(path = "target/why.html")]
pub struct WhyPage {
    /// Frame.
    pub shell: Shell,
    /// Whose.
    pub org: OrgId,
    /// Its name.
    pub name: String,
    /// The year.
    pub year: i16,
    /// The target.
    pub target: TargetLine,
    /// How it is counted and by what.
    pub method: Vec<String>,
    /// The course of the year, or of years.
    pub chart: Option<Chart>,
    /// The cells that make it, those behind first.
    pub groups: Vec<WhyGroup>,
}

/// Pilot cells beside the others of their type.
#[derive(Template)]
#[template(path = "target/pilots.html")]
pub struct PilotsPage {
    /// Frame.
    pub shell: Shell,
    /// Whose.
    pub org: OrgId,
    /// Its name.
    pub name: String,
    /// The year.
    pub year: i16,
    /// Years to choose from.
    pub years: Vec<i16>,
    /// What is counted, until when.
    pub said: String,
    /// Types of cell with pilots.
    pub groups: Vec<PilotGroup>,
    /// How cells are marked; empty for who may not.
    pub how: String,
}
