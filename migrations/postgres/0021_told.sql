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
