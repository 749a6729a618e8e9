//! Unicode is safe (P-29): whatever a form is sent, what is stored is NFC without control,
//! direction or zero-width characters, or it is refused with a sentence.

use db::{Engine, Tx};
use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::client::pairs;
use crate::html::Form;
use crate::pages::{every_page, learn, plausible};
use crate::site::{PASSWORD, each};
use crate::world::{Spot, World};

/// What is put into a text, and whether it may be stored (cleaned) at all.
const TEXTS: &[(&str, &str, bool)] = &[
    ("NFD", "Nghi\u{323} quye\u{302}\u{301}t u\u{309}y Đa\u{309}ng ho\u{301}a", true),
    ("marks in the wrong order", "ti\u{302}\u{323}e\u{323}\u{302}n", true),
    ("no-break space", "Chi\u{a0}bộ\u{3000}mẫu", true),
    ("emoji", "Chi bộ 👍🏽 vững mạnh 🇻🇳", true),
    ("compatibility letters", "ｃｈｉ ﬁ ①", true),
    ("Hán Nôm beyond the first plane", "chữ 𡨸喃", true),
    ("zero width", "Nguy\u{200b}ễn", false),
    ("word joiner", "a\u{2060}b", false),
    ("byte order mark", "\u{feff}Chi bộ", false),
    ("bidi override", "bien-ban\u{202e}xcod.exe", false),
    ("bidi isolate", "a\u{2066}b\u{2069}", false),
    ("NUL", "a\u{0}b", false),
    ("escape", "a\u{1b}[31mb", false),
    ("C1 control", "a\u{85}b", false),
    ("soft hyphen", "nghị\u{ad}quyết", false),
    ("tags", "a\u{e0041}b", false),
    ("no character", "a\u{fffe}b", false),
];

/// Every stored text that is not as it should be.
fn stored_faults(world: &World) -> Vec<String> {
    let read = |tx: &mut Tx| {
        let mut out = Vec::new();
        let columns: Vec<(String, String)> = tx.all(
            "select t.name, c.name from pragma_table_list t join pragma_table_info(t.name) c where t.schema = 'main'
             and t.type = 'table' and lower(c.type) = 'text' and t.name not like 'sqlite\\_%' escape '\\'",
            &[],
        )?;
        for (table, column) in columns {
            let sql = format!("select distinct \"{column}\" from \"{table}\" where \"{column}\" is not null");
            for (text,) in tx.all::<(String,)>(&sql, &[])? {
                // The folded forms for search are taken apart on purpose, but hold no hidden signs either.
                if !is_nfc(&text) || domain::vi::clean_text(&text).is_err() {
                    out.push(format!("{table}.{column}: {text:?}"));
                }
            }
        }
        Ok::<_, db::Error>(out)
    };
    world.app.db.read_now(read).unwrap()
}

/// What a run did.
#[derive(Default)]
struct Tally {
    sent: usize,
    stored: usize,
    refused: usize,
    wrong: Vec<String>,
}

/// Deals the texts out over the fields; each round begins at another text. `NEP_UNICODE_ROUNDS`
/// as many as there are texts puts each text into each field.
#[test]
fn what_is_stored_is_nfc_and_free_of_hidden_signs() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let rounds = std::env::var("NEP_UNICODE_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(3);
    let mut tally = Tally::default();
    for round in 0..rounds {
        let world = World::on(Engine::Sqlite).unwrap();
        assert_eq!(stored_faults(&world), Vec::<String>::new());
        runtime.block_on(one_round(&world, round * 7, &mut tally));
        tally.wrong.extend(stored_faults(&world).into_iter().map(|f| format!("stored {f}")));
    }
    println!("{} texts sent, {} taken, {} refused with a sentence", tally.sent, tally.stored, tally.refused);
    let wrong = &tally.wrong;
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
}

async fn one_round(world: &World, mut next: usize, tally: &mut Tally) {
    for role in ["secretary", "member", "upper_secretary", "upper_clerk"] {
        let client = world.client(role);
        let urls = every_page(world, &[Spot::Cell, Spot::Committee]);
        for form in learn(&client, &urls).await.iter().filter(|f| f.method == "post" && !f.action.contains("/dang-")) {
            let count = dressed(form, "").len();
            for at in 0..count {
                let (what, text, storable) = TEXTS[next % TEXTS.len()];
                next += 1;
                let (field, fields) = dressed(form, text).swap_remove(at);
                let answer = client.act(&form.action, &fields).await;
                let said = answer.status == 422 && answer.text().contains("đồng chí hãy xóa ký tự đó");
                tally.sent += 1;
                tally.refused += usize::from(said);
                tally.stored += usize::from(answer.status == 303);
                if answer.status >= 500 || (said && storable) {
                    tally.wrong.push(format!("{what} in {field} of {}: {}", form.action, answer.status));
                }
            }
        }
    }
}

/// The form with the text in each of its fields in turn: hidden ones and choices too.
fn dressed(form: &Form, text: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut out = Vec::new();
    for field in form.fields.iter().filter(|f| f.name != "_k" && f.kind != "password" && f.kind != "file") {
        let mut fields = plausible(form);
        fields.retain(|(k, _)| *k != field.name);
        fields.push((field.name.clone(), text.to_owned()));
        out.push((field.name.clone(), fields));
    }
    out
}

#[test]
fn a_name_or_password_typed_with_another_keyboard_is_the_same() {
    each(|site| async move {
        let apart = |text: &str| text.nfd().collect::<String>();
        for (name, password) in [
            ("Nguyễn Thị Hà".to_owned(), PASSWORD.to_owned()),
            (apart("Nguyễn Thị Hà"), PASSWORD.to_owned()),
            ("nguyenthiha".to_owned(), apart(PASSWORD)),
        ] {
            let client = crate::client::Client::new(&nep::app::router(site.app.clone()), "keyboard");
            let answer = client.post("/dang-nhap", &pairs(&[("ten", &name), ("mat_khau", &password)])).await;
            assert_eq!(answer.status, 303, "{name:?} with {password:?}");
        }
    });
}
