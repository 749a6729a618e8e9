//! Enumerations that are stored as short ASCII words. One macro gives the word, the way
//! back and the official Vietnamese label, so that database, pages and documents agree.

/// A closed set of words.
pub trait Code: Copy + Eq + Sized + 'static {
    /// Every value, in the order pages list them.
    const ALL: &'static [Self];
    /// The word stored in a row and used in a form.
    fn code(self) -> &'static str;
    /// What a user reads.
    fn label(self) -> &'static str;
    /// The value of a stored word.
    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|v| v.code() == code)
    }
}

/// Declares an enumeration with its stored words and Vietnamese labels.
///
/// ```
/// domain::codes! {
///     /// How a member took part.
///     pub enum Answer { /// Will come.
///         Coming = "coming" / "Sẽ dự", /// Will not.
///         Away = "away" / "Xin vắng" }
/// }
/// use domain::code::Code;
/// assert_eq!(Answer::from_code("away"), Some(Answer::Away));
/// ```
#[macro_export]
macro_rules! codes {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$vmeta:meta])* $var:ident = $code:literal / $label:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vmeta])* $var),* }
        impl $crate::code::Code for $name {
            const ALL: &'static [Self] = &[$(Self::$var),*];
            fn code(self) -> &'static str { match self { $(Self::$var => $code),* } }
            fn label(self) -> &'static str { match self { $(Self::$var => $label),* } }
        }
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str($crate::code::Code::label(*self))
            }
        }
    };
}
