-- Programs at work on this database: each makes ids of its own number and says that it is there.
-- `seen_at` is the moment its ids have reached; a number without a token is free.
create table process (
  number bigint not null primary key,
  token text,
  role text not null,
  seen_at bigint not null
);
