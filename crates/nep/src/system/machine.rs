//! What only the machine knows: the room that is left, who may read the files, by which address it is
//! reached, how the server of the data keeps them. Blocks; runs no command but `df`.

use std::path::Path;
use std::process::Command;

use db::{Db, Engine, Keeping};

/// The files of an SQLite database.
const FILES: [&str; 3] = ["", "-wal", "-shm"];

/// The machine as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// The engine in use.
    pub engine: Engine,
    /// What is known of the folder of the data; `None` where another server keeps them.
    pub folder: Option<Folder>,
    /// How PostgreSQL keeps what it acknowledged; `None` for SQLite, and when it cannot be learnt.
    pub keeping: Option<Keeping>,
    /// Replicas this server can read from now, of how many.
    pub replicas: Option<(usize, usize)>,
    /// The address people use, where a server runs.
    pub address: Option<String>,
}

/// The folder of the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// Free room in MB, where it can be measured.
    pub free_mb: Option<i64>,
    /// Files that others on the machine can read, by name.
    pub open: Vec<String>,
}

/// Looks at the machine.
pub fn look(db: &Db, address: Option<&str>) -> Machine {
    Machine {
        engine: db.engine(),
        folder: db.file().map(folder),
        keeping: db.keeping().ok().flatten(),
        replicas: db.replicas(),
        address: address.map(str::to_owned),
    }
}

fn folder(file: &Path) -> Folder {
    let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = |end: &str| file.with_file_name(format!("{name}{end}"));
    let open = FILES.iter().filter(|end| open_to_others(&beside(end))).map(|end| format!("{name}{end}")).collect();
    Folder { free_mb: file.parent().and_then(free_mb), open }
}

/// Whether others on the machine may read or write a file.
pub fn open_to_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|m| m.permissions().mode() & 0o077 != 0)
}

/// Free room as `df` tells it: the standard library cannot.
fn free_mb(folder: &Path) -> Option<i64> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let told = Command::new("df").arg("-Pk").arg(folder).output().ok().filter(|o| o.status.success())?;
    let text = String::from_utf8_lossy(&told.stdout).into_owned();
    text.lines().nth(1)?.split_whitespace().nth(3)?.parse::<i64>().ok().map(|kb| kb / 1024)
}
