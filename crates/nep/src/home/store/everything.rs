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

const DUMPS: [Dump; 33] = [
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
        "select r.org_id, m.title, m.starts_at, r.standing, coalesce(r.corrected, r.mark), r.reason, r.arrived_at, r.left_at, r.marked_by
         from membership s join roll r on r.org_id = s.org_id and r.person_id = s.person_id
         join meeting m on m.org_id = r.org_id and m.meeting_id = r.meeting_id
         where s.person_id = $1
         group by r.org_id, m.meeting_id, m.title, m.starts_at, r.standing, r.corrected, r.mark, r.reason, r.arrived_at, r.left_at, r.marked_by
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
        "select org_id, content, requirement, measure, deadline, state, progress, done_on, cause, responsibility, cause_note,
         next_step, proposed_date
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
            ("buoc_tiep_theo", Text),
            ("thoi_han_de_xuat", Text),
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
        "tai_lieu_cap_tren",
        "select r.org_id, g.title, r.seen_at, r.read_at from guidance_receipt r
         join guidance g on g.org_id = r.from_id and g.guidance_id = r.guidance_id where r.person_id = $1 order by r.seen_at",
        &[("to_chuc", Number), ("ten", Text), ("xem_luc", Moment), ("doc_luc", Moment)],
    ),
    Dump(
        "mo_noi_dung_cho_cap_tren",
        "select org_id, ground, reason, document, until_on, made_at, confirmed_at, ended_at from opening
         where made_by = $1 or confirmed_by = $1 or ended_by = $1 order by opening_id",
        &[
            ("to_chuc", Number),
            ("hinh_thuc", Text),
            ("ly_do", Text),
            ("van_ban", Text),
            ("den_het_ngay", Text),
            ("lap_luc", Moment),
            ("xac_nhan_luc", Moment),
            ("ket_thuc_luc", Moment),
        ],
    ),
    Dump(
        "van_ban_da_xem_khi_mo",
        "select r.org_id, i.number_text, r.way, r.at from opening_read r
         join issued i on i.org_id = r.org_id and i.issued_id = r.issued_id where r.person_id = $1 order by r.read_id",
        &[("to_chuc", Number), ("so", Text), ("cach_xem", Text), ("luc", Moment)],
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
        "tin_nhac_viec",
        "select day, counts, made_at, read_at from message where person_id = $1 order by day",
        &[("ngay", Text), ("so_viec", Text), ("lap_luc", Moment), ("doc_luc", Moment)],
    ),
    Dump(
        "tai_lieu_da_bao",
        "select org_id, kind, day from message_sent where person_id = $1 order by day, guidance_id",
        &[("to_chuc", Number), ("loai", Text), ("ngay", Text)],
    ),
    Dump(
        "tin_gui_di",
        "select channel, state, tries, made_at, settled_at from delivery where person_id = $1 order by delivery_id",
        &[("kenh", Text), ("trang_thai", Text), ("so_lan", Number), ("lap_luc", Moment), ("xong_luc", Moment)],
    ),
    Dump(
        "nhan_thu",
        "select address, confirmed_at from mail_choice where person_id = $1",
        &[("dia_chi", Text), ("xac_nhan_luc", Moment)],
    ),
    Dump(
        "tep_da_tai_len",
        "select org_id, name, size, added_at from file where confirmed_by = $1 order by added_at",
        &[("to_chuc", Number), ("ten", Text), ("so_byte", Number), ("luc", Moment)],
    ),
    Dump(
        "xem_xet_viec_du_sinh_hoat",
        "select org_id, year, state, opened_at, hear_until, seen_at, content_at,
         case when state = 'confirmed' then notice else '' end, reason, decided_at
         from absence_case where person_id = $1 order by opened_at",
        &[
            ("to_chuc", Number),
            ("nam", Number),
            ("trang_thai", Text),
            ("mo_luc", Moment),
            ("han_neu_y_kien", Text),
            ("da_xem_luc", Moment),
            ("khong_y_kien_luc", Moment),
            ("thong_bao", Text),
            ("ly_do_khep", Text),
            ("ket_thuc_luc", Moment),
        ],
    ),
    Dump(
        "y_kien_ve_diem_danh",
        "select c.org_id, m.title, o.claim, o.words, o.raised_at, o.decision, o.reason from absence_case c
         join absence_objection o on o.org_id = c.org_id and o.case_id = c.case_id
         join meeting m on m.org_id = o.org_id and m.meeting_id = o.meeting_id
         where c.person_id = $1 order by o.raised_at",
        &[
            ("to_chuc", Number),
            ("buoi", Text),
            ("y_kien", Text),
            ("noi_ro", Text),
            ("luc", Moment),
            ("quyet_dinh", Text),
            ("ly_do", Text),
        ],
    ),
    Dump(
        "bieu_duong_phe_binh",
        "select org_id, kind, state, on_date, body, remedy, deadline, answer, done_words, done_on, reason, written_at
         from note where person_id = $1 order by on_date, note_id",
        &[
            ("to_chuc", Number),
            ("loai", Text),
            ("trang_thai", Text),
            ("ngay", Text),
            ("noi_dung", Text),
            ("khac_phuc", Text),
            ("thoi_han", Text),
            ("y_kien", Text),
            ("da_lam", Text),
            ("ngay_xong", Text),
            ("ly_do", Text),
            ("ghi_luc", Moment),
        ],
    ),
    Dump(
        "tam_tu_nguyen_vong",
        "select c.org_id, c.state, c.consent, w.kind, w.body, w.at from concern c
         join concern_word w on w.org_id = c.org_id and w.concern_id = c.concern_id
         where c.person_id = $1 order by c.written_at, w.word_id",
        &[
            ("to_chuc", Number),
            ("trang_thai", Text),
            ("dong_y_dua_ra_chi_bo", Text),
            ("viec", Text),
            ("noi_dung", Text),
            ("luc", Moment),
        ],
    ),
    Dump(
        "tra_loi_tam_tu_cua_dong_chi_khac",
        "select w.org_id, w.kind, w.body, w.at from concern_word w
         join concern c on c.org_id = w.org_id and c.concern_id = w.concern_id
         where w.by_person = $1 and c.person_id <> $1 order by w.at",
        &[("to_chuc", Number), ("viec", Text), ("noi_dung", Text), ("luc", Moment)],
    ),
    Dump(
        "chuyen_de_de_xuat",
        "select org_id, year, state, title, why, period, reason, proposed_at from topic where person_id = $1 order by topic_id",
        &[
            ("to_chuc", Number),
            ("nam", Number),
            ("trang_thai", Text),
            ("ten", Text),
            ("vi_sao", Text),
            ("ky", Text),
            ("ly_do", Text),
            ("luc", Moment),
        ],
    ),
    Dump(
        "chuyen_de_ung_ho",
        "select t.org_id, t.year, t.title, s.at from topic_support s
         join topic t on t.org_id = s.org_id and t.topic_id = s.topic_id where s.person_id = $1 order by s.at",
        &[("to_chuc", Number), ("nam", Number), ("ten", Text), ("luc", Moment)],
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
    Dump(
        "bai_gui_kho",
        "select org_id, kind, state, period, title, made_at, submitted_at from library_entry
         where author_id = $1 order by made_at, entry_id",
        &[
            ("to_chuc", Number),
            ("loai", Text),
            ("trang_thai", Text),
            ("ky", Text),
            ("ten", Text),
            ("soan_luc", Moment),
            ("gui_luc", Moment),
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
