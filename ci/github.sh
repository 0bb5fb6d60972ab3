#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The steps of action.yml and of the workflows for users.
#
# usage: ci/github.sh plan|programs|chain|pull|status|comment
#   plan      whether the programs must be built, and the key under which a build of these sources is kept
#   programs  builds them, or takes a kept build, and puts them on PATH
#   chain     runs the chain (SLUICE_*: the inputs of action.yml): annotations, job summary, outputs
#   pull      the open pull request whose head is HEAD_SHA on HEAD_OWNER:HEAD_BRANCH: its number
#   status    sets the commit status CONTEXT of HEAD_SHA to what EXIT_CODE means
#   comment   puts the cost that the chain counted in SLUICE_OUT on pull request NUMBER, in one comment that stays
# The last three read GITHUB_TOKEN, which never stands on a command line.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH='' cd -- "$here/.." && pwd)
output() { printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"; }
installed() { [ -n "${SLUICE_BIN:-}" ] || command -v sluice-run >/dev/null; }

plan() {
  if installed; then output build false; return; fi
  output build true
  key=$(cd "$root" && find CMakeLists.txt cmake src tools schemas policies ci -type f -exec sha256sum {} + | LC_ALL=C sort -k 2 | sha256sum | cut -c 1-32)
  output key "sluice-$(uname -m)-$(. /etc/os-release && printf '%s' "$ID$VERSION_ID")-$key"
}

programs() {
  if [ -n "${SLUICE_BIN:-}" ]; then printf '%s\n' "$SLUICE_BIN" >>"$GITHUB_PATH"; fi
  if installed; then return; fi
  if [ "${SLUICE_KEPT:-}" = true ]; then
    "$here/bootstrap.sh" --packages
    touch "$root/build/release/.ready"
  else
    "$here/bootstrap.sh"
  fi
  printf '%s\n' "$root/build/release/bin" "$root/.cache/tools/bin" "$here" >>"$GITHUB_PATH"
}

chain() {
  out=${SLUICE_OUT:-$(mktemp -d "${RUNNER_TEMP:-/tmp}/sluice.XXXXXX")}
  set -- "$SLUICE_REPOSITORY" --out "$out"
  [ -z "$SLUICE_BASE" ] || set -- "$@" --base "$SLUICE_BASE"
  [ -z "$SLUICE_STAGES" ] || set -- "$@" --stages "$SLUICE_STAGES"
  [ "$SLUICE_ALLOW_SKIPS" != true ] || set -- "$@" --allow-skips
  for environment in $SLUICE_ENVIRONMENTS; do set -- "$@" --env "$environment"; done
  [ -z "${SLUICE_IMAGE:-}" ] || set -- "$@" --image "$SLUICE_IMAGE"
  [ -z "${SLUICE_MODEL:-}" ] || set -- "$@" --model "$SLUICE_MODEL"
  [ -z "${SLUICE_RUN:-}" ] || set -- "$@" --run "$SLUICE_RUN"
  [ -z "${SLUICE_INTO:-}${SLUICE_TO:-}" ] || set -- "$@" --into "${SLUICE_INTO:-}" --to "${SLUICE_TO:-}"
  run=$here/run.sh
  [ -n "${SLUICE_BIN:-}" ] || ! command -v sluice-run >/dev/null || run=sluice-run
  # What comes from manifests must not be read as a workflow command.
  token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  printf '::stop-commands::%s\n' "$token"
  code=0
  "$run" "$@" || code=$?
  printf '::%s::\n' "$token"
  # Escaped for workflow commands by sluice-report. A chain that ended before its reports has none.
  [ ! -e "$out/report.md" ] || {
    sluice-report merge "$out" --fail-on never --format github --report sarif="$out/sluice.sarif" --report junit="$out/junit.xml" || true
    cat "$out/report.md" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
  }
  output out "$out"
  output exit-code "$code"
  output verdict "$(words "$code")"
  exit "$code"
}

words() {
  case $1 in 0) printf clean ;; 1) printf findings ;; 3) printf 'a bug in Sluice' ;; *) printf 'no verdict' ;; esac
}

# api METHOD PATH [ARGUMENT]...: an answer of the forge. The header comes through a file descriptor.
api() {
  method=$1 path=$2
  shift 2
  printf 'header = "Authorization: Bearer %s"\n' "$GITHUB_TOKEN" |
    curl --fail --silent --show-error --max-time 60 --retry 3 --config - --request "$method" \
      --header 'Accept: application/vnd.github+json' "$@" "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/$path"
}

pull() {
  numbers=$(api GET pulls --get --data-urlencode "head=$HEAD_OWNER:$HEAD_BRANCH" --data state=open --data per_page=100 |
    jq -r --arg sha "$HEAD_SHA" '.[] | select(.head.sha == $sha) | .number')
  # One head may be asked into several branches; each verdict would overwrite the other's status.
  case $numbers in
    '') printf 'no open pull request has the head %s any more\n' "$HEAD_SHA" ;;
    *[!0-9]*) printf 'several pull requests have the head %s\n' "$HEAD_SHA"; exit 2 ;;
  esac
  output number "$numbers"
}

status() {
  case $EXIT_CODE in 0) state=success ;; 1) state=failure ;; *) state=error ;; esac
  jq -n --arg state "$state" --arg context "$CONTEXT" --arg description "$(words "$EXIT_CODE")" --arg url "$TARGET_URL" \
    '{state: $state, context: $context, description: $description, target_url: $url}' >"$RUNNER_TEMP/status.json"
  api POST "statuses/$HEAD_SHA" --data "@$RUNNER_TEMP/status.json" >/dev/null
}

comment() {
  if [ ! -e "$SLUICE_OUT/cost.json" ]; then printf 'no cost was counted: there is nothing to say\n'; return; fi
  sluice-cost-proxy post --provider github --from "$SLUICE_OUT/cost.json" --pull-request "$NUMBER"
}

case ${1:-} in
  plan | programs | chain | pull | status | comment) "$1" ;;
  *) printf 'usage: ci/github.sh plan|programs|chain|pull|status|comment\n' >&2; exit 2 ;;
esac
