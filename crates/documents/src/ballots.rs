//! Ballot papers for a secret vote: four to a page, to be cut along the lines, all alike.
//! May touch: nothing but the typesetter.
//! Comes from: votes by secret ballot (BQ-05, BQ-08); no number and no mark tells one paper from another.

use serde::Serialize;

use crate::clean::line;
use crate::pdf::{Template, print};
use crate::{Error, Result};

/// What a ballot paper says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BallotPaper {
    /// Superior organisation in capitals; may be empty.
    pub superior: String,
    /// Organisation in capitals.
    pub issuer: String,
    /// Date in words.
    pub date: String,
    /// `PHIẾU BIỂU QUYẾT`.
    pub kind: String,
    /// The question.
    pub question: String,
    /// How to fill it in.
    pub how: String,
    /// Choices: a box for each; with names, one for each of the first two in every row.
    pub choices: Vec<String>,
    /// Names to vote on one by one; empty for a single question.
    pub names: Vec<String>,
}

#[derive(Serialize)]
struct Page {
    superior: String,
    issuer: String,
    date: String,
    kind: String,
    question: String,
    how: String,
    choices: Vec<String>,
    names: Vec<String>,
    copies: u32,
}

/// `copies` papers, four to an A4 page; the last page is filled, what is over is for spoilt papers.
pub fn ballots_pdf(paper: &BallotPaper, copies: u32) -> Result<Vec<u8>> {
    if copies == 0 {
        return Err(Error::Nothing);
    }
    let lines = |list: &[String]| list.iter().map(|l| line(l)).collect();
    print(
        Template::Ballots,
        &Page {
            superior: line(&paper.superior),
            issuer: line(&paper.issuer),
            date: line(&paper.date),
            kind: line(&paper.kind),
            question: line(&paper.question),
            how: line(&paper.how),
            choices: lines(&paper.choices),
            names: lines(&paper.names),
            copies: copies.min(2000),
        },
    )
}
