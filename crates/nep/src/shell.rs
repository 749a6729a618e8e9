//! What surrounds every page: who is signed in, where, and the way to everything they may do.
//! The same list feeds the side rail, the menu of narrow screens and the tabs of the phone.

use askama::Template;
use domain::code::Code;
use domain::id::OrgId;
use domain::post::Role;
use domain::right::Right;
use web::form::{Form, Problem};

use crate::account::store::role_label;
use crate::actor::{Actor, Place};
use crate::once::Keep;

/// One entry of the navigation; an entry without address is a heading.
#[derive(Debug, Clone, Default)]
pub struct NavItem {
    /// Address.
    pub href: String,
    /// Words.
    pub label: String,
    /// Whether the page belongs under it.
    pub current: bool,
    /// How many messages wait there.
    pub news: i64,
}

domain::codes! {
    /// The entry of the navigation a page belongs under.
    pub enum Under {
        /// Trang đầu.
        Home = "home" / "Trang đầu",
        /// The secretary's desk.
        Desk = "desk" / "Bàn làm việc",
        /// The year strip.
        Year = "year" / "Năm sinh hoạt",
        /// Meetings.
        Meetings = "meetings" / "Buổi sinh hoạt",
        /// Resolutions and tasks.
        Tasks = "tasks" / "Nghị quyết, nhiệm vụ",
        /// My tasks.
        MyTasks = "my_tasks" / "Nhiệm vụ của tôi",
        /// Members.
        Members = "members" / "Đảng viên",
        /// The minutes book and issued documents.
        Book = "book" / "Sổ biên bản, văn bản",
        /// What a committee sends to the cells.
        Guidance = "guidance" / "Định hướng, tài liệu",
        /// Bức tranh chung of a committee.
        Board = "board" / "Bức tranh chung",
        /// The organisation.
        Org = "org" / "Tổ chức",
        /// My own page.
        Me = "me" / "Hồ sơ của tôi",
        /// The installation.
        System = "system" / "Hệ thống",
        /// None of them.
        Nothing = "nothing" / "",
    }
}

/// The frame of a page.
#[derive(Debug, Clone, Default)]
pub struct Shell {
    /// Title of the page.
    pub title: String,
    /// Name of the person; empty when nobody is signed in.
    pub name: String,
    /// Post shown under the name.
    pub role: String,
    /// Organisation of the page.
    pub org_name: String,
    /// The one above it.
    pub org_above: String,
    /// Form key.
    pub csrf: String,
    /// Text size in pixels.
    pub text_size: i64,
    /// Messages the person has not read.
    pub unread: i64,
    /// Navigation.
    pub nav: Vec<NavItem>,
    /// Whether the navigation is short enough for a thumb's reach at the foot of a phone.
    pub tabs: bool,
    /// Whether the page needs the whole width of the screen.
    pub wide: bool,
    /// Way back: address and words.
    pub crumbs: Vec<(String, String)>,
    /// What is wrong with the form on the page.
    pub problems: Vec<Problem>,
    /// Whether the page shows an error.
    pub wrong: bool,
    /// What has just been done.
    pub done: String,
    /// Address of the style sheet.
    pub css: &'static str,
    /// Address of the style of what belongs to a meeting's room; empty on pages without it.
    pub room_css: &'static str,
    /// Address of the script.
    pub js: &'static str,
    /// Address of the script of live pages; empty on others.
    pub script: &'static str,
    /// Address of the script that keeps what could not be sent; empty on others.
    pub outbox: &'static str,
    /// Its style.
    pub outbox_css: &'static str,
    /// Address of the script that keeps it in the browser.
    pub keeper: &'static str,
    /// Address of the script that sends marks through it.
    pub marks: &'static str,
    /// Where it keeps it, as a word.
    pub keep: &'static str,
    /// Whose page it is: account and organisation; empty when nobody is signed in.
    pub owner: String,
    /// Whether the page has five big buttons at the foot of a narrow screen.
    pub five: bool,
    /// Address of the icon.
    pub icon: &'static str,
}

/// What begins a page: everything before the styles and scripts of its own.
#[derive(Template)]
#[template(path = "frame/head.html")]
pub struct Head<'a> {
    shell: &'a Shell,
}

