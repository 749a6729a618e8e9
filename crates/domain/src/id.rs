//! Typed identifiers. An id is a 63-bit, time-ordered integer made by the application;
//! it is unique inside its organisation, never reused, and carries no meaning.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

/// An identifier of a `K`. Two ids of different kinds cannot be mixed up.
pub struct Id<K>(pub i64, PhantomData<fn() -> K>);

impl<K> Id<K> {
    /// Wraps a raw identifier read from a row or a URL.
    pub const fn new(raw: i64) -> Self {
        Self(raw, PhantomData)
    }

    /// The raw identifier, for a row or a URL.
    pub const fn raw(self) -> i64 {
        self.0
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}
impl<K> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<K> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}
impl<K> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
impl<K> std::str::FromStr for Id<K> {
    type Err = std::num::ParseIntError;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        s.parse().map(Self::new)
    }
}
impl<K> serde::Serialize for Id<K> {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_i64(self.0)
    }
}
impl<'de, K> serde::Deserialize<'de> for Id<K> {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        i64::deserialize(d).map(Self::new)
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident => $alias:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub enum $kind {}
        #[doc = concat!("Identifier of a [`", stringify!($kind), "`].")]
        pub type $alias = Id<$kind>;
    )*};
}

kinds! {
    /// A Party organisation of any level (tổ chức đảng).
    OrgKind => OrgId;
    /// A person: a Party member wherever the membership lies.
    PersonKind => PersonId;
    /// A dated membership of a person in a cell.
    MembershipKind => MembershipId;
    /// A post held for a time.
    PostKind => PostId;
    /// A term of an organisation (nhiệm kỳ).
    TermKind => TermId;
    /// A log-in account.
    AccountKind => AccountId;
    /// A meeting (buổi sinh hoạt).
    MeetingKind => MeetingId;
    /// An item of an agenda (mục chương trình).
    ItemKind => ItemId;
    /// A vote taken in a meeting (biểu quyết).
    VoteKind => VoteId;
    /// The taking of a vote from its opening to its result (lần biểu quyết).
    BallotKind => BallotId;
    /// A resolution (nghị quyết).
    ResolutionKind => ResolutionId;
    /// A task of a resolution (nhiệm vụ).
    TaskKind => TaskId;
    /// An issued, sealed document (văn bản đã ban hành).
    IssuedKind => IssuedId;
    /// An uploaded file.
    FileKind => FileId;
    /// Any other row.
    RowKind => RowId;
}
