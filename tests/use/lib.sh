# SPDX-License-Identifier: Apache-2.0
# What the scripts of this folder share. They run Sluice in the systems that it is used from: with the real programs where
# those are on PATH, else they say "skipped" (exit 125, which CTest knows).
# CTest sets SLUICE_SOURCE, the source tree, and SLUICE_BIN, the folder of the programs.
set -eu
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
log=$scratch/log
: "${SLUICE_SOURCE:?}" "${SLUICE_BIN:?}"
PATH=$SLUICE_BIN:$SLUICE_SOURCE/.cache/tools/bin:$PATH
HOME=$scratch/home
export SLUICE_BIN PATH HOME LC_ALL=C.UTF-8
export GIT_CONFIG_GLOBAL="$HOME/.gitconfig"
mkdir -p "$HOME"
git config --file "$GIT_CONFIG_GLOBAL" user.name Ada
git config --file "$GIT_CONFIG_GLOBAL" user.email ada@example.com
git config --file "$GIT_CONFIG_GLOBAL" init.defaultBranch main
platforms=$SLUICE_SOURCE/fixtures/platforms

skip() { printf 'skipped: %s\n' "$*"; exit 125; }
need() { for program; do command -v "$program" >/dev/null || skip "$program is not on PATH"; done; }
fail() { printf 'FAILED: %s\n' "$*"; tail -n 60 "$log"; exit 1; }
# ends CODE COMMAND...: the command must end with CODE (or with any other than 0: "bad").
ends() {
  wanted=$1
  shift
  code=0
  "$@" >"$log" 2>&1 </dev/null || code=$?
  case $wanted:$code in
    bad:0) fail "ended with 0: $*" ;;
    bad:*) ;;
    *) [ "$wanted" = "$code" ] || fail "ended with $code, not $wanted: $*" ;;
  esac
}
# says TEXT...: what the last command printed has each of them.
says() { for text; do grep -qF -- "$text" "$log" || fail "did not say: $text"; done; }
says_not() { for text; do ! grep -qF -- "$text" "$log" || fail "said: $text"; done; }
# snapshot FOLDER PATH...: these paths of the source tree as a Git repository.
snapshot() {
  folder=$1
  shift
  mkdir -p "$folder"
  (cd "$SLUICE_SOURCE" && cp -r "$@" "$folder/")
  commit "$folder" 'Sluice'
}
commit() {
  [ -d "$1/.git" ] || git init -q "$1"
  git -C "$1" add -A
  git -C "$1" commit -q -m "$2"
}
# lay PLATFORM NAME FOLDER: a failing state over a checkout of the passing one.
lay() {
  cp -r "$platforms/$1/fail/$2/." "$3/"
  sed -n 's/^delete //p' "$3/expect" | while read -r path; do rm -r "${3:?}/$path"; done
  rm "$3/expect"
}
# code_of PLATFORM NAME: the finding that a failing state must have.
code_of() { sed -n 's/^code //p' "$platforms/$1/fail/$2/expect" | head -n 1; }
# forge FOLDER [FLAG]...: GitHub's API with the pull requests of FOLDER/pulls.json, on loopback, at $forge_url. It keeps
# FOLDER/comments.json and FOLDER/statuses, and takes the token s3cret-t0ken, a workflow's.
forge() {
  forge_folder=$1
  shift
  : >"$forge_folder/asked"
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  python3 "$SLUICE_SOURCE/tests/forge/comment_stub.py" "$forge_folder/comments.json" "$forge_folder/asked" "$port" \
    --actions --pulls "$forge_folder/pulls.json" --statuses "$forge_folder/statuses" "$@" &
  trap "kill $!; rm -rf '$scratch'" EXIT
  forge_url=http://127.0.0.1:$port/api/v3
  until curl --silent --output "$scratch/answer" --header 'Authorization: Bearer s3cret-t0ken' "$forge_url/user"; do sleep 0.1; done
}
# commented TEXT...: the one comment on the pull request has each of them.
commented() {
  [ "$(jq length "$forge_folder/comments.json")" = 1 ] || fail "comments: $(cat "$forge_folder/comments.json")"
  for text; do
    jq -r '.[0].body' "$forge_folder/comments.json" | grep -qF -- "$text" || fail "the comment does not say: $text"
  done
}
