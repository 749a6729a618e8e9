-- The present schema, whole. Made of the migrations in order; `make schema` writes it anew.

-- Organisations. `path` is the present place in the tree; the dated edges are the history.
create table org (
  org_id bigint not null primary key,
  path text collate "C" not null,
  is_cell bigint not null,
  born_on text not null,
  ended_on text,
  version bigint not null default 1
);
create unique index org_by_path on org (path);

-- What an organisation was called and what kind it was, by date (TC-20 … TC-26).
create table org_name (
  org_id bigint not null,
  from_date text collate "C" not null,
  to_date text collate "C",
  name text not null,
  short_name text not null,
  folded text collate "C" not null,
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
  from_date text collate "C" not null,
  to_date text collate "C",
  parent_id bigint,
  path text collate "C" not null,
  document text,
  primary key (org_id, from_date)
);
create index org_edge_by_parent on org_edge (parent_id, to_date);

-- Splits, merges, moves, dissolutions: what came from what.
create table org_change (
  org_id bigint not null,
  change_id bigint not null,
  on_date text collate "C" not null,
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
  from_date text collate "C" not null,
  to_date text collate "C",
  primary key (org_id, term_id)
);

create table rule_override (
  org_id bigint not null,
  key text not null,
  from_date text collate "C" not null,
  to_date text collate "C",
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
  sort_key text collate "C" not null,
  folded text collate "C" not null,
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
  from_date text collate "C" not null,
  to_date text collate "C",
  number bigint not null,
  name text not null,
  sort_key text collate "C" not null,
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
  from_date text collate "C" not null,
  to_date text collate "C",
  document text,
  import_id bigint,
  primary key (org_id, post_id)
);
create index post_by_person on post (person_id, to_date);
create index post_by_role on post (org_id, role, to_date);

