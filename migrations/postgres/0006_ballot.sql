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
