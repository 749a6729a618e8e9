//! Everything kept about one person, part by part, for the file they may take away (P-26).

use db::{Row, Tx, Value};
use domain::id::PersonId;
use serde_json::{Map, Value as Json, json};

/// How a column of the download is written.
#[derive(Debug, Clone, Copy)]
enum As {
    Text,
    Number,
    Moment,
}

/// A part of the download: its name, the query by person, and its columns in order.
struct Dump(&'static str, &'static str, &'static [(&'static str, As)]);

use As::{Moment, Number, Text};

const DUMPS: [Dump; 18] = [
    Dump(
        "nguoi",
        "select name, birth_year, admitted_on, official_on, card_number, phone, email, text_size, created_at
         from person where person_id = $1",
        &[
            ("ho_ten", Text),
            ("nam_sinh", Number),
            ("ngay_vao_dang", Text),
            ("ngay_chinh_thuc", Text),
            ("so_the", Text),
            ("dien_thoai", Text),
            ("thu_dien_tu", Text),
            ("co_chu", Number),
            ("nhap_luc", Moment),
        ],
    ),
    Dump(
        "tai_khoan",
        "select login, created_at, changed_at from account where person_id = $1",
        &[("ten_dang_nhap", Text), ("tao_luc", Moment), ("doi_mat_khau_luc", Moment)],
    ),
    Dump(
        "phien",
        "select created_at, seen_at, shared from session where person_id = $1 order by created_at",
        &[("bat_dau", Moment), ("dung_gan_nhat", Moment), ("may_dung_chung", Number)],
    ),
    Dump(
        "sinh_hoat_tai",
        "select org_id, standing, from_date, to_date, number, name, reason, document from membership
         where person_id = $1 order by from_date, membership_id",
        &[
            ("to_chuc", Number),
            ("dien", Text),
            ("tu_ngay", Text),
            ("den_truoc_ngay", Text),
            ("so_thu_tu", Number),
            ("ho_ten", Text),
            ("ly_do", Text),
            ("van_ban", Text),
        ],
    ),
    Dump(
        "chuc_vu",
        "select org_id, role, from_date, to_date, document from post where person_id = $1 order by from_date, post_id",
        &[("to_chuc", Number), ("chuc_vu", Text), ("tu_ngay", Text), ("den_truoc_ngay", Text), ("van_ban", Text)],
    ),
    Dump(
        "diem_danh",
        "select r.org_id, m.title, m.starts_at, r.standing, r.mark, r.reason, r.arrived_at, r.left_at, r.marked_by
         from membership s join roll r on r.org_id = s.org_id and r.person_id = s.person_id
         join meeting m on m.org_id = r.org_id and m.meeting_id = r.meeting_id
         where s.person_id = $1
         group by r.org_id, m.meeting_id, m.title, m.starts_at, r.standing, r.mark, r.reason, r.arrived_at, r.left_at, r.marked_by
         order by m.starts_at",
        &[
            ("to_chuc", Number),
            ("buoi", Text),
            ("bat_dau", Text),
            ("dien", Text),
            ("diem_danh", Text),
            ("ly_do", Text),
            ("den_luc", Text),
            ("ve_luc", Text),
            ("nguon_ghi", Text),
        ],
    ),
    Dump(
        "tra_loi",
        "select r.org_id, m.title, m.starts_at, r.answer, r.reason_kind, r.reason, r.decision, r.answered_at
         from reply r join meeting m on m.org_id = r.org_id and m.meeting_id = r.meeting_id
         where r.person_id = $1 order by m.starts_at",
        &[
            ("to_chuc", Number),
            ("buoi", Text),
            ("bat_dau", Text),
            ("tra_loi", Text),
            ("loai_ly_do", Text),
            ("ly_do", Text),
            ("quyet_dinh", Text),
            ("luc", Moment),
        ],
    ),
    Dump(
        "y_kien_chuan_bi",
        "select o.org_id, m.title, o.body, o.state, o.written_at from opinion o
         join meeting m on m.org_id = o.org_id and m.meeting_id = o.meeting_id
         where o.person_id = $1 order by o.written_at",
        &[("to_chuc", Number), ("buoi", Text), ("noi_dung", Text), ("trang_thai", Text), ("luc", Moment)],
    ),
    Dump(
        "phat_bieu",
        "select c.org_id, m.title, i.title, c.summary, c.said_at from contribution c
         join agenda_item i on i.org_id = c.org_id and i.item_id = c.item_id
         join meeting m on m.org_id = c.org_id and m.meeting_id = c.meeting_id
         where c.person_id = $1 order by c.said_at",
        &[("to_chuc", Number), ("buoi", Text), ("muc", Text), ("tom_tat", Text), ("luc", Moment)],
    ),
    Dump(
        "nhiem_vu_thuc_hien",
        "select org_id, content, requirement, measure, deadline, state, progress, done_on, cause, responsibility, cause_note
         from task where doer_id = $1 and in_force = 1 order by task_id",
        &[
            ("to_chuc", Number),
            ("noi_dung", Text),
            ("yeu_cau", Text),
            ("bien_phap", Text),
            ("thoi_han", Text),
            ("trang_thai", Text),
            ("tien_do", Number),
            ("ngay_xong", Text),
            ("nguyen_nhan", Text),
            ("trach_nhiem", Text),
            ("noi_ro", Text),
        ],
    ),
    Dump(
        "nhiem_vu_kiem_tra_don_doc",
        "select org_id, content, deadline, state from task
         where (checker_id = $1 or urger_id = $1) and in_force = 1 order by task_id",
        &[("to_chuc", Number), ("noi_dung", Text), ("thoi_han", Text), ("trang_thai", Text)],
    ),
    Dump(
        "viec_da_ghi_o_nhiem_vu",
        "select org_id, kind, body, progress, at from task_event where by_person = $1 order by at, event_id",
        &[("to_chuc", Number), ("viec", Text), ("noi_dung", Text), ("tien_do", Number), ("luc", Moment)],
    ),
    Dump(
        "thong_bao_da_nhan",
        "select n.org_id, n.sent_at, r.read_at from notice_reader r
         join notice n on n.org_id = r.org_id and n.notice_id = r.notice_id where r.person_id = $1 order by n.sent_at",
        &[("to_chuc", Number), ("gui_luc", Moment), ("doc_luc", Moment)],
    ),
    Dump(
        "loi_ghi_da_xac_nhan",
        "select w.org_id, m.title, w.body, w.agrees, w.note, w.said_at from contribution c
         join wording w on w.org_id = c.org_id and w.contribution_id = c.contribution_id
         join meeting m on m.org_id = c.org_id and m.meeting_id = c.meeting_id
         where c.person_id = $1 order by w.said_at",
        &[("to_chuc", Number), ("buoi", Text), ("loi_ghi", Text), ("dung_y", Number), ("de_nghi", Text), ("luc", Moment)],
    ),
    Dump(
        "danh_dau_khi_doc_lai",
        "select org_id, passage, marked_at from minutes_mark where marked_by = $1 order by marked_at",
        &[("to_chuc", Number), ("cho_danh_dau", Text), ("luc", Moment)],
    ),
    // That somebody answered is all that is kept of a person; what, nobody can tell.
    Dump(
        "da_tra_loi_tham_do",
        "select d.org_id, m.title, count(*) from membership s
         join pulse_done d on d.org_id = s.org_id and d.person_id = s.person_id
         join meeting m on m.org_id = d.org_id and m.meeting_id = d.meeting_id
         where s.person_id = $1 group by d.org_id, m.meeting_id, m.title, s.membership_id order by m.title",
        &[("to_chuc", Number), ("buoi", Text), ("so_cau", Number)],
    ),
    Dump(
        "tep_da_tai_len",
        "select org_id, name, size, added_at from file where confirmed_by = $1 order by added_at",
        &[("to_chuc", Number), ("ten", Text), ("so_byte", Number), ("luc", Moment)],
    ),
    Dump(
        "cham_diem_buoi_sinh_hoat",
        "select org_id, meeting_id, title, total, band, saved_at from score where by_person = $1 order by saved_at",
        &[
            ("to_chuc", Number),
            ("buoi", Number),
            ("voi_tu_cach", Text),
            ("phan_tram_diem", Number),
            ("muc", Text),
            ("luu_luc", Moment),
        ],
    ),
];

/// Everything kept about a person, part by part, except hashes of passwords and tokens.
///
/// # Errors
/// Database faults only.
pub fn read(tx: &mut Tx, person: PersonId) -> db::Result<Json> {
    let mut out = Map::new();
    for Dump(name, sql, columns) in DUMPS {
        let mut rows = Vec::new();
        tx.each(sql, &[Value::Int(person.raw())], |row| {
            rows.push(line(row, columns)?);
            Ok(())
        })?;
        out.insert(name.to_owned(), Json::Array(rows));
    }
    Ok(Json::Object(out))
}

fn line(row: &Row, columns: &[(&str, As)]) -> db::Result<Json> {
    let mut out = Map::new();
    for (at, (name, kind)) in columns.iter().enumerate() {
        let value = match kind {
            As::Text => json!(row.get::<Option<String>>(at)?),
            As::Number => json!(row.get::<Option<i64>>(at)?),
            As::Moment => json!(row.get::<Option<jiff::Timestamp>>(at)?.map(|t| crate::actor::local(t).to_string())),
        };
        out.insert((*name).to_owned(), value);
    }
    Ok(Json::Object(out))
}
