//! The packs that come with the product, embedded in it.
//! Touches the files of `rulepacks/`, at compile time. Rules: regulations.md section 11.

use super::{Library, PackError};

/// Names and texts of the shipped packs, in the order they are read.
const FILES: &[(&str, &str)] = &[
    ("van-ban.toml", include_str!("../../../../rulepacks/van-ban.toml")),
    ("dieu-le.toml", include_str!("../../../../rulepacks/dieu-le.toml")),
    ("sinh-hoat-ct10.toml", include_str!("../../../../rulepacks/sinh-hoat-ct10.toml")),
    ("sinh-hoat-hd12.toml", include_str!("../../../../rulepacks/sinh-hoat-hd12.toml")),
    ("sinh-hoat-ct50.toml", include_str!("../../../../rulepacks/sinh-hoat-ct50.toml")),
    ("sinh-hoat-hd42.toml", include_str!("../../../../rulepacks/sinh-hoat-hd42.toml")),
    ("cham-diem-hd42.toml", include_str!("../../../../rulepacks/cham-diem-hd42.toml")),
    ("cham-diem-an-phu.toml", include_str!("../../../../rulepacks/cham-diem-an-phu.toml")),
    ("cham-diem-phu-tho.toml", include_str!("../../../../rulepacks/cham-diem-phu-tho.toml")),
    ("cham-diem-binh-thuan.toml", include_str!("../../../../rulepacks/cham-diem-binh-thuan.toml")),
    ("the-thuc-hd36.toml", include_str!("../../../../rulepacks/the-thuc-hd36.toml")),
    ("the-thuc-hd05.toml", include_str!("../../../../rulepacks/the-thuc-hd05.toml")),
    ("to-chuc.toml", include_str!("../../../../rulepacks/to-chuc.toml")),
    ("xep-loai.toml", include_str!("../../../../rulepacks/xep-loai.toml")),
    ("chi-tieu.toml", include_str!("../../../../rulepacks/chi-tieu.toml")),
    ("mo-noi-dung.toml", include_str!("../../../../rulepacks/mo-noi-dung.toml")),
    ("soat-nghi-quyet.toml", include_str!("../../../../rulepacks/soat-nghi-quyet.toml")),
    ("san-pham.toml", include_str!("../../../../rulepacks/san-pham.toml")),
];

/// The packs of the product.
///
/// # Errors
/// [`PackError`] if a shipped pack is wrong; a test holds that none is.
pub fn shipped() -> Result<Library, PackError> {
    Library::parse(FILES)
}
