//! The migrations the binary carries, in order, for both engines.

use db::{Engine, Migration};

macro_rules! migrations {
    ($($number:literal $name:literal),* $(,)?) => {
        /// Every migration for an engine.
        pub fn migrations(engine: Engine) -> Vec<Migration<'static>> {
            vec![$(Migration {
                number: $number,
                name: $name,
                sql: match engine {
                    Engine::Sqlite => include_str!(concat!("../../../migrations/sqlite/", $name, ".sql")),
                    Engine::Postgres => include_str!(concat!("../../../migrations/postgres/", $name, ".sql")),
                },
            }),*]
        }
    };
}

migrations! {
    1 "0001_house",
    2 "0002_meeting",
    3 "0003_records",
    4 "0004_asked",
    5 "0005_room",
    6 "0006_ballot",
    7 "0007_room_after",
    8 "0008_once",
    9 "0009_checkin",
    10 "0010_lint",
    11 "0011_score",
    12 "0012_message",
    13 "0013_absence",
    14 "0014_rollup",
    15 "0015_classification",
    16 "0016_guidance",
    17 "0017_library",
    18 "0018_search",
    19 "0019_programme",
    20 "0020_process",
    21 "0021_told",
    22 "0022_tasks_due",
    23 "0023_programme_sheet",
    24 "0024_opening",
    25 "0025_search_scope",
    26 "0026_roll_unexcused",
    27 "0027_contribution_person",
}
