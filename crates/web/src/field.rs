//! Fields of a form as pages show them: label, hint, what is wrong, the control with what was typed.
//! Templates call these through `form.html`. May touch: forms. Knows no feature.

use askama::Template;

use crate::form::Form;

/// A field of one line.
#[derive(Template)]
#[template(path = "field/line.html")]
pub struct Line<'a> {
    form: &'a Form,
    name: &'a str,
    label: &'a str,
    hint: &'a str,
    class: &'a str,
    kind: &'a str,
    complete: &'a str,
}

/// A field of one line; `kind` and `complete` are HTML's `type` and `autocomplete`.
pub fn line<'a>(
    form: &'a Form,
    name: &'a str,
    label: &'a str,
    hint: &'a str,
    class: &'a str,
    kind: &'a str,
    complete: &'a str,
) -> Line<'a> {
    Line { form, name, label, hint, class, kind, complete }
}

/// A field of several lines.
#[derive(Template)]
#[template(path = "field/area.html")]
pub struct Area<'a> {
    form: &'a Form,
    name: &'a str,
    label: &'a str,
    hint: &'a str,
    rows: u32,
}

/// A field of `rows` lines.
pub fn area<'a>(form: &'a Form, name: &'a str, label: &'a str, hint: &'a str, rows: &u32) -> Area<'a> {
    Area { form, name, label, hint, rows: *rows }
}

/// One choice of several.
#[derive(Template)]
#[template(path = "field/pick.html")]
pub struct Pick<'a> {
    form: &'a Form,
    name: &'a str,
    label: &'a str,
    options: Vec<(&'a str, &'a str)>,
    hint: &'a str,
    empty: &'a str,
}

/// One choice of several, each a value with its words; `empty` are the words of no choice, where that is one.
pub fn pick<'a, V: AsRef<str>, W: AsRef<str>>(
    form: &'a Form,
    name: &'a str,
    label: &'a str,
    options: &'a [(V, W)],
    hint: &'a str,
    empty: &'a str,
) -> Pick<'a> {
    let options = options.iter().map(|(value, words)| (value.as_ref(), words.as_ref())).collect();
    Pick { form, name, label, options, hint, empty }
}
