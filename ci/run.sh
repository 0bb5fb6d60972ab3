#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The chain: may this state of a GitOps repository reach its clusters?
help='usage: ci/run.sh [REPO] [--base REV|DIR] [--stages LIST] [--env E]... [--out DIR] [--allow-skips] [--changed-only] [--jobs N] [--now TIME]

Renders REPO (default: the inference platform of the fixtures; installed as sluice-run: the current folder), validates,
checks policies, computes the cost, applies the gates that sluice.yaml configures, and writes one report.

  --base REV|DIR  compare with that revision, or with another folder: the plan (object diff) and the cost delta
  --stages LIST   only these, separated by commas: render,validate,policy-test,cost-proxy,scan-gate,model-gate,promote
  --env E         only this environment (repeatable)
  --out DIR       where the reports land (default: build/run)
  --changed-only  with --base: render and judge only the units that the change can affect; the rest is listed as a number
  --allow-skips   what cannot be rendered is listed, and does not end the run with 2
  --jobs N        threads of each tool
  --now TIME      the clock of every verdict: expiry, freshness (default: today, UTC)

Exit: 0 clean, 1 findings, 2 no verdict, 3 a bug in Sluice. The last line is the verdict.'
set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
fail() { printf 'sluice-run: %s\nverdict: no verdict (exit 2)\n' "$*"; exit 2; }

repo='' base='' part='' stages='' out=build/run now=$(date -u +%Y-%m-%d) render_flags='' jobs=''
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) printf '%s\n' "$help"; exit 0 ;;
    --*=*) word=$1; shift; set -- "${word%%=*}" "${word#*=}" "$@"; continue ;;
    --allow-skips) render_flags="$render_flags $1" ;;
    --changed-only) part=--partial ;;
    --base | --stages | --env | --out | --jobs | --now)
      [ $# -ge 2 ] || fail "$1 needs a value; see --help"
      case $1 in
        --base) base=$2 ;;
        --stages) stages=$2 ;;
        --env) case $2 in *[!A-Za-z0-9._-]* | '') fail "--env $2: no name of an environment" ;; esac
          render_flags="$render_flags --env $2" ;;
        --out) out=$2 ;;
        --jobs) case $2 in *[!0-9]* | '') fail "--jobs $2: not a number" ;; esac; jobs="--jobs $2" ;;
        --now) now=$2 ;;
      esac
      shift ;;
    -*) fail "unknown flag $1; see --help" ;;
    *) [ -z "$repo" ] || fail "one repository at a time: $repo, $1"; repo=$1 ;;
  esac
  shift
done
if [ -n "${SLUICE_BIN:-}" ]; then  # tools of another build, for tests
  PATH=$SLUICE_BIN:$here/../.cache/tools/bin:$PATH
elif [ -e "$here/../CMakeLists.txt" ]; then  # a source checkout: the tools are built on first use
  root=$(CDPATH='' cd -- "$here/.." && pwd)
  "$here/bootstrap.sh" || fail "the tools are not ready"
  PATH=$root/build/release/bin:$root/.cache/tools/bin:$PATH
fi
[ ! -e "$here/../CMakeLists.txt" ] || repo=${repo:-$here/../fixtures/platforms/inference-argocd/repo}
repo=${repo:-.}
[ -d "$repo" ] || fail "$repo is not a folder"
repo=$(cd -- "$repo" && pwd)
[ ! -d "$base" ] || base=$(cd -- "$base" && pwd)
mkdir -p "$out" && cd -- "$out" || fail "cannot write to $out"
if [ -e .sluice-run ]; then rm -rf ./*; elif [ -n "$(ls -A)" ]; then fail "$out holds other files; name an empty folder with --out"; fi
: >.sluice-run  # from here on all names are relative to it
configured=$(sluice-report stages "$repo") || fail "sluice.yaml cannot be read"
for stage in $(printf '%s' "$stages" | tr , ' '); do
  case " render validate policy-test cost-proxy scan-gate model-gate promote " in *" $stage "*) ;; *) fail "unknown stage $stage" ;; esac
done
config=$repo/sluice.yaml
[ -e "$config" ] || config=/dev/null  # the defaults, whatever lies in the current folder
wanted() { case ",${stages:-$(printf '%s' "$configured" | tr '\n' ,)}," in *",$1,"*) ;; *) return 1 ;; esac; }

# stage NAME COMMAND...: runs a tool, whose findings land in NAME.json and NAME.txt, and shows them. The worst exit code is
# computed at the end, from the reports and from how each process ended; a stage without a report is no verdict.
stage() {
  name=$1 tool=$2
  shift 2
  printf '== %s\n' "$name"
  # shellcheck disable=SC2086  # flags are words
  "sluice-$tool" "$@" $jobs --now "$now" --report json="$name.json" --report text="$name.txt" >"$name.out" 2>"$name.log"
  code=$?
  printf '%s\t%s\n' "$name" "$code" >>ended
  cat "$name.txt" 2>/dev/null || cat "$name.log"
}
base_repo=$base base_flags='' empty=''
[ -z "$part" ] || [ -n "$base" ] || fail "--changed-only needs --base"
if [ -n "$base" ] && ! [ -d "$base" ]; then
  base_repo=$PWD/base-src
  sluice-git export --rev "$base" --out "$base_repo" "$repo" || fail "cannot read $base"
  for url in $(sluice-git urls "$repo"); do base_flags="$base_flags --repository-url $url"; done
fi
# Between two folders both renders leave out the same units. What no reader may take for a whole is a part to all of them.
if [ -n "$part" ]; then
  set -- --changed-since "$base_repo"
  empty=--allow-empty
elif [ -n "$base" ]; then
  set -- --probe-since "$base"
else
  set --
fi
# shellcheck disable=SC2086
wanted render && stage render render "$repo" $render_flags "$@" --out head --index index.json --report ledger=render.ledger
head=head/all.yaml
if [ -n "$base" ]; then
  # shellcheck disable=SC2086
  stage render-base render "$base_repo" $base_flags ${part:+--changed-since "$repo"} --no-probes --allow-skips --fail-on never --out base
  # shellcheck disable=SC2086
  stage plan report diff --base base/all.yaml --head "$head" --config "$config" $part
fi
# shellcheck disable=SC2086
wanted validate && stage validate validate "$head" $part $empty --config "$config" --report ledger=validate.ledger
# shellcheck disable=SC2086
wanted policy-test && stage policy-test policy-test "$head" $part $empty --config "$config" --report ledger=policy-test.ledger
# shellcheck disable=SC2086
wanted cost-proxy && stage cost-proxy cost-proxy diff ${base:+--base base/all.yaml} --head "$head" $part $empty --config "$config"
for gate in scan-gate model-gate; do
  wanted "$gate" && stage "$gate" "$gate" check --config "$config"
done
wanted promote && stage promote promote check "$repo" ${base:+--base "$base_repo"} --config "$config"
if wanted render && wanted validate && wanted policy-test; then
  # shellcheck disable=SC2086
  stage ledger report ledger --render render.ledger --validate validate.ledger --policy policy-test.ledger $part $empty
fi
exec sluice-report merge --out . .
