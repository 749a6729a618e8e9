//! Sections of minutes and their revisions as rows.
