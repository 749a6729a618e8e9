//! A cell as the history of the demonstration knows it: who leads it, what its habits are, which
//! tasks are open. Kept beside the rows, so that making the next month asks the database little.

use domain::id::{OrgId, PersonId};

use super::seed::Seed;
use super::table::Line;
use super::tasks::Given;

/// How a person takes part.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ways {
    /// How often the person comes, in per cent.
    pub comes: u32,
    /// How often the person speaks when there, in per cent; 0 never does.
    pub speaks: u32,
    /// How often tasks are done in time, in per cent.
    pub punctual: u32,
}

/// A member as the history knows them.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub person: PersonId,
    pub name: String,
    pub ways: Ways,
    /// Takes part in meetings and may be given tasks.
    pub active: bool,
    /// May lead: official, not too young, not retired.
    pub fit: bool,
}

/// How a cell keeps its duties, in per cent of months.
#[derive(Debug, Clone, Copy)]
pub(super) struct Habits {
    /// No meeting at all.
    pub missing: u32,
    /// After the fifth of the month.
    pub late: u32,
    /// Both kinds in one session when the quarter asks for a topic.
    pub combined: bool,
    /// Month of the quarter for the topic, from 0.
    pub topic_month: i8,
    /// Usual day of the month.
    pub day: i8,
    /// Usual hour.
    pub hour: i8,
    /// Prepares the next meeting early.
    pub early: bool,
}

/// A cell.
pub(super) struct Cell {
    pub org: OrgId,
    pub committee: OrgId,
    pub name: String,
    pub place: String,
    pub line: Line,
    pub show: bool,
    pub secretary: PersonId,
    pub deputy: Option<PersonId>,
    /// Leaders, the secretary first.
    pub leaders: Vec<PersonId>,
    pub members: Vec<Known>,
    /// Committee member above who follows the cell.
    pub follower: Option<(PersonId, String)>,
    pub habits: Habits,
    pub tasks: Vec<Given>,
    pub seed: Seed,
}

impl Cell {
    /// How a person takes part; whoever is not known comes and keeps silent.
    pub fn ways(&self, person: PersonId) -> Ways {
        let found = self.members.iter().find(|m| m.person == person);
        found.map_or(Ways { comes: 90, speaks: 0, punctual: 80 }, |m| m.ways)
    }

    /// Full name of a member.
    pub fn name_of(&self, person: PersonId) -> String {
        self.members.iter().find(|m| m.person == person).map(|m| m.name.clone()).unwrap_or_default()
    }

    /// Members who take part.
    pub fn active(&self) -> Vec<PersonId> {
        self.members.iter().filter(|m| m.active).map(|m| m.person).collect()
    }

    /// One of the members who take part.
    pub fn someone(&mut self) -> PersonId {
        let active = self.active();
        let at = self.seed.below(active.len());
        active.get(at).copied().unwrap_or(self.secretary)
    }

    /// One of the leaders.
    pub fn leader(&mut self) -> PersonId {
        let at = self.seed.below(self.leaders.len());
        self.leaders.get(at).copied().unwrap_or(self.secretary)
    }

    /// Who writes the minutes: one of the first few who are not the secretary; in the show case
    /// always the same plain member.
    pub fn scribe(&mut self) -> Option<PersonId> {
        if self.show {
            return self.plain().next().map(|m| m.person);
        }
        let able: Vec<PersonId> =
            self.members.iter().filter(|m| m.active && m.person != self.secretary).map(|m| m.person).take(4).collect();
        let at = self.seed.below(able.len());
        able.get(at).copied()
    }

    /// Members without a post who take part.
    pub fn plain(&self) -> impl Iterator<Item = &Known> {
        self.members.iter().filter(|m| m.active && !self.leaders.contains(&m.person))
    }
}

/// The whole block.
pub(super) struct Block {
    pub root: OrgId,
    pub cells: Vec<Cell>,
    /// Grassroots committees: organisation, name, the cells below by index.
    pub committees: Vec<(OrgId, String, Vec<usize>)>,
    /// Technical administrator.
    pub admin: PersonId,
    pub admin_name: String,
}

impl Block {
    /// The cell that shows everything.
    pub fn show(&self) -> Option<&Cell> {
        self.cells.iter().find(|c| c.show)
    }
}
