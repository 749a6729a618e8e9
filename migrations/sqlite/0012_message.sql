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
