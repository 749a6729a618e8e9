-- What cells send up to be studied and spread, its review and publication, and what other cells make of
-- it (CB-07, L5, L9, M11). An entry that was withheld keeps no word: only that its topic was held.
create table library_entry (
  org_id bigint not null,
  entry_id bigint not null,
  kind text not null,
  state text not null,
  period text collate "C",
  year bigint not null,
  subject text not null,
  cell_type text,
  title text not null,
  aim text not null,
  content text not null,
  result text not null,
  folded text not null,
  presenter text not null,
  presenter_agrees bigint not null default 0,
  remarks text,
  author_id bigint not null,
  made_at bigint not null,
  submitted_at bigint,
  confirmed_by bigint,
  decided_at bigint,
  decided_by bigint,
  published_org bigint,
  version bigint not null default 1,
  primary key (org_id, entry_id)
);
create unique index library_entry_by_period on library_entry (org_id, period) where state <> 'withdrawn';
create index library_entry_published on library_entry (published_org, state);
create index library_entry_by_author on library_entry (author_id);

create table library_file (
  org_id bigint not null,
  entry_id bigint not null,
  file_id bigint not null,
  name text not null,
  media_type text not null,
  size bigint not null,
  confirmed_by bigint not null,
  added_at bigint not null,
  primary key (org_id, entry_id, file_id)
);
-- Apart, so that lists of files do not drag their contents along.
create table library_body (
  org_id bigint not null,
  file_id bigint not null,
  body bytea not null,
  primary key (org_id, file_id)
);

-- An entry taken by a cell into one of its kỳ. The text it adapted is the plan of that kỳ.
create table library_use (
  org_id bigint not null,
  use_id bigint not null,
  source_org bigint not null,
  entry_id bigint not null,
  period text collate "C" not null,
  state text not null,
  title text not null,
  cell_type text,
  worked text,
  amend text,
  speakers bigint,
  taken_by bigint not null,
  taken_at bigint not null,
  reported_at bigint,
  version bigint not null default 1,
  primary key (org_id, use_id)
);
create unique index library_use_by_period on library_use (org_id, period) where state <> 'dropped';
create index library_use_by_source on library_use (source_org, entry_id);
