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
