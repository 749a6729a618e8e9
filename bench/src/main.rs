//! `make bench`: the product under load on its demonstration data, one table, one file.
//! May touch: child processes on this machine, a temporary folder, `target/bench`.
//! Each page is measured beside a bare handler that gives the same bytes, turn by turn.

mod advice;
mod block;
mod browser;
mod find;
mod http;
mod load;
mod measure;
mod nation;
mod room;
mod run;
mod search;
mod server;
mod sheet;
mod still;
mod table;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Debug, Parser)]
#[command(name = "nep-bench", about = "Measures nep on its demonstration data")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Measure everything
    Run(run::Run),
    /// Measure a part of the nation on PostgreSQL
    Nation(nation::Nation),
    /// Measure one page of a server that runs already
    Page(run::One),
    /// Serve one file, as the measure beside a page
    Still(still::Still),
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Run(run) => run::run(&run),
        Command::Nation(nation) => nation::run(&nation),
        Command::Page(one) => run::one(&one),
        Command::Still(still) => still::serve(&still).map(|()| true),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}
