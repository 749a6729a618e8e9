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
