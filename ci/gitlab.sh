#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The jobs of templates/: what GitLab's CI variables mean for Sluice, and its reports in GitLab's formats.
#
# usage: ci/gitlab.sh check|plan|scan-gate
# Exit: as ci/run.sh.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
run=sluice-run
command -v "$run" >/dev/null || run=$here/run.sh

# The branch that is merged into, as it is now: an old base would be an old judge.
base() {
  [ -n "${CI_MERGE_REQUEST_TARGET_BRANCH_NAME:-}" ] || return 0
  git fetch -q origin "+refs/heads/$CI_MERGE_REQUEST_TARGET_BRANCH_NAME:refs/remotes/origin/$CI_MERGE_REQUEST_TARGET_BRANCH_NAME" >&2
  printf 'origin/%s' "$CI_MERGE_REQUEST_TARGET_BRANCH_NAME"
}

# GitLab's report of its own SAST scanners, from SARIF; and counts for the metrics widget.
security='{
  version: "15.0.7",
  scan: {type: "sast", status: "success", start_time: $time, end_time: $time,
    analyzer: {id: "sluice", name: "Sluice", version: .runs[0].tool.driver.version, vendor: {name: "Sluice"}},
    scanner: {id: "sluice", name: "Sluice", version: .runs[0].tool.driver.version, vendor: {name: "Sluice"}}},
  vulnerabilities: [.runs[0].results[] | select(.level != "note") | {
    id: .partialFingerprints["sluice/v1"],
    name: .ruleId,
    description: .message.text,
    severity: (if .level == "error" then "High" else "Low" end),
    location: {file: .locations[0].physicalLocation.artifactLocation.uri,
      start_line: .locations[0].physicalLocation.region.startLine},
    identifiers: [{type: "sluice", name: .ruleId, value: .ruleId}]}]}'
metrics='[.runs[0].results[].level] | "sluice_findings{severity=\"error\"} \(map(select(. == "error")) | length)",
  "sluice_findings{severity=\"warning\"} \(map(select(. == "warning")) | length)"'

reports() {  # FOLDER: what sluice-run left there
  [ -e "$1/report.md" ] || return 0
  sluice-report merge "$1" --fail-on never --report junit="$1/junit.xml" --report gitlab="$1/code-quality.json" \
    --report sarif="$1/sluice.sarif" >/dev/null || true
  time=$(date -u +%Y-%m-%dT%H:%M:%S)
  jq --arg time "$time" "$security" "$1/sluice.sarif" >"$1/gl-sast-report.json"
  jq -r "$metrics" "$1/sluice.sarif" >"$1/metrics.txt"
  printf 'sluice_objects %s\n' "$(tail -n +2 "$1/render.ledger" | wc -l)" >>"$1/metrics.txt"
}

check() {
  base=$(base)
  set -- . --out sluice
  [ -z "$base" ] || set -- "$@" --base "$base"
  for environment in ${SLUICE_ENVIRONMENTS:-}; do set -- "$@" --env "$environment"; done
  code=0
  # shellcheck disable=SC2086  # flags are words
  "$run" "$@" ${SLUICE_FLAGS:-} || code=$?
  reports sluice
  exit "$code"
}

plan() {
  code=0
  "$run" . --base "$(base)" --stages render,cost-proxy --out sluice >sluice.log || code=$?
  for part in plan cost-proxy; do [ ! -e "sluice/$part.out" ] || cat "sluice/$part.out"; done >plan.md
  cat plan.md
  tail -n 1 sluice.log
  exit "$code"
}

scan_gate() {
  mkdir -p sluice-scan
  sluice-scan-gate check --config sluice.yaml --image "$(head -n 1 "$SLUICE_IMAGE_FILE")" --now "$(date -u +%Y-%m-%dT%H:%M:%SZ)" \
    --evidence sluice-scan/scan-gate.evidence --report junit=sluice-scan/junit.xml --report gitlab=sluice-scan/code-quality.json
}

case ${1:-} in
  check | plan) "$1" ;;
  scan-gate) scan_gate ;;
  *) printf 'usage: ci/gitlab.sh check|plan|scan-gate\n' >&2; exit 2 ;;
esac
