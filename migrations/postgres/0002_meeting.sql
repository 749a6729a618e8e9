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
