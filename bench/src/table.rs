//! What was measured: one table for people, one file for programs, the machine's facts on top.
//! May touch: /proc, rustc and git, to name them. Aims are those of the issue.

use std::fmt::Write;
use std::process::Command;

/// What a value should be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Aim {
    /// Nothing is asked.
    None,
    /// At most this.
    Most(f64),
    /// At least this.
    Least(f64),
}

/// Everything measured so far, in order.
#[derive(Debug, Default)]
pub struct Table {
    rows: Vec<(String, f64, &'static str, Aim)>,
    notes: Vec<String>,
    missing: Vec<String>,
}

impl Table {
    /// Adds a value.
    pub fn put(&mut self, name: impl Into<String>, value: f64, unit: &'static str, aim: Aim) {
        self.rows.push((name.into(), value, unit, aim));
    }

    /// Adds a remark about what was measured.
    pub fn note(&mut self, text: impl Into<String>) {
        self.notes.push(text.into());
    }

    /// Notes something that could not be measured.
    pub fn miss(&mut self, name: &str, why: &anyhow::Error) {
        self.missing.push(format!("{name}: {why:#}"));
    }

    /// Whether everything could be measured.
    pub fn complete(&self) -> bool {
        self.missing.is_empty()
    }

    /// The table as tab-separated lines.
    pub fn tsv(&self) -> String {
        let mut text = "name\tvalue\tunit\n".to_owned();
        for (name, value, unit, _) in &self.rows {
            text.push_str(&format!("{name}\t{}\t{unit}\n", short(*value)));
        }
        text
    }
}

impl std::fmt::Display for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(
            f,
            "{:<16}{:>4} {:>10} {:>9} {:>9} {:>8} {:>8} {:>10}",
            "page", "conn", "answers/s", "p50 ms", "p99 ms", "cpu µs", "ratio", "still/s"
        )?;
        let get = |name: &str| self.rows.iter().find(|r| r.0 == name);
        for (name, ..) in self.rows.iter().filter(|r| r.0.ends_with(".rps")) {
            let stem = name.trim_end_matches(".rps");
            let (page, conns) = stem.rsplit_once(".c").unwrap_or((stem, ""));
            let mut line = format!("{page:<16}{conns:>4}");
            for (end, width) in [("rps", 10), ("p50_ms", 9), ("p99_ms", 9), ("cpu_us", 8), ("ratio", 8), ("still_rps", 10)] {
                let text =
                    get(&format!("{stem}.{end}")).map_or_else(|| "–".to_owned(), |r| format!("{}{}", short(r.1), mark(r.1, r.3)));
                let _ = write!(line, " {text:>width$}");
            }
            writeln!(f, "{line}")?;
        }
        writeln!(f)?;
        let of_a_page =
            |name: &str| ["rps", "p50_ms", "p99_ms", "cpu_us", "ratio"].iter().any(|e| name.ends_with(e)) && name.contains(".c");
        for (name, value, unit, aim) in self.rows.iter().filter(|r| !of_a_page(&r.0)) {
            let aimed = match aim {
                Aim::None => String::new(),
                Aim::Most(n) => format!("  aim ≤ {n}"),
                Aim::Least(n) => format!("  aim ≥ {n}"),
            };
            writeln!(f, "{name:<32}{:>12} {unit}{}{aimed}", short(*value), mark(*value, *aim))?;
        }
        for note in &self.notes {
            writeln!(f, "note: {note}")?;
        }
        for missing in &self.missing {
            writeln!(f, "NOT MEASURED {missing}")?;
        }
        Ok(())
    }
}

fn mark(value: f64, aim: Aim) -> &'static str {
    let met = match aim {
        Aim::None => return "",
        Aim::Most(n) => value <= n,
        Aim::Least(n) => value >= n,
    };
    if met { "" } else { "!" }
}

fn short(value: f64) -> String {
    match value.abs() {
        v if v >= 1000.0 => format!("{value:.0}"),
        v if v >= 100.0 => format!("{value:.1}"),
        v if v >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

/// Facts about the machine and the program.
pub fn facts(profile: &str) -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let said = |program: &str, args: &[&str]| {
        let out = Command::new(program).args(args).output().map(|o| String::from_utf8_lossy(&o.stdout).trim().to_owned());
        out.ok().filter(|t| !t.is_empty()).unwrap_or_else(|| "unknown".to_owned())
    };
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let cpu = read("/proc/cpuinfo");
    let cpu =
        cpu.lines().find_map(|l| l.strip_prefix("model name")).map_or("unknown", |m| m.trim_start_matches([' ', '\t', ':']));
    let memory = read("/proc/meminfo");
    let memory: f64 = memory
        .lines()
        .find_map(|l| l.strip_prefix("MemTotal:"))
        .and_then(|m| m.trim().trim_end_matches("kB").trim().parse().ok())
        .unwrap_or(0.0);
    let kernel = read("/proc/sys/kernel/osrelease");
    let load = read("/proc/loadavg");
    let load: Vec<&str> = load.split(' ').take(1).collect();
    format!(
        "machine: {cores} cores ({cpu}), {:.1} GiB, Linux {}, load before {}\nprogram: {}, profile {profile}, commit {}\n",
        memory / 1_048_576.0,
        kernel.trim(),
        load.concat(),
        said("rustc", &["-V"]),
        said("git", &["describe", "--always", "--dirty"]),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_shows_every_value_once_and_marks_missed_aims() {
        let mut table = Table::default();
        table.put("page.home.c8.rps", 4000.0, "1/s", Aim::Least(3000.0));
        table.put("page.home.c8.p50_ms", 2.5, "ms", Aim::Most(2.0));
        table.put("page.home.c8.p99_ms", 9.0, "ms", Aim::None);
        table.put("page.home.c8.ratio", 0.25, "", Aim::Least(0.3));
        table.put("memory.rss_mb", 70.0, "MB", Aim::Most(80.0));
        let shown = table.to_string();
        for wanted in ["4000 ", "2.50!", "9.00 ", "0.250!", "70.00 MB  aim ≤ 80"] {
            assert_eq!(shown.matches(wanted).count(), 1, "{wanted}\n{shown}");
        }
        assert_eq!(table.tsv().lines().count(), 6);
        assert!(table.tsv().contains("page.home.c8.ratio\t0.250\t\n"));
        assert!(table.complete());
    }
}
