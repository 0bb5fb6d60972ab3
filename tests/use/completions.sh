#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Completions and man pages in the shells and the troff that read them; what is not here is not asked.
. "$(dirname "$0")/lib.sh"
made=$SLUICE_BUILD/share
[ -d "$made/man/man1" ] || skip 'the pages were not built (target pages)'

# completes WORD...: what bash offers for the last word of a command line.
completes() {
  bash -c '. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); "_${1//-/_}"; printf "%s\n" "${COMPREPLY[@]}"' \
    "$made/bash-completion/completions/$1" "$@" >"$log" 2>&1 || fail "bash: $*"
}
completes sluice-report ''
says stages merge
completes sluice-report diff --as ''
says markdown json
completes sluice-report diff --as = te
says text
says_not markdown
completes sluice-report merge --
says --out --format
says_not --head --help-markdown
completes sluice-validate --format s
says sarif
says_not json

for program in "$SLUICE_BIN"/sluice-*; do
  name=$(basename "$program")
  for shell in zsh:vendor-completions/_ fish:vendor_completions.d/; do
    interpreter=${shell%%:*} file=$made/$interpreter/${shell#*:}$name
    [ "$interpreter" = zsh ] || file=$file.fish
    [ -s "$file" ] || fail "no $file"
    if command -v "$interpreter" >/dev/null; then ends 0 "$interpreter" -n "$file"; fi
  done
  [ -s "$made/man/man1/$name.1" ] || fail "no man page of $name"
  if command -v man >/dev/null; then
    ends 0 man --warnings -l "$made/man/man1/$name.1"
    says_not warning:
  fi
done
