//! What home pages ask the database.
