#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The hooks of .pre-commit-hooks.yaml.
#
# usage: ci/pre-commit.sh chain                        the apps that the commit touches, through the chain
#        ci/pre-commit.sh validate|policy-test FILE... these files, as they are
#
# An app is touched when a file that it is made of, or that defines it, is.
# Exit: as ci/run.sh.
set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
what=${1:-}
[ $# -eq 0 ] || shift
if [ -n "${SLUICE_BIN:-}" ]; then
  PATH=$SLUICE_BIN:$PATH
elif ! command -v sluice-render >/dev/null; then
  "$here/bootstrap.sh" || exit 2
  PATH=$here/../build/release/bin:$here/../.cache/tools/bin:$PATH
fi
case $what in
  chain) ;;
  validate) exec sluice-validate --references off "$@" ;;
  policy-test) exec sluice-policy-test "$@" ;;
  *) printf 'usage: ci/pre-commit.sh chain|validate|policy-test [FILE]...\n' >&2; exit 2 ;;
esac

root=$(git rev-parse --show-toplevel) && work=$(git rev-parse --absolute-git-dir)/sluice && cd "$root" || exit 2
mkdir -p "$work" || exit 2
if [ -n "${PRE_COMMIT_FROM_REF:-}" ]; then
  git diff --name-only --no-renames "$PRE_COMMIT_FROM_REF...$PRE_COMMIT_TO_REF" >"$work/touched" || exit 2
else
  git diff --cached --name-only --no-renames >"$work/touched" || exit 2
fi
# Findings come later, from the chain; here only what belongs to what is asked.
sluice-render . --out "$work/all" --cache "$work/cache" --allow-skips --fail-on never >"$work/log" 2>&1 ||
  { cat "$work/log"; exit 2; }
# The index has one value a line. A file that belongs to no app (a policy, sluice.yaml, a deleted one) concerns all of
# them, unless it is only text for people; so does a commit without files (pre-commit run --all-files).
awk '
  FNR == NR { touched[$0] = 1; next }
  { value = $0; sub(/^[^"]*"[^"]*": "/, "", value); sub(/",?$/, "", value) }
  /^ "files": / { files = 1 }
  !files && /^   "name": / { name = value }
  !files && /^   "definedAt": / { sub(/:[0-9]+$/, "", value); if (value in touched) apps[name] = 1 }
  files && /^   "path": / { path = value }
  files && /^    "/ && (path in touched) {
    app = $0; sub(/^    "/, "", app); sub(/@[^@]*",?$/, "", app); apps[app] = 1; placed[path] = 1
  }
  END {
    for (path in touched) { count++; if (!(path in placed) && path !~ /\.md$/) whole = 1 }
    if (whole || count == 0) { print "everything"; exit }
    for (app in apps) print "--unit=" app
  }' "$work/touched" "$work/all/index.json" | sort >"$work/units"
if [ ! -s "$work/units" ]; then
  printf 'sluice: the commit touches nothing that is delivered to a cluster\n'
  exit 0
fi
set --
[ "$(cat "$work/units")" = everything ] || while IFS= read -r unit; do set -- "$@" "$unit"; done <"$work/units"
exec "$here/run.sh" "$root" --stages render,validate,policy-test,cost-proxy --cache "$work/cache" --out "$work/run" "$@"
