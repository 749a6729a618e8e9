//! Pages of accounts.

use askama::Template;
use web::form::Form;

use crate::shell::Shell;

/// Signing in.
#[derive(Template)]
#[template(path = "account/sign_in.html")]
pub struct SignIn {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
}

/// Using an activation slip.
#[derive(Template)]
#[template(path = "account/activate.html")]
pub struct Activate {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// Name on the slip, once the code is known to be right.
    pub name: String,
}

/// After activation: the login name to remember.
#[derive(Template)]
#[template(path = "account/ready.html")]
pub struct Ready {
    /// Frame.
    pub shell: Shell,
    /// What to type to sign in.
    pub login: String,
}

/// First start of an installation.
#[derive(Template)]
#[template(path = "account/set_up.html")]
pub struct SetUp {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// Kinds of organisation to choose from.
    pub kinds: Vec<(String, String)>,
}

/// One open session.
pub struct Session {
    /// When it began.
    pub began: String,
    /// Last use.
    pub seen: String,
    /// Whether it is this one.
    pub this: bool,
    /// Whether others use the machine too.
    pub shared: bool,
}

/// Password, text size and devices.
#[derive(Template)]
#[template(path = "account/settings.html")]
pub struct Settings {
    /// Frame.
    pub shell: Shell,
    /// The form as sent.
    pub form: Form,
    /// Login name.
    pub login: String,
    /// Open sessions.
    pub sessions: Vec<Session>,
}

/// Somebody with or without an account.
pub struct AccountLine {
    /// Who.
    pub person: domain::id::PersonId,
    /// Full name.
    pub name: String,
    /// Where they are.
    pub place: String,
    /// State in words.
    pub state: &'static str,
    /// Its class.
    pub class: &'static str,
    /// Login, last use, or how long the slip lasts.
    pub detail: String,
    /// Whether there is an account.
    pub has: bool,
    /// Whether it is locked.
    pub disabled: bool,
    /// Whether it is the reader's own.
    pub oneself: bool,
    /// Why the reader may not touch it; empty when they may.
    pub beyond: String,
}

/// Accounts of a cell's members or of people with posts.
#[derive(Template)]
#[template(path = "account/manage.html")]
pub struct Manage {
    /// Frame.
    pub shell: Shell,
    /// Name of the organisation.
    pub name: String,
    /// Where forms go.
    pub base: String,
    /// Whether it is a cell.
    pub cell: bool,
    /// People.
    pub lines: Vec<AccountLine>,
    /// How many have no account.
    pub without: usize,
    /// Whether somebody's account can be locked or ended here.
    pub others: bool,
}

/// A slip to cut out.
pub struct PaperSlip {
    /// Full name.
    pub name: String,
    /// Where they are.
    pub place: String,
    /// The code in two groups.
    pub code: String,
    /// Where to type it.
    pub address: String,
    /// Until when.
    pub expires: String,
    /// QR code as the address of a picture.
    pub qr: String,
}

/// Slips on a page, to print from the browser.
#[derive(Template)]
#[template(path = "account/slips.html")]
pub struct Slips {
    /// Frame.
    pub shell: Shell,
    /// The slips.
    pub slips: Vec<PaperSlip>,
}
