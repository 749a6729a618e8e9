-- Searching: one row for whatever may be found, kept in the transaction that changes it, and its words.
-- `need` says who finds it: a right in the owning organisation, or only the person. A person belongs to
-- no organisation (0). The index of words is each engine's own; `doc_id` ties the two together.
create table search_doc (
  doc_id integer not null primary key,
  org_id bigint not null,
  kind text not null,
  object_id bigint not null,
  need text not null,
  person_id bigint,
  on_date text not null,
  path text not null,
  title text not null,
  body text not null
);
create unique index search_doc_by_object on search_doc (org_id, kind, object_id);
create virtual table search_words using fts5 (scope, title, body, exact, content = '', contentless_delete = 1, tokenize = 'ascii');

-- How many the committee has, as the congress of the term decided (L10).
alter table term add column seats bigint;
