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
