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
