#!/usr/bin/env bash
# Builds target/nep_VERSION_ARCH.deb from the release binary; needs dpkg-deb only.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-target}
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)
arch=$(dpkg --print-architecture)
cargo build --locked --release -p nep
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
install -D -m 755 "$target/release/nep" "$root/usr/bin/nep"
install -D -m 644 pack/nep.service "$root/usr/lib/systemd/system/nep.service"
install -D -m 640 pack/nep.env "$root/etc/nep/nep.env"
install -D -m 644 README.md "$root/usr/share/doc/nep/README.md"
mkdir -p "$root/DEBIAN"
echo /etc/nep/nep.env > "$root/DEBIAN/conffiles"
cat > "$root/DEBIAN/control" <<CONTROL
Package: nep
Version: $version
Architecture: $arch
Maintainer: Nếp maintainers <maintainers@nep.example>
Depends: libc6
Section: web
Priority: optional
Installed-Size: $(du -sk "$root" | cut -f1)
Description: regular meetings of Party cells, one program with its database
 Plans, notices, roll, sealed minutes, resolutions and tasks of a cell.
 Pages in Vietnamese; SQLite inside, PostgreSQL if wished.
CONTROL
dpkg-deb --root-owner-group --build "$root" "$target/nep_${version}_${arch}.deb"
