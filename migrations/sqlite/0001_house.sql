-- Organisations. `path` is the present place in the tree; the dated edges are the history.
create table org (
  org_id bigint not null primary key,
  path text not null,
  is_cell bigint not null,
  born_on text not null,
  ended_on text,
  version bigint not null default 1
);
create unique index org_by_path on org (path);

-- What an organisation was called and what kind it was, by date (TC-20 … TC-26).
create table org_name (
  org_id bigint not null,
  from_date text not null,
  to_date text,
  name text not null,
  short_name text not null,
  folded text not null,
  kind text not null,
  symbol text not null,
  place text not null,
  cell_type text,
  pilot bigint not null default 0,
  document text,
  primary key (org_id, from_date)
);

create table org_edge (
  org_id bigint not null,
  from_date text not null,
  to_date text,
  parent_id bigint,
  path text not null,
  document text,
  primary key (org_id, from_date)
);
create index org_edge_by_parent on org_edge (parent_id, to_date);

-- Splits, merges, moves, dissolutions: what came from what.
create table org_change (
  org_id bigint not null,
  change_id bigint not null,
  on_date text not null,
  kind text not null,
  other_id bigint,
  document text,
  at bigint not null,
  by_person bigint,
  primary key (org_id, change_id)
);

create table term (
  org_id bigint not null,
  term_id bigint not null,
  name text not null,
  from_date text not null,
  to_date text,
  primary key (org_id, term_id)
);

create table rule_override (
  org_id bigint not null,
  key text not null,
  from_date text not null,
  to_date text,
  value text not null,
  document text not null,
  at bigint not null,
  by_person bigint,
  primary key (org_id, key, from_date)
);

-- A person outlives every cell; the owning organisation is the one that entered them first.
create table person (
  person_id bigint not null primary key,
  name text not null,
  sort_key text not null,
  folded text not null,
  birth_year bigint,
  admitted_on text,
  official_on text,
  card_number text,
  phone text,
  email text,
  ics_token text,
  text_size bigint not null default 18,
  created_at bigint not null,
  version bigint not null default 1
);
create index person_by_folded on person (folded, birth_year);
create unique index person_by_ics on person (ics_token);

-- A dated stay of a person in a cell with one standing; history is never rewritten.
create table membership (
  org_id bigint not null,
  membership_id bigint not null,
  person_id bigint not null,
  standing text not null,
  from_date text not null,
  to_date text,
  number bigint not null,
  name text not null,
  sort_key text not null,
  reason text,
  document text,
  import_id bigint,
  version bigint not null default 1,
  primary key (org_id, membership_id)
);
create index membership_by_date on membership (org_id, to_date, sort_key);
create index membership_by_person on membership (person_id, to_date);

create table post (
  org_id bigint not null,
  post_id bigint not null,
  person_id bigint not null,
  role text not null,
  from_date text not null,
  to_date text,
  document text,
  import_id bigint,
  primary key (org_id, post_id)
);
create index post_by_person on post (person_id, to_date);
create index post_by_role on post (org_id, role, to_date);

create table account (
  account_id bigint not null primary key,
  person_id bigint not null,
  login text not null,
  password_hash text not null,
  disabled bigint not null default 0,
  created_at bigint not null,
  changed_at bigint not null
);
create unique index account_by_person on account (person_id);
create unique index account_by_login on account (login);

-- Printed slips: the code itself is kept only as a hash.
create table activation (
  code_hash text not null primary key,
  person_id bigint not null,
  org_id bigint not null,
  made_at bigint not null,
  expires_at bigint not null,
  used_at bigint
);
create index activation_by_person on activation (person_id);

create table session (
  token_hash text not null primary key,
  account_id bigint not null,
  person_id bigint not null,
  csrf text not null,
  device text not null,
  shared bigint not null default 0,
  created_at bigint not null,
  seen_at bigint not null
);
create index session_by_account on session (account_id);

-- Devices an account has signed in from: strangers who guess cannot lock these out.
create table device (
  account_id bigint not null,
  device text not null,
  first_at bigint not null,
  last_at bigint not null,
  primary key (account_id, device)
);

create table login_attempt (
  key text not null,
  at bigint not null,
  seq bigint not null,
  primary key (key, at, seq)
);

-- The installation's own settings: set-up code hash, signing key reference, schema notes.
create table setting (
  key text not null primary key,
  value text not null
);

create table import_batch (
  org_id bigint not null,
  import_id bigint not null,
  file_name text not null,
  state text not null,
  plan text not null,
  created_at bigint not null,
  by_person bigint,
  accepted_at bigint,
  undone_at bigint,
  version bigint not null default 1,
  primary key (org_id, import_id)
);

-- What an accepted import did, so that it can be taken back within 24 hours.
create table import_change (
  org_id bigint not null,
  import_id bigint not null,
  seq bigint not null,
  kind text not null,
  row_id bigint not null,
  before text,
  primary key (org_id, import_id, seq)
);

-- Who did what, chained per organisation so that a change of the past shows.
create table audit (
  org_id bigint not null,
  seq bigint not null,
  at bigint not null,
  person_id bigint,
  action text not null,
  object text not null,
  detail text not null,
  prev_hash text not null,
  hash text not null,
  primary key (org_id, seq)
);
create index audit_by_object on audit (org_id, object, seq);
create table audit_head (
  org_id bigint not null primary key,
  seq bigint not null,
  hash text not null
);