create table account (
  account_id bigint not null primary key,
  person_id bigint not null,
  login text collate "C" not null,
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

-- What was planned for a kỳ; the kỳ itself exists by rule, without a row (SH-01 … SH-07).
create table period_plan (
  org_id bigint not null,
  period text collate "C" not null,
  planned_at text,
  topic text,
  aim text,
  presenter_id bigint,
  questions text,
  postponed_to text,
  merged_into text,
  reason text,
  version bigint not null default 1,
  primary key (org_id, period)
);

create table meeting (
  org_id bigint not null,
  meeting_id bigint not null,
  kind text not null,
  state text not null,
  title text not null,
  starts_at text collate "C" not null,
  ends_at text collate "C" not null,
  place text not null,
  chair_id bigint,
  secretary_id bigint,
  topic text,
  committee_met_on text,
  noticed_at bigint,
  opened_at text collate "C",
  closed_at text collate "C",
  adopted_at bigint,
  sealed_id bigint,
  posted_at bigint,
  posted_by bigint,
  cancel_reason text,
  dues text,
  version bigint not null default 1,
  primary key (org_id, meeting_id)
);
create index meeting_by_start on meeting (org_id, starts_at);

create table meeting_period (
  org_id bigint not null,
  period text collate "C" not null,
  meeting_id bigint not null,
  primary key (org_id, period, meeting_id)
);
create index meeting_period_by_meeting on meeting_period (org_id, meeting_id);

create table agenda_item (
  org_id bigint not null,
  item_id bigint not null,
  meeting_id bigint not null,
  position bigint not null,
  step text not null,
  part text not null,
  title text not null,
  presenter_id bigint,
  minutes bigint not null,
  points text not null,
  information text not null,
  conclusion text not null,
  secret bigint not null default 0,
  paper_ref text,
  postponed bigint not null default 0,
  version bigint not null default 1,
  primary key (org_id, item_id)
);
create index agenda_item_by_meeting on agenda_item (org_id, meeting_id, position);

create table file (
  org_id bigint not null,
  file_id bigint not null,
  meeting_id bigint,
  item_id bigint,
  task_id bigint,
  name text not null,
  media_type text not null,
  size bigint not null,
  sha256 text not null,
  confirmed_by bigint not null,
  added_at bigint not null,
  primary key (org_id, file_id)
);
create index file_by_meeting on file (org_id, meeting_id);
create table file_body (
  org_id bigint not null,
  sha256 text not null,
  body bytea not null,
  primary key (org_id, sha256)
);

create table notice (
  org_id bigint not null,
  notice_id bigint not null,
  meeting_id bigint not null,
  body text not null,
  sent_at bigint not null,
  sent_by bigint not null,
  lead_minutes bigint not null,
  change_note text,
  told text not null,
  primary key (org_id, notice_id)
);
create index notice_by_meeting on notice (org_id, meeting_id, sent_at);
create table notice_reader (
  org_id bigint not null,
  notice_id bigint not null,
  person_id bigint not null,
  role text not null,
  read_at bigint,
  primary key (org_id, notice_id, person_id)
);
create index notice_reader_by_person on notice_reader (person_id, read_at);

-- A member's answer to the notice: will come, or asks to be absent.
create table reply (
  org_id bigint not null,
  meeting_id bigint not null,
  person_id bigint not null,
  answer text not null,
  reason_kind text,
  reason text,
  answered_at bigint not null,
  decision text,
  decided_by bigint,
  decided_at bigint,
  version bigint not null default 1,
  primary key (org_id, meeting_id, person_id)
);

-- One object from prepared opinion to spoken word to minutes; unsent it stays private.
create table opinion (
  org_id bigint not null,
  opinion_id bigint not null,
  meeting_id bigint not null,
  item_id bigint,
  person_id bigint not null,
  body text not null,
  state text not null,
  wants_floor bigint not null default 0,
  written_at bigint not null,
  version bigint not null default 1,
  primary key (org_id, opinion_id)
);
create index opinion_by_meeting on opinion (org_id, meeting_id);

-- The expected list, frozen when the meeting opens.
create table roll (
  org_id bigint not null,
  meeting_id bigint not null,
  person_id bigint not null,
  number bigint not null,
  name text not null,
  sort_key text collate "C" not null,
  standing text not null,
  official bigint not null,
  leader bigint not null,
  mark text,
  reason text,
  arrived_at text,
  left_at text,
  version bigint not null default 1,
  primary key (org_id, meeting_id, person_id)
);
create index roll_by_person on roll (org_id, person_id, meeting_id);

create table guest (
  org_id bigint not null,
  guest_id bigint not null,
  meeting_id bigint not null,
  name text not null,
  title text not null,
  primary key (org_id, guest_id)
);
create index guest_by_meeting on guest (org_id, meeting_id);

create table contribution (
  org_id bigint not null,
  contribution_id bigint not null,
  meeting_id bigint not null,
  item_id bigint not null,
  person_id bigint not null,
  opinion_id bigint,
  summary text not null,
  said_at bigint not null,
  primary key (org_id, contribution_id)
);
create index contribution_by_meeting on contribution (org_id, meeting_id, said_at);
create index contribution_by_person on contribution (org_id, person_id);

create table vote (
  org_id bigint not null,
  vote_id bigint not null,
  meeting_id bigint not null,
  item_id bigint,
  resolution_id bigint,
  subject text not null,
  question text not null,
  threshold text not null,
  electorate bigint not null,
  present bigint not null,
  yes bigint not null,
  no bigint not null,
  other bigint not null,
  passed bigint not null,
  reserved text not null,
  taken_at bigint not null,
  primary key (org_id, vote_id)
);
create index vote_by_meeting on vote (org_id, meeting_id, taken_at);

-- The present text of each section; every earlier text is a revision.
create table minutes_section (
  org_id bigint not null,
  meeting_id bigint not null,
  section text collate "C" not null,
  position bigint not null,
  title text not null,
  body text not null,
  version bigint not null,
  saved_at bigint not null,
  saved_by bigint not null,
  primary key (org_id, meeting_id, section)
);
create table minutes_revision (
  org_id bigint not null,
  meeting_id bigint not null,
  section text collate "C" not null,
  version bigint not null,
  body text not null,
  saved_at bigint not null,
  saved_by bigint not null,
  save_key text,
  primary key (org_id, meeting_id, section, version)
);
create unique index minutes_revision_by_key on minutes_revision (org_id, save_key);

-- Words that came second when two people wrote one section: kept until somebody joins them (P-8).
create table minutes_aside (
  org_id bigint not null,
  aside_id bigint not null,
  meeting_id bigint not null,
  section text collate "C" not null,
  base_version bigint not null,
  body text not null,
  saved_at bigint not null,
  saved_by bigint not null,
  save_key text,
  joined_at bigint,
  primary key (org_id, aside_id)
);
create index minutes_aside_by_meeting on minutes_aside (org_id, meeting_id, section);
create unique index minutes_aside_by_key on minutes_aside (org_id, save_key);

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

-- What a page asks of one meeting or one person is found without walking through everything else a
-- cell ever kept.
create index task_by_urger on task (urger_id, in_force, state);
create index task_by_org_doer on task (org_id, doer_id, in_force);

drop index meeting_period_by_meeting;
create index meeting_period_by_meeting on meeting_period (org_id, meeting_id, period);
drop index resolution_by_meeting;
create index resolution_by_meeting on resolution (org_id, meeting_id, resolution_id);
drop index file_by_meeting;
create index file_by_meeting on file (org_id, meeting_id, file_id);
drop index guest_by_meeting;
create index guest_by_meeting on guest (org_id, meeting_id, guest_id);
drop index opinion_by_meeting;
create index opinion_by_meeting on opinion (org_id, meeting_id, opinion_id);

-- A running meeting as every open screen sees it. `seq` counts its events: whoever tells one holds
-- this row until the end of the transaction, so numbers become visible in their order, without gaps.
create table room (
  org_id bigint not null,
  meeting_id bigint not null,
  item_id bigint,
  since bigint,
  seq bigint not null default 0,
  primary key (org_id, meeting_id)
);

-- Time used on an item in finished stretches; the running one begins at room.since.
create table item_clock (
  org_id bigint not null,
  meeting_id bigint not null,
  item_id bigint not null,
  used_ms bigint not null,
  primary key (org_id, meeting_id, item_id)
);

-- The queue: one row for each turn.
create table speaker (
  org_id bigint not null,
  speaker_id bigint not null,
  meeting_id bigint not null,
  item_id bigint not null,
  person_id bigint not null,
  opinion_id bigint,
  state text not null,
  spoken_ms bigint not null default 0,
  since bigint,
  asked_at bigint not null,
  contribution_id bigint,
  primary key (org_id, speaker_id)
);
create index speaker_by_meeting on speaker (org_id, meeting_id, item_id);

-- What changed, as number and topic; never content.
create table room_event (
  org_id bigint not null,
  meeting_id bigint not null,
  seq bigint not null,
  topic text not null,
  at bigint not null,
  primary key (org_id, meeting_id, seq)
);

-- The taking of a vote from its opening to its result, over the electorate frozen at the opening.
create table ballot (
  org_id bigint not null,
  ballot_id bigint not null,
  meeting_id bigint not null,
  item_id bigint,
  resolution_id bigint,
  subject text not null,
  question text not null,
  threshold text not null,
  method text not null,
  state text not null,
  names text not null,
  electorate bigint not null,
  present bigint not null,
  round bigint not null default 1,
  reason text,
  opened_at bigint not null,
  closed_at bigint,
  version bigint not null default 1,
  primary key (org_id, ballot_id)
);
create index ballot_by_meeting on ballot (org_id, meeting_id, ballot_id);

-- Votes that keep names have a seat for each of the electorate, with the last word of the person.
-- A secret ballot is on paper: it has no seats, and nothing here leads from a ballot to a voter.
create table vote_seat (
  org_id bigint not null,
  ballot_id bigint not null,
  person_id bigint not null,
  name text not null,
  sort_key text collate "C" not null,
  present bigint not null,
  choice text,
  reserved bigint not null default 0,
  primary key (org_id, ballot_id, person_id)
);

-- Two tellers count paper ballots, each for themself; `marks` has a line of figures for each line of the paper.
create table ballot_teller (
  org_id bigint not null,
  ballot_id bigint not null,
  position bigint not null,
  person_id bigint not null,
  name text not null,
  issued bigint,
  collected bigint,
  valid bigint,
  invalid bigint,
  marks text,
  primary key (org_id, ballot_id, position)
);

alter table vote add column method text not null default 'hands_count';
alter table vote add column ballot_id bigint;

-- What a meeting leaves behind once its words were written: passages to mend, what speakers say of
-- their recorded words, what goes over to the next meeting, and how the meeting was felt.

-- A passage marked while the minutes were read back; it waits at its section until somebody settles it.
create table minutes_mark (
  org_id bigint not null,
  mark_id bigint not null,
  meeting_id bigint not null,
  section text not null,
  passage text not null,
  marked_by bigint not null,
  marked_at bigint not null,
  settled_at bigint,
  primary key (org_id, mark_id)
);
create index minutes_mark_by_meeting on minutes_mark (org_id, meeting_id, mark_id);

-- What a member says of the words recorded as theirs: agrees, or how they would put it. It never
-- changes the words; `body` is the wording that was judged.
create table wording (
  org_id bigint not null,
  contribution_id bigint not null,
  meeting_id bigint not null,
  agrees bigint not null,
  note text not null,
  body text not null,
  said_at bigint not null,
  primary key (org_id, contribution_id)
);
create index wording_by_meeting on wording (org_id, meeting_id);

-- An opinion that was sent and not spoken goes over to the next meeting unless somebody says no.
alter table opinion add column carries bigint not null default 1;
alter table opinion add column carried_from bigint;
create index opinion_by_carried on opinion (org_id, carried_from);

-- The pulse: counters, and apart from them who has answered. The two share no key, no time and no
-- order; `shown` are the counters as they stood when the last group of answers was complete.
create table pulse_count (
  org_id bigint not null,
  meeting_id bigint not null,
  question text not null,
  answer text not null,
  n bigint not null,
  shown bigint not null,
  primary key (org_id, meeting_id, question, answer)
);
create table pulse_done (
  org_id bigint not null,
  meeting_id bigint not null,
  question text not null,
  person_id bigint not null,
  primary key (org_id, meeting_id, question, person_id)
);

-- Which sendings have been carried out: a request that changes something in a running meeting carries
-- a key, kept in the transaction of its change, so that a sending whose answer was lost is not carried
-- out twice. A key belongs to who sent it; old ones go.
create table once (
  org_id bigint not null,
  person_id bigint not null,
  once_key text not null,
  at bigint not null,
  primary key (org_id, person_id, once_key)
);
create index once_by_age on once (org_id, at);

-- Self check-in: the secret of its codes while it is open, who marked a line of the roll, wrong codes
-- of a member, and what a line was before the last entry by number, so that it can be taken back.

alter table room add column code_secret text;
alter table room add column code_since bigint;

alter table roll add column marked_by text;
alter table roll add column marked_at bigint;
alter table roll add column tries bigint not null default 0;
alter table roll add column entry_id bigint;
alter table roll add column was text;

-- Until now only whoever took the roll changed a line.
update roll set marked_by = 'secretary' where version > 1;

-- Why a resolution was adopted although advice on it was left; null when none was.

alter table resolution add column advice_reason text;

-- A scored meeting: one row by the cell itself (scorer 0) and one by each superior, none over another.
-- `content` keeps the sheet as it was filled in, so that no later rule pack changes it.
create table score (
  org_id bigint not null,
  meeting_id bigint not null,
  scorer_id bigint not null,
  sheet text not null,
  total bigint,
  band text,
  content text not null,
  title text not null,
  by_person bigint not null,
  saved_at bigint not null,
  version bigint not null default 1,
  primary key (org_id, meeting_id, scorer_id)
);

-- Following up tasks: when a task was given and since when it stands as it does, the next step and the
-- day asked for apart from the cause, the item it came from; messages with their way out of the program.
-- A person's messages go over all cells, so their keys begin with the person.

alter table task add column given_at bigint;
alter table task add column state_at bigint;
alter table task add column next_step text;
alter table task add column proposed_date text;
alter table task add column cause_for text;
alter table task add column item_id bigint;

create index rule_override_by_key on rule_override (key);

-- One run a day makes the bundles, person by person; `last_person` is how far it got. Whom the run before
-- did not reach, those after `early_person`, are told of everything since `early_at`.
create table reminder_run (
  day text not null primary key,
  after_at bigint not null,
  until_at bigint not null,
  last_person bigint not null,
  early_at bigint,
  early_person bigint,
  done_at bigint
);

-- At most one message a day for each person: kinds and counts, no content.
create table message (
  person_id bigint not null,
  day text not null,
  message_id bigint not null,
  org_id bigint not null,
  counts text not null,
  made_at bigint not null,
  read_at bigint,
  primary key (person_id, day)
);
create unique index message_by_id on message (message_id);
create index message_unread on message (person_id, read_at);

create table message_task (
  person_id bigint not null,
  day text not null,
  org_id bigint not null,
  task_id bigint not null,
  kind text not null,
  primary key (person_id, day, org_id, task_id)
);

create table delivery (
  delivery_id bigint not null primary key,
  message_id bigint not null,
  person_id bigint not null,
  channel text not null,
  state text not null,
  tries bigint not null default 0,
  next_at bigint not null,
  claim text,
  claimed_at bigint,
  why text,
  settled_at bigint,
  made_at bigint not null
);
create unique index delivery_by_message on delivery (message_id, channel);
create index delivery_by_state on delivery (state, next_at);

-- Mail goes only to an address its owner confirmed with a code that was sent there.
create table mail_choice (
  person_id bigint not null primary key,
  address text not null,
  code_hash text,
  code_until bigint,
  tries bigint not null default 0,
  sent_day text,
  sent bigint not null default 0,
  confirmed_at bigint
);

-- A cell's year that stands up to a check. A sealed roll is never rewritten: what a correction
-- (đính chính) says of a line stands beside what was sealed.

alter table roll add column corrected text;
alter table roll add column correction_id bigint;

-- The case of a member who was absent in several months without a reason: the member sees the facts
-- first, each objection is decided, a person confirms the notice (DD-06, DD-11, L7).
create table absence_case (
  org_id bigint not null,
  case_id bigint not null,
  person_id bigint not null,
  year bigint not null,
  state text not null,
  level text not null,
  opened_at bigint not null,
  opened_by bigint not null,
  hear_until text not null,
  seen_at bigint,
  content_at bigint,
  notice text not null,
  reason text,
  issued_id bigint,
  decided_at bigint,
  decided_by bigint,
  version bigint not null default 1,
  primary key (org_id, case_id)
);
create index absence_case_by_person on absence_case (person_id, state);

create table absence_objection (
  org_id bigint not null,
  objection_id bigint not null,
  case_id bigint not null,
  meeting_id bigint not null,
  claim text not null,
  words text not null,
  raised_at bigint not null,
  decision text,
  reason text,
  decided_at bigint,
  decided_by bigint,
  issued_id bigint,
  primary key (org_id, objection_id)
);
create index absence_objection_by_case on absence_objection (org_id, case_id);

-- Praise and criticism of a member, with remedy and deadline (M10).
create table note (
  org_id bigint not null,
  note_id bigint not null,
  person_id bigint not null,
  kind text not null,
  state text not null,
  body text not null,
  remedy text not null,
  deadline text,
  on_date text not null,
  meeting_id bigint,
  item_id bigint,
  answer text not null,
  answered_at bigint,
  done_words text not null,
  done_on text,
  done_by bigint,
  reason text,
  written_at bigint not null,
  written_by bigint not null,
  version bigint not null default 1,
  primary key (org_id, note_id)
);
create index note_by_person on note (person_id, state);
create index note_by_state on note (org_id, state, deadline);

-- A member's concern (tâm tư, nguyện vọng) and what was said of it until it is settled (M5).
create table concern (
  org_id bigint not null,
  concern_id bigint not null,
  person_id bigint not null,
  state text not null,
  consent text not null,
  meeting_id bigint,
  item_id bigint,
  written_at bigint not null,
  written_by bigint not null,
  changed_at bigint not null,
  version bigint not null default 1,
  primary key (org_id, concern_id)
);
create index concern_by_person on concern (person_id, state);
create index concern_by_state on concern (org_id, state, changed_at);
create table concern_word (
  org_id bigint not null,
  word_id bigint not null,
  concern_id bigint not null,
  kind text not null,
  body text not null,
  at bigint not null,
  by_person bigint not null,
  primary key (org_id, word_id)
);
create index concern_word_by_concern on concern_word (org_id, concern_id, word_id);
create index concern_word_by_person on concern_word (by_person);

-- Topics that members propose for a year, and who supports them; who is never shown (M12).
create table topic (
  org_id bigint not null,
  topic_id bigint not null,
  year bigint not null,
  person_id bigint not null,
  state text not null,
  title text not null,
  why text not null,
  period text,
  reason text,
  proposed_at bigint not null,
  version bigint not null default 1,
  primary key (org_id, topic_id)
);
create index topic_by_year on topic (org_id, year, state);
create index topic_by_person on topic (person_id);
create table topic_support (
  org_id bigint not null,
  topic_id bigint not null,
  person_id bigint not null,
  at bigint not null,
  primary key (org_id, topic_id, person_id)
);
create index topic_support_by_person on topic_support (person_id);

-- Months carried up the tree. The cell's own row, changed in the transaction of the fact, says more: the day each
-- kỳ kept in it was met (a quarter's with the quarter's first month), to when it was put off, notices,
-- resolutions, tasks, levels of its own scores.

alter table cell_month add column regular_on text;
alter table cell_month add column regular_until text;
alter table cell_month add column thematic_on text;
alter table cell_month add column thematic_until text;
alter table cell_month add column notices bigint not null default 0;
alter table cell_month add column notices_in_time bigint not null default 0;
alter table cell_month add column resolutions bigint not null default 0;
alter table cell_month add column tasks bigint not null default 0;
alter table cell_month add column good bigint not null default 0;
alter table cell_month add column fair bigint not null default 0;
alter table cell_month add column average bigint not null default 0;
alter table cell_month add column poor bigint not null default 0;

-- Which months of which cells are still to be carried up, since when.
create table month_due (
  org_id bigint not null,
  month text not null,
  at bigint not null,
  primary key (org_id, month)
);
create index month_due_by_age on month_due (at);

-- What of a cell's month has been carried, and to whom: `path` is the tree of that month.
create table month_share (
  org_id bigint not null,
  month text not null,
  path text not null,
  kind text not null,
  cells bigint not null,
  regular_owed bigint not null,
  regular_held bigint not null,
  regular_late bigint not null,
  regular_put_off bigint not null,
  thematic_owed bigint not null,
  thematic_held bigint not null,
  thematic_late bigint not null,
  thematic_put_off bigint not null,
  meetings bigint not null,
  expected bigint not null,
  present bigint not null,
  excused bigint not null,
  unexcused bigint not null,
  leaders_expected bigint not null,
  leaders_present bigint not null,
  speakers bigint not null,
  notices bigint not null,
  notices_in_time bigint not null,
  resolutions bigint not null,
  tasks bigint not null,
  good bigint not null,
  fair bigint not null,
  average bigint not null,
  poor bigint not null,
  primary key (org_id, month)
);
create index month_share_by_path on month_share (path, month);

-- Sums of everything below a committee, by month and by kind of cell.
create table org_month (
  org_id bigint not null,
  month text not null,
  kind text not null,
  cells bigint not null,
  regular_owed bigint not null,
  regular_held bigint not null,
  regular_late bigint not null,
  regular_put_off bigint not null,
  thematic_owed bigint not null,
  thematic_held bigint not null,
  thematic_late bigint not null,
  thematic_put_off bigint not null,
  meetings bigint not null,
  expected bigint not null,
  present bigint not null,
  excused bigint not null,
  unexcused bigint not null,
  leaders_expected bigint not null,
  leaders_present bigint not null,
  speakers bigint not null,
  notices bigint not null,
  notices_in_time bigint not null,
  resolutions bigint not null,
  tasks bigint not null,
  good bigint not null,
  fair bigint not null,
  average bigint not null,
  poor bigint not null,
  primary key (org_id, month, kind)
);

-- One row: up to which month every living cell has been counted, and which server carries at present.
create table rollup_run (
  run_id bigint not null primary key,
  opened text not null,
  holder text,
  until_at bigint not null
);

-- What was met and put off before.
insert into cell_month (org_id, month, expected, present, excused, unexcused, leaders_expected, leaders_present, speakers,
  meetings, regular_on)
select p.org_id, substr(p.period, 1, 4) || '-' || right('0' || substr(p.period, 9), 2), 0, 0, 0, 0, 0, 0, 0, 0,
  min(substr(coalesce(m.opened_at, m.starts_at), 1, 10))
from meeting_period p join meeting m on m.org_id = p.org_id and m.meeting_id = p.meeting_id
where substr(p.period, 6, 2) = 'tk' and m.state in ('closed', 'adopted', 'sealed') group by p.org_id, p.period
on conflict (org_id, month) do update set regular_on = excluded.regular_on;

insert into cell_month (org_id, month, expected, present, excused, unexcused, leaders_expected, leaders_present, speakers,
  meetings, thematic_on)
select p.org_id, substr(p.period, 1, 4) || '-' || right('0' || cast(cast(substr(p.period, 9) as bigint) * 3 - 2 as text), 2), 0, 0, 0, 0, 0, 0, 0, 0,
  min(substr(coalesce(m.opened_at, m.starts_at), 1, 10))
from meeting_period p join meeting m on m.org_id = p.org_id and m.meeting_id = p.meeting_id
where substr(p.period, 6, 2) = 'cd' and m.state in ('closed', 'adopted', 'sealed') group by p.org_id, p.period
on conflict (org_id, month) do update set thematic_on = excluded.thematic_on;

insert into cell_month (org_id, month, expected, present, excused, unexcused, leaders_expected, leaders_present, speakers,
  meetings, regular_until)
select p.org_id, substr(p.period, 1, 4) || '-' || right('0' || substr(p.period, 9), 2), 0, 0, 0, 0, 0, 0, 0, 0, p.postponed_to
from period_plan p where substr(p.period, 6, 2) = 'tk' and p.postponed_to is not null
on conflict (org_id, month) do update set regular_until = excluded.regular_until;

insert into cell_month (org_id, month, expected, present, excused, unexcused, leaders_expected, leaders_present, speakers,
  meetings, thematic_until)
select p.org_id, substr(p.period, 1, 4) || '-' || right('0' || cast(cast(substr(p.period, 9) as bigint) * 3 - 2 as text), 2), 0, 0, 0, 0, 0, 0, 0, 0, p.postponed_to
from period_plan p where substr(p.period, 6, 2) = 'cd' and p.postponed_to is not null
on conflict (org_id, month) do update set thematic_until = excluded.thematic_until;

insert into cell_month (org_id, month, expected, present, excused, unexcused, leaders_expected, leaders_present, speakers,
  meetings, regular_on)
select p.org_id, substr(p.period, 1, 4) || '-' || right('0' || substr(p.period, 9), 2), 0, 0, 0, 0, 0, 0, 0, 0,
  min(substr(coalesce(m.opened_at, m.starts_at), 1, 10))
from period_plan p join meeting_period q on q.org_id = p.org_id and q.period = p.merged_into
join meeting m on m.org_id = q.org_id and m.meeting_id = q.meeting_id
where substr(p.period, 6, 2) = 'tk' and m.state in ('closed', 'adopted', 'sealed') group by p.org_id, p.period
on conflict (org_id, month) do update set regular_on = coalesce(cell_month.regular_on, excluded.regular_on);

insert into cell_month (org_id, month, expected, present, excused, unexcused, leaders_expected, leaders_present, speakers,
  meetings, thematic_on)
select p.org_id, substr(p.period, 1, 4) || '-' || right('0' || cast(cast(substr(p.period, 9) as bigint) * 3 - 2 as text), 2), 0, 0, 0, 0, 0, 0, 0, 0,
  min(substr(coalesce(m.opened_at, m.starts_at), 1, 10))
from period_plan p join meeting_period q on q.org_id = p.org_id and q.period = p.merged_into
join meeting m on m.org_id = q.org_id and m.meeting_id = q.meeting_id
where substr(p.period, 6, 2) = 'cd' and m.state in ('closed', 'adopted', 'sealed') group by p.org_id, p.period
on conflict (org_id, month) do update set thematic_on = coalesce(cell_month.thematic_on, excluded.thematic_on);

-- What cells came to at the end of a year (T1, T2): decided by the committee above, entered by its office.
create table cell_level (
  org_id bigint not null,
  year bigint not null,
  level text,
  document text not null,
  at bigint not null,
  by_person bigint,
  version bigint not null default 1,
  primary key (org_id, year)
);

-- How many of a cell's members came to each level (T3); never who.
create table member_levels (
  org_id bigint not null,
  year bigint not null,
  excellent bigint not null,
  good bigint not null,
  done bigint not null,
  failed bigint not null,
  unreviewed bigint not null,
  at bigint not null,
  by_person bigint,
  version bigint not null default 1,
  primary key (org_id, year)
);

-- Why a result was corrected, with what it was before. The audit trail names ids and words only.
create table level_change (
  org_id bigint not null,
  change_id bigint not null,
  year bigint not null,
  subject text not null,
  before text not null,
  after text not null,
  reason text not null,
  at bigint not null,
  by_person bigint,
  primary key (org_id, change_id)
);
create index level_change_by_year on level_change (org_id, year);

-- What a committee sends to the cells below: the orientation of a month, or a document (L1, L2, P4). Whom it
-- reaches is told by the list, never copied: a cell that comes later or moves sees what is sent where it stands.
create table guidance (
  org_id bigint not null,
  guidance_id bigint not null,
  kind text not null,
  state text not null,
  title text not null,
  body text not null,
  period text,
  number text not null,
  dated_on text,
  reach text not null,
  replaces_id bigint,
  made_at bigint not null,
  issued_at bigint,
  issued_by bigint,
  digest text,
  version bigint not null default 1,
  primary key (org_id, guidance_id)
);
create index guidance_by_state on guidance (org_id, state, kind, issued_at);

-- The distribution list: `org:…` or `type:…`; none where it goes to every cell below.
create table guidance_to (
  org_id bigint not null,
  guidance_id bigint not null,
  target text not null,
  primary key (org_id, guidance_id, target)
);

-- A block of the month's agenda. `root_id` is the block that its cells count as: the one of an earlier
-- edition where the words are the same.
create table guidance_block (
  org_id bigint not null,
  block_id bigint not null,
  guidance_id bigint not null,
  position bigint not null,
  weight text not null,
  title text not null,
  body text not null,
  minutes bigint not null,
  document_id bigint,
  root_id bigint not null,
  primary key (org_id, block_id)
);
create index guidance_block_by_guidance on guidance_block (org_id, guidance_id, position);

create table guidance_file (
  org_id bigint not null,
  file_id bigint not null,
  guidance_id bigint not null,
  block_id bigint,
  primary key (org_id, file_id)
);
create index guidance_file_by_guidance on guidance_file (org_id, guidance_id);

-- Which block an item of an agenda came from.
create table agenda_guidance (
  org_id bigint not null,
  item_id bigint not null,
  meeting_id bigint not null,
  from_id bigint not null,
  guidance_id bigint not null,
  block_id bigint not null,
  root_id bigint not null,
  primary key (org_id, item_id)
);
create index agenda_guidance_by_meeting on agenda_guidance (org_id, meeting_id);

-- Written when minutes are sealed: the cell has heard of the block (đã phổ biến).
create table dissemination (
  org_id bigint not null,
  root_id bigint not null,
  from_id bigint not null,
  guidance_id bigint not null,
  block_id bigint not null,
  meeting_id bigint not null,
  on_date text not null,
  at bigint not null,
  primary key (org_id, root_id)
);
create index dissemination_by_block on dissemination (from_id, root_id);

-- What a member has done with a document sent to the cell.
create table guidance_receipt (
  org_id bigint not null,
  guidance_id bigint not null,
  person_id bigint not null,
  from_id bigint not null,
  seen_at bigint not null,
  read_at bigint,
  primary key (org_id, guidance_id, person_id)
);
create index guidance_receipt_by_document on guidance_receipt (from_id, guidance_id);
create index guidance_receipt_by_person on guidance_receipt (person_id);

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

-- Searching: one row for whatever may be found, kept in the transaction that changes it, and its words.
-- `need` says who finds it: a right in the owning organisation, or only the person. A person belongs to
-- no organisation (0). The index of words is each engine's own; `doc_id` ties the two together. Here
-- `words` are those without diacritics and who may find them, `exact` the words as they were meant.
create table search_doc (
  doc_id bigint not null generated by default as identity,
  org_id bigint not null,
  kind text collate "C" not null,
  object_id bigint not null,
  need text collate "C" not null,
  person_id bigint,
  on_date text collate "C" not null,
  path text not null,
  title text not null,
  body text not null,
  primary key (org_id, kind, object_id)
);
create unique index search_doc_by_id on search_doc (org_id, doc_id);
create table search_words (
  org_id bigint not null,
  doc_id bigint not null,
  words tsvector not null,
  exact tsvector not null,
  primary key (org_id, doc_id)
);
create index search_words_by_words on search_words using gin (words);

-- How many the committee has, as the congress of the term decided (L10).
alter table term add column seats bigint;

-- Programmes of changes of the tree (phương án sắp xếp): prepared over days, decided, carried out on their
-- day in one step. `items` is what is asked for; `plan` the sentences as they were carried out.
create table programme (
  org_id bigint not null,
  programme_id bigint not null,
  state text not null,
  title text not null,
  on_date text,
  document text not null,
  items text not null,
  plan text,
  trouble text,
  made_at bigint not null,
  made_by bigint,
  approved_at bigint,
  approved_by bigint,
  carried_at bigint,
  undone_at bigint,
  undone_by bigint,
  version bigint not null default 1,
  primary key (org_id, programme_id)
);
create index programme_by_day on programme (state, on_date);

-- Every row a programme changed or made, as it was and as it became, so that it can be taken back exactly.
create table programme_row (
  org_id bigint not null,
  programme_id bigint not null,
  seq bigint not null,
  source text not null,
  row_key text not null,
  before text,
  after text not null,
  primary key (org_id, programme_id, seq)
);

-- Programs at work on this database: each makes ids of its own number and says that it is there.
-- `seen_at` is the moment its ids have reached; a number without a token is free.
create table process (
  number bigint not null primary key,
  token text,
  role text not null,
  seen_at bigint not null
);

-- What committees sent down as a message told it: to a person once for each cell it came through, so that no
-- later message tells it again. No content; begins with the person as all of a person's messages do.
create table message_sent (
  person_id bigint not null,
  org_id bigint not null,
  guidance_id bigint not null,
  from_id bigint not null,
  day text collate "C" not null,
  kind text collate "C" not null,
  primary key (person_id, org_id, guidance_id)
);

-- Whether anything was sent down lately is asked for each batch of people.
create index guidance_by_moment on guidance (state, issued_at);

-- Tasks in the months carried up: how many fall due in each month of a cell, of these confirmed and reported by the
-- deadline, confirmed and reported after it, reported and waiting for the checker. The cell's own row also keeps by
-- which days of the month the others were to be done (`05 20`), so that a day can say which of them are overdue.

alter table cell_month add column tasks_due bigint not null default 0;
alter table cell_month add column tasks_in_time bigint not null default 0;
alter table cell_month add column tasks_late bigint not null default 0;
alter table cell_month add column tasks_reported bigint not null default 0;
alter table month_share add column tasks_due bigint not null default 0;
alter table month_share add column tasks_in_time bigint not null default 0;
alter table month_share add column tasks_late bigint not null default 0;
alter table month_share add column tasks_reported bigint not null default 0;
alter table org_month add column tasks_due bigint not null default 0;
alter table org_month add column tasks_in_time bigint not null default 0;
alter table org_month add column tasks_late bigint not null default 0;
alter table org_month add column tasks_reported bigint not null default 0;
alter table cell_month add column open_days text not null default '';

-- What was given before.
insert into cell_month (org_id, month, expected, present, excused, unexcused, leaders_expected, leaders_present, speakers,
  meetings, tasks_due, tasks_in_time, tasks_late, tasks_reported, open_days)
select org_id, substr(deadline, 1, 7), 0, 0, 0, 0, 0, 0, 0, 0, count(*),
  sum(case when state = 'done' and (done_on is null or done_on <= deadline) then 1 else 0 end),
  sum(case when state = 'done' and done_on > deadline then 1 else 0 end),
  sum(case when state = 'reported' then 1 else 0 end),
  coalesce(string_agg(case when state in ('open', 'returned') then substr(deadline, 9, 2) end, ' '), '')
from task where in_force = 1 and state <> 'dropped' and deadline is not null group by org_id, substr(deadline, 1, 7)
on conflict (org_id, month) do update set tasks_due = excluded.tasks_due, tasks_in_time = excluded.tasks_in_time,
  tasks_late = excluded.tasks_late, tasks_reported = excluded.tasks_reported, open_days = excluded.open_days;

-- The sums above follow; months to come are carried when they begin.
insert into month_due (org_id, month, at)
select org_id, month, cast(extract(epoch from now()) * 1000 as bigint) from cell_month
where tasks_due > 0 and month <= (select max(opened) from rollup_run)
on conflict (org_id, month) do update set at = month_due.at;

-- A table of changes that waits to be accepted into a programme that is being prepared: one for each programme.
-- `content` is what its rows say; it goes when it is accepted or put away.
create table programme_sheet (
  org_id bigint not null,
  programme_id bigint not null,
  file_name text not null,
  content text not null,
  made_at bigint not null,
  primary key (org_id, programme_id)
);

-- Sealed records of a cell opened to a committee above it: shared by the cell, or opened by two people of the
-- committee for an inspection (P-25). Kept in the cell, for it is the cell's content. Whether the committee still
-- stands above the cell is asked of the tree on the day, never copied.
create table opening (
  org_id bigint not null,
  opening_id bigint not null,
  ground text not null,
  state text not null,
  to_org bigint not null,
  extent text not null,
  issued_id bigint,
  from_month text collate "C",
  to_month text collate "C",
  reason text not null,
  document text not null,
  dated_on text collate "C",
  from_on text collate "C",
  until_on text collate "C" not null,
  made_at bigint not null,
  made_by bigint not null,
  confirmed_at bigint,
  confirmed_by bigint,
  ended_at bigint,
  ended_by bigint,
  version bigint not null default 1,
  primary key (org_id, opening_id)
);
create index opening_to on opening (to_org, opening_id);
create index opening_by_person on opening (made_by);

-- Who of the committee read which record, written in the transaction that hands it out.
create table opening_read (
  org_id bigint not null,
  read_id bigint not null,
  opening_id bigint not null,
  issued_id bigint not null,
  person_id bigint not null,
  way text not null,
  at bigint not null,
  primary key (org_id, read_id)
);
create index opening_read_by_opening on opening_read (org_id, opening_id);
create index opening_read_by_person on opening_read (person_id);

-- Searching: every word of SQLite's index stands behind who may find it; here the two are parts of one index already.

-- The first page asks who was absent without a reason in the year's sealed rolls: a handful of lines among hundreds.
create index roll_unexcused on roll (org_id, meeting_id, person_id) where coalesce(corrected, mark) = 'unexcused';

-- What a person said in the meetings of a year is found from those meetings, not by walking through what they ever said.
drop index contribution_by_person;
create index contribution_by_person on contribution (org_id, person_id, meeting_id);
