create table resolution (
  org_id bigint not null,
  resolution_id bigint not null,
  meeting_id bigint not null,
  state text not null,
  title text not null,
  assessment text not null,
  direction text not null,
  organising text not null,
  vote_id bigint,
  sealed_id bigint,
  reopen_reason text,
  created_at bigint not null,
  version bigint not null default 1,
  primary key (org_id, resolution_id)
);
create index resolution_by_meeting on resolution (org_id, meeting_id);

create table task (
  org_id bigint not null,
  task_id bigint not null,
  resolution_id bigint not null,
  meeting_id bigint not null,
  position bigint not null,
  content text not null,
  requirement text not null,
  measure text not null,
  deadline text collate "C",
  doer_id bigint,
  checker_id bigint,
  urger_id bigint,
  state text not null,
  in_force bigint not null default 0,
  progress bigint not null default 0,
  done_on text,
  cause text,
  responsibility text,
  cause_note text,
  version bigint not null default 1,
  primary key (org_id, task_id)
);
create index task_by_resolution on task (org_id, resolution_id, position);
create index task_by_state on task (org_id, in_force, state, deadline);
create index task_by_doer on task (doer_id, in_force, state);
create index task_by_checker on task (checker_id, in_force, state);

create table task_event (
  org_id bigint not null,
  event_id bigint not null,
  task_id bigint not null,
  kind text not null,
  body text not null,
  progress bigint,
  file_id bigint,
  at bigint not null,
  by_person bigint not null,
  primary key (org_id, event_id)
);
create index task_event_by_task on task_event (org_id, task_id, at);

-- The sealed records. `content` is the canonical JSON the hash was taken of; no statement
-- of the product updates or deletes a row here.
create table issued (
  org_id bigint not null,
  issued_id bigint not null,
  kind text not null,
  term_id bigint not null,
  number bigint not null,
  number_text text not null,
  issued_on text collate "C" not null,
  title text not null,
  folded text collate "C" not null,
  content text not null,
  content_hash text not null,
  meeting_id bigint,
  corrects_id bigint,
  reason text,
  ledger_org bigint not null,
  ledger_seq bigint not null,
  at bigint not null,
  by_person bigint not null,
  primary key (org_id, issued_id)
);
create unique index issued_by_number on issued (org_id, kind, term_id, number);
create index issued_by_date on issued (org_id, issued_on);

create table number_seq (
  org_id bigint not null,
  kind text not null,
  term_id bigint not null,
  last bigint not null,
  primary key (org_id, kind, term_id)
);

-- One gap-free chain per root organisation: ids and hashes, never content.
create table ledger (
  org_id bigint not null,
  seq bigint not null,
  at bigint not null,
  of_org bigint not null,
  kind text not null,
  object_id bigint not null,
  content_hash text not null,
  prev_hash text not null,
  hash text not null,
  primary key (org_id, seq)
);
create table ledger_head (
  org_id bigint not null primary key,
  seq bigint not null,
  hash text not null
);

-- Sums per cell and month, kept in the transaction that changes the facts.
create table cell_month (
  org_id bigint not null,
  month text collate "C" not null,
  expected bigint not null,
  present bigint not null,
  excused bigint not null,
  unexcused bigint not null,
  leaders_expected bigint not null,
  leaders_present bigint not null,
  speakers bigint not null,
  meetings bigint not null,
  primary key (org_id, month)
);
