//! Who could present a subject: what each has presented, and what each has in hand now. A help for
//! asking somebody, never a score of a person: who has spoken on it comes first, then names.
//! Pure: talks and loads in, a list out. Rules: CB-06, M11, ahead.md 19.

use jiff::civil::Date;

use crate::id::PersonId;
use crate::library::terms;
use crate::vi;

/// Something a person presented at a meeting whose minutes are sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Talk {
    /// Who.
    pub person: PersonId,
    /// Heading of the item.
    pub title: String,
    /// When.
    pub on: Date,
}

/// What a person has in hand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Load {
    /// Tasks not finished.
    pub tasks: i64,
    /// Items and topics still to be presented.
    pub talks: i64,
}

impl Load {
    /// In words.
    pub fn words(&self) -> String {
        match (self.tasks, self.talks) {
            (0, 0) => "Hiện chưa có việc được giao".to_owned(),
            (tasks, 0) => format!("Đang làm {tasks} nhiệm vụ"),
            (0, talks) => format!("Sắp trình bày {talks} nội dung"),
            (tasks, talks) => format!("Đang làm {tasks} nhiệm vụ, sắp trình bày {talks} nội dung"),
        }
    }
}

/// Somebody who could be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub person: PersonId,
    /// What they presented on the subject, newest first, at most three.
    pub talks: Vec<(String, Date)>,
    /// What they have in hand.
    pub load: Load,
}

/// Whether a heading speaks of a subject: every word looked for is a word of it, diacritics aside.
pub fn speaks_of(title: &str, words: &[String]) -> bool {
    let folded = vi::fold(title);
    let there: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).collect();
    !words.is_empty() && words.iter().all(|w| there.contains(&w.as_str()))
}

/// The members of a cell as they could be asked to present a subject. `members` come in the order of
/// names, which is kept.
pub fn candidates(subject: &str, members: &[(PersonId, Load)], talks: &[Talk]) -> Vec<Candidate> {
    let words = terms(subject);
    let one = |(person, load): &(PersonId, Load)| {
        let mut told: Vec<(String, Date)> = talks
            .iter()
            .filter(|t| t.person == *person && speaks_of(&t.title, &words))
            .map(|t| (t.title.clone(), t.on))
            .collect();
        told.sort_by_key(|t| std::cmp::Reverse(t.1));
        told.truncate(3);
        Candidate { person: *person, talks: told, load: *load }
    };
    let (mut first, rest): (Vec<_>, Vec<_>) = members.iter().map(one).partition(|c| !c.talks.is_empty());
    first.extend(rest);
    first
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn who_has_spoken_on_it_comes_first_and_names_keep_their_order() {
        let [an, binh, chi] = [1, 2, 3].map(PersonId::new);
        let members = [(an, Load { tasks: 4, talks: 1 }), (binh, Load::default()), (chi, Load { tasks: 0, talks: 2 })];
        let talk = |person, title: &str, year| Talk { person, title: title.to_owned(), on: date(year, 3, 3) };
        let talks = [
            talk(chi, "Trình bày chuyên đề: Chuyển đổi số trong cấp phép", 2025),
            talk(chi, "Chuyển đổi số", 2026),
            talk(binh, "Chuyển đổi cơ cấu, bố trí số lượng", 2026),
            talk(an, "Nêu gương", 2026),
        ];
        let found = candidates("chuyen doi so", &members, &talks);
        assert_eq!(found.iter().map(|c| c.person).collect::<Vec<_>>(), [binh, chi, an]);
        assert_eq!(found[1].talks[0], ("Chuyển đổi số".to_owned(), date(2026, 3, 3)));
        assert_eq!(found[2].load.words(), "Đang làm 4 nhiệm vụ, sắp trình bày 1 nội dung");
        let order: Vec<PersonId> = candidates(" ", &members, &talks).iter().map(|c| c.person).collect();
        assert_eq!(order, [an, binh, chi], "nothing asked, nobody before another");
    }

    #[test]
    fn a_word_is_a_whole_word() {
        assert!(speaks_of("Phòng, chống THAM NHŨNG", &terms("tham nhung")));
        assert!(!speaks_of("Thăm hỏi gia đình", &terms("th")));
        assert!(!speaks_of("Nêu gương", &[]));
    }
}
