//! A calendar feed (RFC 5545) of a cell's meetings.
//! May touch: nothing. Local times are Vietnam's, whose offset has been +07 without change.
//! Comes from: M-requirements on invitations; the zone is written out so that any reader agrees.

use jiff::Timestamp;
use jiff::civil::DateTime;

use crate::clean::clean;

/// One meeting in the calendar.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Stable for the life of the meeting.
    pub uid: String,
    /// When the entry was last changed.
    pub stamp: Timestamp,
    /// Begin, Vietnamese time.
    pub start: DateTime,
    /// End, Vietnamese time.
    pub end: DateTime,
    /// Title.
    pub summary: String,
    /// Place.
    pub location: String,
    /// Counts changes, so that readers replace what they hold.
    pub sequence: u32,
    /// The meeting will not be held.
    pub cancelled: bool,
}

/// The calendar as text with CRLF line ends, folded at 75 octets.
pub fn ics(name: &str, events: &[Event]) -> String {
    let mut out = String::new();
    for line in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Nep//Sinh hoat chi bo//VI", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    {
        push(&mut out, line);
    }
    push(&mut out, &format!("X-WR-CALNAME:{}", escaped(name)));
    for line in [
        "BEGIN:VTIMEZONE",
        "TZID:Asia/Ho_Chi_Minh",
        "BEGIN:STANDARD",
        "DTSTART:19750613T000000",
        "TZOFFSETFROM:+0700",
        "TZOFFSETTO:+0700",
        "TZNAME:+07",
        "END:STANDARD",
        "END:VTIMEZONE",
    ] {
        push(&mut out, line);
    }
    for event in events {
        push(&mut out, "BEGIN:VEVENT");
        push(&mut out, &format!("UID:{}", escaped(&event.uid)));
        push(&mut out, &format!("DTSTAMP:{}", event.stamp.strftime("%Y%m%dT%H%M%SZ")));
        for (field, time) in [("DTSTART", event.start), ("DTEND", event.end)] {
            let time = time.strftime("%Y%m%dT%H%M%S");
            push(&mut out, &format!("{field};TZID=Asia/Ho_Chi_Minh:{time}"));
        }
        push(&mut out, &format!("SEQUENCE:{}", event.sequence));
        let status = if event.cancelled { "CANCELLED" } else { "CONFIRMED" };
        push(&mut out, &format!("STATUS:{status}"));
        push(&mut out, &format!("SUMMARY:{}", escaped(&event.summary)));
        if !event.location.is_empty() {
            push(&mut out, &format!("LOCATION:{}", escaped(&event.location)));
        }
        push(&mut out, "END:VEVENT");
    }
    push(&mut out, "END:VCALENDAR");
    out
}

/// Adds a line, folded so that none is longer than 75 octets and no letter is cut.
fn push(out: &mut String, line: &str) {
    let mut octets = 0;
    for c in line.chars() {
        if octets + c.len_utf8() > 75 {
            out.push_str("\r\n ");
            octets = 1;
        }
        out.push(c);
        octets += c.len_utf8();
    }
    out.push_str("\r\n");
}

fn escaped(text: &str) -> String {
    let text = clean(text);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn event(summary: &str) -> Event {
        Event {
            uid: "ky-2026-02@nep".into(),
            stamp: "2026-01-20T01:02:03Z".parse().unwrap(),
            start: date(2026, 2, 3).at(19, 0, 0, 0),
            end: date(2026, 2, 3).at(20, 45, 0, 0),
            summary: summary.into(),
            location: "Nhà văn hóa, Khu phố Mẫu; tầng 2".into(),
            sequence: 2,
            cancelled: false,
        }
    }

    #[test]
    fn a_meeting_is_written_in_full() {
        let text = ics("Chi bộ Mẫu", &[event("Sinh hoạt thường kỳ")]);
        assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"));
        assert!(text.contains("\r\nDTSTART;TZID=Asia/Ho_Chi_Minh:20260203T190000\r\n"));
        assert!(text.contains("\r\nDTSTAMP:20260120T010203Z\r\n"));
        assert!(text.contains("LOCATION:Nhà văn hóa\\, Khu phố Mẫu\\; tầng 2\r\n"));
        assert!(text.contains("SEQUENCE:2\r\nSTATUS:CONFIRMED\r\n"));
        let off = Event { cancelled: true, ..event("x") };
        assert!(ics("x", &[off]).contains("STATUS:CANCELLED"));
    }

    #[test]
    fn long_lines_fold_between_letters_and_unfold_to_the_same_text() {
        let long = "Đảng ủy phường mời dự sinh hoạt chi bộ ".repeat(8);
        let text = ics("Chi bộ", &[event(&long)]);
        assert!(text.split("\r\n").all(|l| l.len() <= 75));
        assert!(text.split("\r\n").any(|l| l.starts_with(' ')));
        assert!(text.replace("\r\n ", "").contains(&format!("SUMMARY:{}\r\n", long.trim())));
    }

    #[test]
    fn text_cannot_add_lines_of_its_own() {
        let text = ics("x", &[event("a\r\nEND:VEVENT\\ \nb")]);
        assert!(text.contains("SUMMARY:a\\nEND:VEVENT\\\\ \\nb\r\n"));
        assert_eq!(text.matches("\r\nEND:VEVENT\r\n").count(), 1);
        assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
    }
}
