//! The command line in Vietnamese: help, headings and what is wrong with what was typed.
//! Touches clap only.

use std::ffi::OsString;

use clap::builder::{Arg, ArgAction};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, FromArgMatches, Parser};

use super::Command;

/// Nếp: sinh hoạt chi bộ nền nếp, nghị quyết đến nơi đến chốn
#[derive(Debug, Parser)]
#[command(name = "nep", disable_help_subcommand = true, disable_version_flag = true)]
pub struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
}

impl Cli {
    /// How much is logged unless `NEP_LOG` says otherwise: a server tells what it does, a command only what is wrong.
    pub fn log_level(&self) -> &'static str {
        if matches!(self.command, Command::Serve(_) | Command::Worker(_)) { "info" } else { "warn" }
    }
}

const WITH_COMMANDS: &str = "{about}\n\nCách dùng: nep <LỆNH> [TÙY CHỌN]\n\nLệnh:\n{subcommands}\n\nTùy chọn:\n{options}\n\n\
                             Xem cách dùng một lệnh: nep <LỆNH> --help\n";
const WITH_FILE: &str = "{about}\n\nCách dùng: {usage}\n\nTham số:\n{positionals}\n\nTùy chọn:\n{options}\n";
const PLAIN: &str = "{about}\n\nCách dùng: {usage}\n\nTùy chọn:\n{options}\n";

/// What was typed, or what to print instead and the exit code.
///
/// # Errors
/// The text to print, whether it goes to stderr, and the exit code.
pub fn parse(words: impl IntoIterator<Item = OsString>) -> Result<Cli, (String, bool, u8)> {
    let matches = command().try_get_matches_from(words).map_err(told)?;
    Cli::from_arg_matches(&matches).map_err(told)
}

fn command() -> clap::Command {
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help).help("Xem cách dùng");
    let version = Arg::new("version").short('V').long("version").action(ArgAction::Version).help("Xem phiên bản");
    let mut cli = Cli::command()
        .version(env!("CARGO_PKG_VERSION"))
        .help_template(WITH_COMMANDS)
        .disable_help_flag(true)
        .arg(help.clone())
        .arg(version)
        .mut_subcommands(|sub| in_vietnamese(sub).disable_help_flag(true).disable_version_flag(true).arg(help.clone()));
    cli.build();
    cli
}

fn in_vietnamese(sub: clap::Command) -> clap::Command {
    let places: Vec<String> = sub
        .get_arguments()
        .map(|a| {
            let name = a.get_value_names().and_then(|n| n.first()).map_or("", |n| n.as_str());
            match (a.is_positional(), a.get_long()) {
                (true, _) => format!("<{name}>"),
                (false, Some(long)) if a.get_action().takes_values() => format!("[--{long} {name}]"),
                (false, Some(long)) => format!("[--{long}]"),
                (false, None) => String::new(),
            }
        })
        .collect();
    let file = sub.get_arguments().any(Arg::is_positional);
    let usage = format!("nep {} {}", sub.get_name(), places.join(" "));
    sub.help_template(if file { WITH_FILE } else { PLAIN }).override_usage(usage).mut_args(|a| {
        // A flag has no values to hide; a debug build stops when it is told to.
        let valued = a.get_action().takes_values();
        a.hide_env(true).hide_default_value(valued).hide_possible_values(valued)
    })
}

/// What clap found wrong, in Vietnamese.
fn told(error: clap::Error) -> (String, bool, u8) {
    let shown = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        _ => String::new(),
    };
    let arg = shown(ContextKind::InvalidArg);
    let words = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => return (error.to_string(), false, 0),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand => {
            return (command().render_help().to_string(), true, 2);
        }
        ErrorKind::InvalidSubcommand => format!("không có lệnh “{}”.", shown(ContextKind::InvalidSubcommand)),
        ErrorKind::UnknownArgument => format!("không có tùy chọn “{arg}”."),
        ErrorKind::MissingRequiredArgument => format!("còn thiếu {arg}."),
        ErrorKind::ArgumentConflict => format!("“{arg}” bị lặp lại hoặc không dùng chung được với tùy chọn khác."),
        ErrorKind::ValueValidation | ErrorKind::InvalidValue if shown(ContextKind::InvalidValue).is_empty() => {
            format!("“{arg}” cần kèm một giá trị.")
        }
        ErrorKind::ValueValidation | ErrorKind::InvalidValue => {
            format!("giá trị “{}” của “{arg}” không đúng dạng.", shown(ContextKind::InvalidValue))
        }
        _ => "dòng lệnh không đúng.".to_owned(),
    };
    (format!("Lỗi: {words}\nXem cách dùng: nep --help\n"), true, 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(words: &[&str]) -> (String, bool, u8) {
        parse(words.iter().map(OsString::from)).unwrap_err()
    }

    #[test]
    fn the_command_line_is_sound() {
        command().debug_assert();
    }

    #[test]
    fn help_is_vietnamese_throughout() {
        for command in ["", "serve", "worker", "demo", "import", "migrate", "backup", "restore", "verify", "doctor"] {
            let line: Vec<&str> = ["nep", command, "--help"].into_iter().filter(|w| !w.is_empty()).collect();
            let (text, wrong, code) = said(&line);
            assert!(text.contains("Cách dùng: nep") && text.contains("Xem cách dùng"), "{command}: {text}");
            assert_eq!((wrong, code), (false, 0), "{command}");
            for english in ["Usage", "Options", "Commands", "Arguments", "Print", "default", "env:", "FILE", "<PATH>"] {
                assert!(!text.contains(english), "{command} says {english}:\n{text}");
            }
        }
    }

    #[test]
    fn what_is_wrong_is_said_in_vietnamese_on_stderr() {
        for (line, words) in [
            (&["nep", "serv"][..], "không có lệnh “serv”"),
            (&["nep", "serve", "--lissen", "x"], "không có tùy chọn “--lissen”"),
            (&["nep", "backup"], "còn thiếu <TỆP>"),
            (&["nep", "serve", "--listen", "khắp nơi"], "giá trị “khắp nơi”"),
            (&["nep", "serve", "--listen"], "cần kèm một giá trị"),
            (&["nep"], "Lệnh:"),
        ] {
            let (text, wrong, code) = said(line);
            assert!(text.contains(words), "{line:?}: {text}");
            assert_eq!((wrong, code), (true, 2), "{line:?}");
        }
    }
}
