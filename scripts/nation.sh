#!/usr/bin/env bash
# make bench-nation: a PostgreSQL of its own with the settings of a real one, in a temporary folder that nothing
# survives of; then the nation, a tenth of it unless told otherwise. Usage: scripts/nation.sh PART PROFILE
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/need.sh
. scripts/postgres.sh

part=${1:-10}
profile=${2:-release}
target=${CARGO_TARGET_DIR:-$PWD/target}
memory=$(awk '/MemTotal/ { print int($2 / 1024) }' /proc/meminfo)
PG_SETTINGS="-c fsync=on -c synchronous_commit=on -c full_page_writes=on -c max_connections=100 -c shared_buffers=$((memory / 4))MB"
# One line: pg_ctl hands it to a shell.
PG_SETTINGS="$PG_SETTINGS -c effective_cache_size=$((memory / 2))MB -c max_wal_size=8GB -c checkpoint_timeout=15min -c work_mem=64MB -c maintenance_work_mem=$((memory / 16))MB"
pg_bin >/dev/null || { echo "PostgreSQL is not installed: apt-get install postgresql" >&2; exit 1; }
trap stop_postgres EXIT
trap 'exit 130' INT TERM
start_postgres
mkdir -p target/bench
"$target/$profile/nep-bench" nation --nep "$target/$profile/nep" --database "$NEP_TEST_PG" --part "$part" --profile "$profile" --out target/bench
