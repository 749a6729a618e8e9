#!/usr/bin/env bash
# Every check of the product, in the order in which a mistake is cheapest to find. All of them run,
# also after one has failed; the exit code tells whether all passed.
set -uo pipefail
cd "$(dirname "$0")/.."
. scripts/need.sh
. scripts/postgres.sh

export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}"
export CARGO_TERM_COLOR="${CARGO_TERM_COLOR:-never}"
LOG=$(mktemp -d "${TMPDIR:-/tmp}/nep-test.XXXXXX")
passed=0
failed=0
failed_steps=()

finish() {
  stop_postgres
  rm -rf "$LOG"
}
trap finish EXIT
trap 'exit 130' INT TERM

# step NAME COMMAND…: runs it, shows its output, remembers whether it passed.
step() {
  local name=$1 begun=$SECONDS
  shift
  echo "== $name"
  if "$@" 2>&1 | tee "$LOG/step"; then
    echo "== $name: passed ($((SECONDS - begun)) s)"
    return 0
  fi
  echo "== $name: FAILED ($((SECONDS - begun)) s)"
  failed_steps+=("$name")
  return 1
}

# The first number before a word on the last line that has it.
number_before() {
  sed -n "s/.*[^0-9]\([0-9][0-9]*\) $1.*/\1/p" "$LOG/step" | tail -1
}

# tally PASSED FAILED: adds what a runner counted; a runner that failed without counting is one failure.
tally() {
  passed=$((passed + ${1:-0}))
  failed=$((failed + ${2:-0}))
}

check() {
  if step "$@"; then tally 1 0; else tally 0 1; fi
}

install_packages || exit 1
install_nextest || exit 1
install_node_modules || exit 1
start_postgres || exit 1

check "format" cargo fmt --all --check
check "clippy" cargo clippy --workspace --all-targets --locked -- -D warnings

if step "tests" cargo nextest run --workspace --locked --no-fail-fast; then
  tally "$(number_before passed)" 0
else
  counted=$(number_before failed)
  tally "$(number_before passed)" "${counted:-1}"
fi

if step "document tests" cargo test --workspace --doc --locked; then
  tally "$(sed -n 's/^test result:.* \([0-9]*\) passed.*/\1/p' "$LOG/step" | awk '{ n += $1 } END { print n + 0 }')" 0
else
  tally 0 1
fi

export NEP_BIN="$CARGO_TARGET_DIR/debug/nep"
export NEP_SHOTS="${NEP_SHOTS:-$CARGO_TARGET_DIR/shots}"
mkdir -p "$NEP_SHOTS"
browser_tests() {
  cargo build --locked -p nep && node --test --test-reporter=spec --test-concurrency=1 tests/browser/*.test.mjs
}
if step "browser tests" browser_tests; then
  tally "$(sed -n 's/^.*ℹ pass \([0-9]*\).*/\1/p' "$LOG/step" | tail -1)" 0
else
  counted=$(sed -n 's/^.*ℹ fail \([0-9]*\).*/\1/p' "$LOG/step" | tail -1)
  tally "$(sed -n 's/^.*ℹ pass \([0-9]*\).*/\1/p' "$LOG/step" | tail -1)" "${counted:-1}"
fi

[ ${#failed_steps[@]} = 0 ] || printf 'Failed: %s\n' "${failed_steps[@]}"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ ${#failed_steps[@]} = 0 ]
