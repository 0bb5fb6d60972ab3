#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The hooks of .pre-commit-hooks.yaml.
#
# usage: ci/pre-commit.sh chain                        the apps that the commit touches, through the chain
#        ci/pre-commit.sh validate|policy-test FILE... these files, as they are
#
# An app is touched when a commit changes what it is made of or how it is delivered (sluice-render --changed-since).
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
base=HEAD
if [ -n "${PRE_COMMIT_FROM_REF:-}" ]; then
  base=$(git merge-base "$PRE_COMMIT_FROM_REF" "$PRE_COMMIT_TO_REF") || exit 2
  git diff --name-only --no-renames "$base" "$PRE_COMMIT_TO_REF" >"$work/touched" || exit 2
else
  git diff --cached --name-only --no-renames >"$work/touched" || exit 2
fi
# sluice-render knows which apps differ, and of which files they are made. A touched file that belongs to none of them (a
# policy, sluice.yaml, a deleted one) concerns all apps, unless it is only text for people; so does a commit without files
# (pre-commit run --all-files), and a change of which it cannot be told. An app that differs by files that nobody has added
# is a draft, and not of this commit. Findings come later, from the chain.
git ls-files --others --exclude-standard >"$work/drafts" || exit 2
if sluice-render . --changed-since "$base" --no-probes --out "$work/changed" --cache "$work/cache" --allow-skips \
  --fail-on never >"$work/log" 2>&1; then
  awk '
    FILENAME ~ /touched$/ { touched[$0] = 1; next }
    FILENAME ~ /drafts$/ { drafts[$0] = 1; next }
    /^ "unchanged": / { exit }
    { value = $0; sub(/^[^"]*"[^"]*": "/, "", value); sub(/",?$/, "", value) }
    /^   "name": / { app = value; apps[app] = 1 }
    /^ +"(path|definedAt)": / {
      sub(/:[0-9]+$/, "", value)
      placed[value] = 1
      if (value in touched) ours[app] = 1; else if (value in drafts) draft[app] = 1
    }
    END {
      for (path in touched) { count++; if (!(path in placed) && path !~ /\.md$/) whole = 1 }
      if (whole || count == 0) { print "everything"; exit }
      for (app in apps) if (!(app in draft) || app in ours) print "--unit=" app
    }' "$work/touched" "$work/drafts" "$work/changed/index.json" | sort >"$work/units"
else
  printf 'everything\n' >"$work/units"
fi
if [ ! -s "$work/units" ]; then
  printf 'sluice: the commit touches nothing that is delivered to a cluster\n'
  exit 0
fi
set --
[ "$(cat "$work/units")" = everything ] || while IFS= read -r unit; do set -- "$@" "$unit"; done <"$work/units"
exec "$here/run.sh" "$root" --stages render,validate,policy-test,cost-proxy --cache "$work/cache" --out "$work/run" "$@"
