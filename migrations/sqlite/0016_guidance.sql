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
