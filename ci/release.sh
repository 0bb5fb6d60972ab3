#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What a release consists of, in build/dist/: the Debian package, the programs as a tarball, the sources as a tarball, and
# SHA256SUMS of them. The tarballs are the same bytes for the same commit and compiler.
#
# usage: ci/release.sh [PRESET]     PRESET: release (default), or another whose build is there
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"
preset=${1:-release}
say() { printf 'release: %s\n' "$*" >&2; }
if [ "$preset" = release ]; then ci/bootstrap.sh release; fi
build=$root/build/$preset
version=$(sed -n 's/^project(sluice VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
[ -n "$(git status --porcelain)" ] && say 'the work tree has changes that are not committed; the sources are those of HEAD'
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH

dist=$root/build/dist
rm -rf "$dist"
mkdir -p "$dist/stage"
name=sluice-$version
programs=$name-$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m)
DESTDIR=$dist/stage cmake --install "$build" --prefix "/$programs" --strip >/dev/null
tar -C "$dist/stage" --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner -cf - "$programs" |
  gzip -9n >"$dist/$programs.tar.gz"
git archive --format=tar --prefix="$name/" HEAD | gzip -9n >"$dist/$name.tar.gz"
(cd "$dist" && cpack --config "$build/CPackConfig.cmake" -G DEB -B "$dist/cpack" >cpack.log && mv cpack/*.deb .) ||
  { cat "$dist/cpack.log" >&2; exit 2; }
rm -rf "$dist/stage" "$dist/cpack" "$dist/cpack.log"
cd "$dist"
sha256sum -- *.deb *.tar.gz >SHA256SUMS
cat SHA256SUMS