/// What stands above a page's body: bar, menu, way back, what is wrong, what has been done.
#[derive(Template)]
#[template(path = "frame/top.html")]
pub struct Top<'a> {
    shell: &'a Shell,
}

/// What stands below it.
#[derive(Template)]
#[template(path = "frame/foot.html")]
pub struct Foot<'a> {
    shell: &'a Shell,
}

impl Shell {
    /// For `base.html`: a part of the frame, compiled once and not once for every page.
    pub fn head(&self) -> Head<'_> {
        Head { shell: self }
    }

    /// As [`Shell::head`].
    pub fn top(&self) -> Top<'_> {
        Top { shell: self }
    }

    /// As [`Shell::head`].
    pub fn foot(&self) -> Foot<'_> {
        Foot { shell: self }
    }

    /// The frame of a page nobody needs to sign in for.
    pub fn public(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            text_size: 18,
            css: web::assets::url("nep.css"),
            js: web::assets::url("nep.js"),
            icon: web::assets::url("icons/favicon.svg"),
            ..Self::default()
        }
    }

    /// The frame of a page for a signed-in person.
    pub fn new(actor: &Actor, title: &str, under: Under) -> Self {
        let here = actor.places.iter().find(|p| p.org == actor.org);
        Self {
            name: actor.name.clone(),
            role: here.map(role_words).unwrap_or_default(),
            org_name: actor.org_name.clone(),
            org_above: actor.org_above.clone(),
            csrf: actor.csrf.clone(),
            owner: format!("{}:{}", actor.account, actor.org),
            text_size: actor.text_size,
            unread: actor.unread,
            nav: if plain_member(actor) { short_nav(actor, under) } else { nav(actor, under) },
            tabs: plain_member(actor),
            ..Self::public(title)
        }
    }

    /// Adds one step of the way back.
    #[must_use]
    pub fn crumb(mut self, href: impl Into<String>, label: impl Into<String>) -> Self {
        self.crumbs.push((href.into(), label.into()));
        self
    }

    /// Gives the page the whole width of the screen.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// Gives the page the look of a meeting's room: most pages do not carry its weight.
    #[must_use]
    pub fn room(mut self) -> Self {
        self.room_css = web::assets::url("room.css");
        self
    }

    /// Keeps the page live while a meeting runs.
    #[must_use]
    pub fn live(mut self) -> Self {
        self.script = web::assets::url("room.js");
        self.room()
    }

    /// Lets the page go on without network: what is pressed waits and is sent once.
    #[must_use]
    pub fn outbox(mut self, keep: Keep) -> Self {
        self.outbox = web::assets::url("outbox.js");
        self.outbox_css = web::assets::url("outbox.css");
        self.keeper = web::assets::url("keep.js");
        self.marks = web::assets::url("marks.js");
        self.keep = keep.word();
        self
    }

    /// Gives the foot of a narrow screen to the five buttons of the chair.
    #[must_use]
    pub fn five(mut self) -> Self {
        self.five = true;
        self.tabs = false;
        self
    }

    /// Says what has just been done.
    #[must_use]
    pub fn done(mut self, words: impl Into<String>) -> Self {
        self.done = words.into();
        self
    }

    /// Puts the problems of a form at the head of the page.
    #[must_use]
    pub fn wrong(mut self, form: &Form) -> Self {
        self.problems.clone_from(&form.problems);
        self.wrong = !self.problems.is_empty();
        self
    }

    /// Whether anybody is signed in.
    pub fn signed_in(&self) -> bool {
        !self.name.is_empty()
    }
}

fn role_words(place: &Place) -> String {
    place.roles.iter().map(|r| role_label(*r, place.is_cell)).collect::<Vec<_>>().join(", ")
}

fn item(href: String, entry: Under, under: Under) -> NavItem {
    NavItem { href, label: entry.label().to_owned(), current: entry == under, news: 0 }
}

