# Installs what the tests need and is missing; sourced by test.sh. Changes nothing that is there.

have() { command -v "$1" >/dev/null 2>&1; }

# The folder with initdb and pg_ctl, which Debian keeps out of PATH.
pg_bin() {
  local folder
  for folder in "$(pg_config --bindir 2>/dev/null || true)" /usr/lib/postgresql/*/bin /usr/pgsql-*/bin; do
    if [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ]; then
      echo "$folder"
      return 0
    fi
  done
  have initdb && dirname "$(command -v initdb)"
}

missing_packages() {
  { have chromium || have chromium-browser || [ -n "${CHROMIUM:-}" ]; } || echo chromium
  pg_bin >/dev/null || echo postgresql
  have soffice || echo libreoffice-writer
  have pdftotext || echo poppler-utils
}

install_packages() {
  local packages run=()
  packages=$(missing_packages)
  [ -n "$packages" ] || return 0
  packages=$(echo "$packages" | tr '\n' ' ')
  if ! have apt-get; then
    echo "Missing: $packages. Install them with this system's own tools." >&2
    return 1
  fi
  if [ "$(id -u)" != 0 ]; then
    have sudo || { echo "Missing: $packages. Run once as root: apt-get install $packages" >&2; return 1; }
    run=(sudo)
  fi
  echo "Installing: $packages"
  "${run[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  # A running PostgreSQL of the machine's own is not wanted: the tests start theirs.
  # shellcheck disable=SC2086
  "${run[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages
}

install_nextest() {
  cargo nextest --version >/dev/null 2>&1 || cargo install cargo-nextest --locked
}

# The lock file decides; a folder that matches it is left alone.
install_node_modules() {
  local stamp=tests/browser/node_modules/.package-lock.json
  if [ ! -e "$stamp" ] || [ tests/browser/package-lock.json -nt "$stamp" ]; then
    (cd tests/browser && npm ci --no-audit --no-fund)
  fi
}
