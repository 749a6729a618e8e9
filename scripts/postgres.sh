# A PostgreSQL of the tests' own, in a temporary folder, that nothing survives of; sourced by test.sh.
# It never runs as root, listens on this machine only and trades safety for speed: its data are worthless.

PG_FOLDER=""
PG_SETTINGS="-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=400 -c shared_buffers=128MB"

as_postgres() {
  if [ "$(id -u)" != 0 ]; then
    "$@"
  else
    (cd / && runuser -u "$PG_USER" -- "$@")
  fi
}

free_port() {
  node -e 'const s = require("net").createServer(); s.listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

start_postgres() {
  local bin port
  bin=$(pg_bin)
  PG_USER=postgres
  PG_FOLDER=$(mktemp -d "${TMPDIR:-/tmp}/nep-postgres.XXXXXX")
  if [ "$(id -u)" = 0 ]; then
    id -u "$PG_USER" >/dev/null 2>&1 || PG_USER=nobody
    chown "$PG_USER" "$PG_FOLDER"
  fi
  as_postgres "$bin/initdb" -D "$PG_FOLDER/data" -U postgres --auth=trust --encoding=UTF8 --locale=C --no-sync >"$PG_FOLDER/initdb.log" 2>&1 \
    || { cat "$PG_FOLDER/initdb.log" >&2; return 1; }
  for _ in 1 2 3; do
    port=$(free_port)
    if as_postgres "$bin/pg_ctl" -D "$PG_FOLDER/data" -l "$PG_FOLDER/server.log" -w -t 60 -s \
      -o "-c listen_addresses=127.0.0.1 -p $port -k $PG_FOLDER $PG_SETTINGS" start; then
      export NEP_TEST_PG="postgres://postgres@127.0.0.1:$port/postgres"
      return 0
    fi
  done
  cat "$PG_FOLDER/server.log" >&2
  return 1
}

stop_postgres() {
  [ -n "$PG_FOLDER" ] || return 0
  as_postgres "$(pg_bin)/pg_ctl" -D "$PG_FOLDER/data" -m immediate -w -s stop || true
  rm -rf "$PG_FOLDER"
  PG_FOLDER=""
}