fn nav(actor: &Actor, under: Under) -> Vec<NavItem> {
    let mut nav = vec![item("/".to_owned(), Under::Home, under)];
    let org = actor.org;
    if actor.standpoint.is_cell {
        let entries = [
            (Right::MeetingPrepare, format!("/cb/{org}"), Under::Desk),
            (Right::CellRead, format!("/cb/{org}/nam"), Under::Year),
            (Right::CellRead, format!("/cb/{org}/buoi"), Under::Meetings),
            (Right::CellRead, format!("/cb/{org}/nhiem-vu"), Under::Tasks),
            (Right::MemberManage, format!("/cb/{org}/dang-vien"), Under::Members),
            (Right::CellRead, format!("/cb/{org}/so-bien-ban"), Under::Book),
        ];
        nav.extend(entries.into_iter().filter(|e| actor.may(e.0)).map(|(_, href, entry)| item(href, entry, under)));
    }
    if let Some(committee) = committee(actor) {
        nav.push(item(format!("/tc/{committee}/buc-tranh"), Under::Board, under));
        nav.push(item(format!("/tc/{committee}/dinh-huong"), Under::Guidance, under));
    }
    if actor.may(Right::OrgManage) || actor.may(Right::MeetingLead) {
        // The technical administrator arranges without reading figures.
        let page = if actor.may(Right::CellStats) { "" } else { "/quan-ly" };
        nav.push(item(format!("/tc/{org}{page}"), Under::Org, under));
    }
    if actor.may(Right::SystemAdmin) {
        nav.push(item(format!("/tc/{org}/he-thong"), Under::System, under));
    }
    nav.push(NavItem { news: actor.unread, ..item("/toi/nhiem-vu".to_owned(), Under::MyTasks, under) });
    nav.push(item("/toi".to_owned(), Under::Me, under));
    let others: Vec<&Place> = actor.places.iter().filter(|p| p.org != org).collect();
    if !others.is_empty() {
        nav.push(NavItem { label: "Nơi khác của đồng chí".to_owned(), ..NavItem::default() });
        nav.extend(others.into_iter().map(|p| NavItem { href: place_href(p), label: p.name.clone(), ..NavItem::default() }));
    }
    nav
}

/// The committee whose cells the person looks at: that of the page, or the first they have a post in.
fn committee(actor: &Actor) -> Option<OrgId> {
    if !actor.standpoint.is_cell && actor.may(Right::CellStats) {
        return Some(actor.org);
    }
    let posts = [Role::Secretary, Role::Deputy, Role::Standing, Role::Committee, Role::Clerk];
    let place = actor.places.iter().find(|p| !p.is_cell && p.roles.iter().any(|r| posts.contains(r)));
    place.map(|p| p.org)
}

/// The page a place opens with.
pub fn place_href(place: &Place) -> String {
    let technical = !place.roles.is_empty() && place.roles.iter().all(|r| *r == Role::Admin) && place.membership.is_none();
    match (place.is_cell, technical) {
        (_, true) => format!("/tc/{}/quan-ly", place.org),
        (true, false) => format!("/cb/{}/buoi", place.org),
        (false, false) => format!("/tc/{}", place.org),
    }
}

/// Someone without any post: five entries are all they need, on the phone at the foot of the page.
fn plain_member(actor: &Actor) -> bool {
    actor.places.len() == 1 && actor.places.iter().all(|p| p.roles.is_empty()) && actor.standpoint.is_cell
}

fn short_nav(actor: &Actor, under: Under) -> Vec<NavItem> {
    let entry =
        |href: String, label: &str, entry: Under| NavItem { href, label: label.to_owned(), current: entry == under, news: 0 };
    let mut nav = vec![entry("/".to_owned(), "Trang đầu", Under::Home)];
    let org = actor.org;
    if actor.may(Right::CellRead) {
        nav.push(entry(format!("/cb/{org}/buoi"), "Sinh hoạt", Under::Meetings));
    }
    nav.push(NavItem { news: actor.unread, ..entry("/toi/nhiem-vu".to_owned(), "Nhiệm vụ", Under::MyTasks) });
    if actor.may(Right::CellRead) {
        nav.push(entry(format!("/cb/{org}/so-bien-ban"), "Văn bản", Under::Book));
    }
    nav.push(entry("/toi".to_owned(), "Hồ sơ", Under::Me));
    nav
}

