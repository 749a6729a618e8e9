//! The executable. See `nep::cli` for its commands.

use std::io::Write;
use std::process::ExitCode;

use tracing_subscriber::EnvFilter;

/// Whoever speaks to mail servers and webhooks for the program would log addresses and keys at the finest
/// levels; nobody may ask for that (P-19).
fn quiet(filter: EnvFilter) -> EnvFilter {
    let silent = ["lettre=off", "ureq=off", "ureq_proto=off", "rustls=off"];
    silent.iter().filter_map(|d| d.parse().ok()).fold(filter, EnvFilter::add_directive)
}

fn main() -> ExitCode {
    let cli = match nep::cli::parse(std::env::args_os()) {
        Ok(cli) => cli,
        Err((text, wrong, code)) => {
            // Whoever closed the pipe does not want the rest.
            let _ =
                if wrong { std::io::stderr().write_all(text.as_bytes()) } else { std::io::stdout().write_all(text.as_bytes()) };
            return ExitCode::from(code);
        }
    };
    tracing_subscriber::fmt()
        .with_env_filter(quiet(EnvFilter::try_from_env("NEP_LOG").unwrap_or_else(|_| cli.log_level().into())))
        .with_writer(std::io::stderr)
        .init();
    match nep::cli::run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::debug!(?error, "stopped");
            eprintln!("Lỗi: {error:#}");
            ExitCode::FAILURE
        }
    }
}
