//! The routes that ask for no post: open to everybody, to whoever is signed in, or to every member of the
//! cell. A route that gets a weaker right by mistake appears here and fails; one that is meant to be this
//! open is written down, so that two hands agree on it (P-10).

use std::collections::BTreeSet;

use domain::right::Right;
use nep::app::table;

/// Method and path, as the routing table has them, in the order of paths.
const OPEN: &[&str] = &[
    "/ GET SignedIn",
    "/cb/{org}/cham-diem GET ScoreRead",
    "/cb/{org}/cham-diem/{year} GET ScoreRead",
    "/cb/{org}/buoi/{meeting}/cham-diem GET ScoreRead",
    "/cb/{org}/buoi GET NoticeRead",
    "/cb/{org}/buoi/{meeting} GET NoticeRead",
    "/cb/{org}/buoi/{meeting}/bien-ban GET CellRead",
    "/cb/{org}/buoi/{meeting}/bieu-quyet/{ballot} GET CellRead",
    "/cb/{org}/buoi/{meeting}/bieu-quyet/{ballot} POST CellRead",
    "/cb/{org}/buoi/{meeting}/bieu-quyet/{ballot}/kiem-phieu GET CellRead",
    "/cb/{org}/buoi/{meeting}/bieu-quyet/{ballot}/kiem-phieu POST CellRead",
    "/cb/{org}/buoi/{meeting}/dien-bien GET CellRead",
    "/cb/{org}/buoi/{meeting}/loi-ghi/{contribution} POST CellRead",
    "/cb/{org}/buoi/{meeting}/man-chieu GET CellRead",
    "/cb/{org}/buoi/{meeting}/nghi-quyet GET CellRead",
    "/cb/{org}/buoi/{meeting}/phat-bieu POST CellRead",
    "/cb/{org}/buoi/{meeting}/tham-do POST CellRead",
    "/cb/{org}/buoi/{meeting}/tra-loi POST CellRead",
    "/cb/{org}/buoi/{meeting}/tu-diem-danh GET CellRead",
    "/cb/{org}/buoi/{meeting}/tu-diem-danh POST CellRead",
    "/cb/{org}/buoi/{meeting}/xin-vang GET CellRead",
    "/cb/{org}/buoi/{meeting}/y-kien GET CellRead",
    "/cb/{org}/buoi/{meeting}/y-kien POST CellRead",
    "/cb/{org}/buoi/{meeting}/y-kien/{opinion}/bo POST CellRead",
    "/cb/{org}/chuyen-de/{year} GET CellRead",
    "/cb/{org}/chuyen-de/{year} POST CellRead",
    "/cb/{org}/chuyen-de/{year}/{topic}/rut POST CellRead",
    "/cb/{org}/chuyen-de/{year}/{topic}/ung-ho POST CellRead",
    "/cb/{org}/kho GET CellRead",
    "/cb/{org}/kho/bai/{source}/{entry} GET CellRead",
    "/cb/{org}/kho/bai/{source}/{entry}/tep/{copy} GET CellRead",
    "/cb/{org}/ky/{period} GET CellRead",
    "/cb/{org}/mo-noi-dung GET CellRead",
    "/cb/{org}/mo-noi-dung/{opening} GET CellRead",
    "/cb/{org}/nam GET CellRead",
    "/cb/{org}/nam/{year} GET CellRead",
    "/cb/{org}/nhiem-vu GET CellRead",
    "/cb/{org}/nhiem-vu-cham GET CellRead",
    "/cb/{org}/nhiem-vu.xlsx GET CellRead",
    "/cb/{org}/nhiem-vu/{task} GET CellRead",
    "/cb/{org}/nhiem-vu/{task}/bao-cao POST TaskAct",
    "/cb/{org}/nhiem-vu/{task}/don-doc POST TaskAct",
    "/cb/{org}/nhiem-vu/{task}/nguyen-nhan POST TaskAct",
    "/cb/{org}/nhiem-vu/{task}/tra-lai POST TaskAct",
    "/cb/{org}/nhiem-vu/{task}/xac-nhan POST TaskAct",
    "/cb/{org}/so-bien-ban GET CellRead",
    "/cb/{org}/so-bien-ban/{year} GET CellRead",
    "/cb/{org}/so-bien-ban/{year}/pdf GET CellRead",
    "/cb/{org}/so-bien-ban/{year}/xlsx GET CellRead",
    "/cb/{org}/tai-lieu GET CellRead",
    "/cb/{org}/tai-lieu/{guidance} GET CellRead",
    "/cb/{org}/tai-lieu/{guidance} POST CellRead",
    "/cb/{org}/tai-lieu/{guidance}/tep/{paper} GET CellRead",
    "/cb/{org}/tep/{file} GET NoticeRead",
    "/cb/{org}/van-ban/{issued} GET CellRead",
    "/cb/{org}/van-ban/{issued}/docx GET CellRead",
    "/cb/{org}/van-ban/{issued}/pdf GET CellRead",
    "/dang-nhap GET Public",
    "/dang-nhap POST Public",
    "/dang-xuat POST SignedIn",
    "/kich-hoat GET Public",
    "/kich-hoat POST Public",
    "/lich/{link} GET Public",
    "/thiet-lap GET Public",
    "/thiet-lap POST Public",
    "/tim GET SignedIn",
    "/toi GET SignedIn",
    "/toi/co-chu POST SignedIn",
    "/toi/du-lieu.json GET SignedIn",
    "/toi/ghi-nhan/{note} GET SignedIn",
    "/toi/ghi-nhan/{note}/da-khac-phuc POST SignedIn",
    "/toi/ghi-nhan/{note}/y-kien POST SignedIn",
    "/toi/ket-thuc-phien POST SignedIn",
    "/toi/lich GET SignedIn",
    "/toi/lich POST SignedIn",
    "/toi/mat-khau POST SignedIn",
    "/toi/nhiem-vu GET SignedIn",
    "/toi/tai-khoan GET SignedIn",
    "/toi/tam-tu GET SignedIn",
    "/toi/tam-tu POST SignedIn",
    "/toi/tam-tu/{concern} GET SignedIn",
    "/toi/tam-tu/{concern} POST SignedIn",
    "/toi/tam-tu/{concern}/dong-y POST SignedIn",
    "/toi/thu GET SignedIn",
    "/toi/thu POST SignedIn",
    "/toi/thu/ma POST SignedIn",
    "/toi/thu/tat POST SignedIn",
    "/toi/tin GET SignedIn",
    "/toi/tin/da-doc POST SignedIn",
    "/toi/xet-vang/{case} GET SignedIn",
    "/toi/xet-vang/{case} POST SignedIn",
    "/toi/xet-vang/{case}/pdf GET SignedIn",
    "/tro-giup GET Public",
    "/tro-giup/{vai} GET Public",
    "/van-ban.css GET Public",
];

#[test]
fn what_asks_for_no_post_is_written_down() {
    let weak = [Right::Public, Right::SignedIn, Right::NoticeRead, Right::CellRead, Right::TaskAct, Right::ScoreRead];
    let found: BTreeSet<String> =
        table().iter().filter(|l| weak.contains(&l.right)).map(|l| format!("{} {} {:?}", l.path, l.method, l.right)).collect();
    let written: BTreeSet<String> = OPEN.iter().map(|s| (*s).to_owned()).collect();
    let more: Vec<&String> = found.difference(&written).collect();
    let gone: Vec<&String> = written.difference(&found).collect();
    assert!(more.is_empty() && gone.is_empty(), "open and not written down: {more:#?}\nwritten down and not so open: {gone:#?}");
}