/// Words shown after an action, named in the address by a short code; nothing else may be put
/// on a page through an address.
pub fn done_words(code: Option<&str>) -> &'static str {
    match code {
        Some("luu") => "Đã lưu.",
        Some("tao") => "Đã tạo.",
        Some("gui") => "Đã gửi thông báo.",
        Some("dong-y") => "Đã ghi câu trả lời của đồng chí.",
        Some("mo") => "Đã khai mạc. Danh sách phải dự đã được chốt.",
        Some("dong") => "Đã kết thúc buổi sinh hoạt.",
        Some("thong-qua") => "Đã thông qua biên bản.",
        Some("khoa") => "Đã khóa biên bản. Nội dung từ nay không thay đổi.",
        Some("nhap") => "Đã nhập danh sách.",
        Some("hoan") => "Đã hoàn tác.",
        Some("mat-khau") => "Đã đổi mật khẩu. Các phiên khác đã kết thúc.",
        Some("ket-thuc") => "Đã kết thúc các phiên khác.",
        Some("tra-loi") => "Đã gửi.",
        Some("bao-cao") => "Đã gửi báo cáo kết quả.",
        Some("xac-nhan") => "Đã xác nhận hoàn thành.",
        Some("tra-lai") => "Đã trả lại để làm tiếp.",
        Some("quyet-dinh") => "Đã ghi quyết định.",
        Some("huy") => "Đã hủy.",
        Some("danh-dau") => "Đã đánh dấu chỗ cần sửa.",
        Some("nhiem-vu") => "Đã đưa vào dự thảo nghị quyết.",
        Some("loi-ghi") => "Đã ghi ý kiến của đồng chí về lời ghi.",
        Some("tham-do") => "Đã ghi câu trả lời, không kèm tên.",
        Some("nhap-giay") => "Đã lưu các nội dung nhập từ giấy.",
        Some("ghep") => "Đã ghép bản của đồng chí với bản vừa được lưu.",
        Some("cap-nhat") => "Đã cập nhật những phần chưa sửa tay theo số liệu đã ghi.",
        Some("mo-lai") => "Đã mở lại.",
        Some("dinh-chinh") => "Đã lập bản đính chính. Bản cũ giữ nguyên.",
        Some("sap-xep") => "Đã thực hiện kế hoạch. Những gì ghi trước ngày có hiệu lực giữ nguyên.",
        Some("bo") => "Đã bỏ bản xem trước. Không có gì được ghi.",
        Some("khoa-tk") => "Đã khóa tài khoản và kết thúc các phiên đang mở.",
        Some("mo-tk") => "Đã mở lại tài khoản.",
        Some("phien") => "Đã kết thúc các phiên đang mở.",
        Some("chuyen") => "Đã ghi chuyển sinh hoạt.",
        Some("kiem-tra") => "Đã kiểm tra tệp dữ liệu.",
        Some("mo-bq") => "Đã mở biểu quyết. Danh sách được biểu quyết đã chốt.",
        Some("bq") => "Đã ghi ý kiến biểu quyết của đồng chí.",
        Some("dong-bq") => "Đã kết thúc biểu quyết.",
        Some("rut-bq") => "Đã rút lần biểu quyết. Không có kết quả nào được ghi.",
        Some("ban-kp") => "Đã lập ban kiểm phiếu.",
        Some("kiem") => "Đã ghi số liệu kiểm phiếu.",
        Some("cham") => "Đã lưu bảng điểm của buổi sinh hoạt.",
        Some("mo-nd") => "Đã mở cho cấp ủy xem. Mỗi lượt xem đều được ghi lại.",
        Some("dong-nd") => "Đã đóng. Cấp ủy không xem được nữa.",
        Some("da-dang") => "Đã đánh dấu đăng lên Sổ tay đảng viên điện tử.",
        _ => "",
    }
}

/// The part of an address that says what has just been done.
#[derive(Debug, Clone, Default, serde::Deserialize)]
pub struct Done {
    /// Code of the words.
    pub xong: Option<String>,
}

impl Done {
    /// The words.
    pub fn words(&self) -> &'static str {
        done_words(self.xong.as_deref())
    }
}
