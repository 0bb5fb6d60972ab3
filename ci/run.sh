#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The chain: may this state of a GitOps repository reach its clusters?
help='usage: ci/run.sh [REPO] [--base REV|DIR] [--stages LIST] [--env E]... [--unit GLOB]... [--out DIR] [--allow-skips] [--jobs N] [--now TIME]
       ci/run.sh [REPO] --stages LIST --image REF --model NAME=URI [--run ID] --into REPO --to ENV

Renders REPO (default: the inference platform of the fixtures; installed as sluice-run: the current folder), validates,
checks policies, computes the cost, applies the gates that sluice.yaml configures, and writes one report.

  --base REV|DIR  compare with that revision, or with another folder: the plan (object diff) and the cost delta
  --stages LIST   only these, separated by commas: render,validate,policy-test,cost-proxy,scan-gate,model-gate,promote
  --env E         only this environment (repeatable)
  --unit GLOB     judge only the apps of this name (repeatable), by the definitions and policies of all of them
  --out DIR       where the reports land (default: build/run)
  --allow-skips   what cannot be rendered is listed, and does not end the run with 2
  --cache DIR     keep renders in DIR and reuse them
  --jobs N        threads of each tool
  --baseline FILE live with the findings in FILE, a path in REPO; only new ones count
  --new-only      do not show the findings of the baseline
  --write-baseline FILE  write all findings to FILE in REPO, to live with them from now on
  --now TIME      the clock of every verdict: expiry, freshness (default: now, UTC)

A release (stages model-gate,scan-gate,promote in the repository of the source):
  --commit ID     the commit that was trained, built and scanned (default: HEAD of REPO)
  --image REF     the image, NAME:TAG@DIGEST
  --model N=URI   the model and where it lies; --run ID: its run in MLflow (MLFLOW_TRACKING_URI)
  --into REPO     promote image and model into this repository, with the evidence of the gates, ...
  --to ENV        ... to this environment; then the version of the run becomes the champion

Exit: 0 clean, 1 findings, 2 no verdict, 3 a bug in Sluice. The last line is the verdict.'
set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
fail() { printf 'sluice-run: %s\nverdict: no verdict (exit 2)\n' "$*"; exit 2; }

repo='' base='' stages='' out=build/run now=$(date -u +%Y-%m-%dT%H:%M:%SZ) render_flags='' units='' cache='' jobs=''
baseline='' known='' write_baseline='' commit='' image='' model='' model_run='' into='' to=''
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) printf '%s\n' "$help"; exit 0 ;;
    --*=*) word=$1; shift; set -- "${word%%=*}" "${word#*=}" "$@"; continue ;;
    --allow-skips) render_flags="$render_flags $1" ;;
    --new-only) known=$1 ;;
    --base | --stages | --env | --unit | --out | --cache | --jobs | --now | --baseline | --write-baseline | --commit | --image | --model | --run | --into | --to)
      [ $# -ge 2 ] || fail "$1 needs a value; see --help"
      case $1 in
        --base) base=$2 ;;
        --stages) stages=$2 ;;
        --env) case $2 in *[!A-Za-z0-9._-]* | '') fail "--env $2: no name of an environment" ;; esac
          render_flags="$render_flags --env $2" ;;
        --unit) case $2 in *[!A-Za-z0-9._/*?@-]* | '') fail "--unit $2: no name of an app" ;; esac
          units="$units --unit $2" ;;
        --out) out=$2 ;;
        --cache) mkdir -p "$2" && cache=$(CDPATH='' cd -- "$2" && pwd) || fail "cannot write to $2" ;;
        --jobs) case $2 in *[!0-9]* | '') fail "--jobs $2: not a number" ;; esac; jobs="--jobs $2" ;;
        --now) now=$2 ;;
        --baseline | --write-baseline)
          case $2 in '' | /* | -* | *..*) fail "$1 $2: not a path below the repository" ;; esac
          if [ "$1" = --baseline ]; then baseline=$2; else write_baseline=$2; fi ;;
        --commit) commit=$2 ;;
        --image) image=$2 ;;
        --model) model=$2 ;;
        --run) model_run=$2 ;;
        --into) into=$2 ;;
        --to) to=$2 ;;
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
[ ! -d "$into" ] || into=$(cd -- "$into" && pwd)
[ -z "$into$to" ] || { [ -n "$into" ] && [ -n "$to" ]; } || fail "--into and --to belong together"
[ -n "$commit" ] || commit=$(git -C "$repo" rev-parse -q --verify HEAD 2>/dev/null) || commit=
mkdir -p "$out" && cd -- "$out" || fail "cannot write to $out"
if [ -e .sluice-run ]; then rm -rf ./*; elif [ -n "$(ls -A)" ]; then fail "$out holds other files; name an empty folder with --out"; fi
: >.sluice-run  # from here on all names are relative to it
configured=$(sluice-report stages "$repo") || fail "sluice.yaml cannot be read"
for stage in $(printf '%s' "$stages" | tr , ' '); do
  case " render validate policy-test cost-proxy scan-gate model-gate promote " in *" $stage "*) ;; *) fail "unknown stage $stage" ;; esac
done
if [ -n "$baseline" ]; then
  cp -- "$repo/$baseline" baseline.json || fail "cannot read the baseline $baseline"
  known="--baseline baseline.json $known"
elif [ -n "$known" ]; then fail "--new-only wants --baseline"; fi
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
# What base and head share, or an app and all of them, is rendered once.
[ -n "$cache" ] || [ -z "$base$units" ] || cache=$PWD/renders
# Of some apps alone, the others are still what they are judged by: their definitions, policies, runtimes.
crds='' policies='' context=''
if [ -n "$units" ]; then
  [ -z "$base" ] || fail "--unit compares with nothing: leave out --base"
  # shellcheck disable=SC2086
  sluice-render "$repo" $render_flags ${cache:+--cache "$cache"} --out whole --allow-skips --fail-on never >whole.log 2>&1 ||
    { cat whole.log; fail "cannot render what $units stands among"; }
  crds='--crds whole/all.yaml --references off' context='--context whole/all.yaml'
  ! grep -Eq '^kind: "?(Cluster|Validating|ImageValidating)?Policy"?$' whole/all.yaml || policies='--policies whole/all.yaml'
fi
base_repo=$base base_flags=''
if [ -n "$base" ] && ! [ -d "$base" ]; then
  base_repo=$PWD/base-src
  sluice-git export --rev "$base" --out "$base_repo" "$repo" || fail "cannot read $base"
  for url in $(sluice-git urls "$repo"); do base_flags="$base_flags --repository-url $url"; done
fi
# Values and entries without effect are looked for where something has changed.
# shellcheck disable=SC2086
wanted render && stage render render "$repo" $render_flags $units ${cache:+--cache "$cache"} ${base:+--probe-since "$base"} $known --out head \
  --index index.json --report ledger=render.ledger
head=head/all.yaml
if [ -n "$base" ]; then
  # shellcheck disable=SC2086
  wanted render && stage render-base render "$base_repo" $base_flags ${cache:+--cache "$cache"} \
    --no-probes --allow-skips --fail-on never --out base
  # shellcheck disable=SC2086
  wanted render && stage plan report diff --base base/all.yaml --head "$head" --text plan.text --config "$config" $known
fi
# shellcheck disable=SC2086
wanted validate && stage validate validate "$head" --config "$config" $crds $known --report ledger=validate.ledger
# shellcheck disable=SC2086
wanted policy-test && stage policy-test policy-test "$head" --config "$config" $policies $known --report ledger=policy-test.ledger
if [ -n "$base" ] && wanted render; then  # nothing that judges may be weaker than it is at the base
  verdicts=
  if wanted policy-test; then
    base_config=$base_repo/sluice.yaml base_policies=
    [ -e "$base_config" ] || base_config=/dev/null
    ! grep -q '^kind: \(Cluster\)*Policy$' base/all.yaml 2>/dev/null || base_policies='--policies base/all.yaml'
    # shellcheck disable=SC2086
    sluice-policy-test "$head" --config "$base_config" $base_policies --no-stream-policies $known $jobs --now "$now" \
      --fail-on never --report json=policy-test-by-base.json >/dev/null 2>policy-test-by-base.log
    verdicts='--base-verdicts policy-test-by-base.json --head-verdicts policy-test.json'
  fi
  # shellcheck disable=SC2086
  stage config report loosened --base "$base_repo" --head "$repo" --base-stream base/all.yaml --head-stream "$head" \
    $verdicts ${baseline:+--baseline "$baseline"}
fi
# shellcheck disable=SC2086
wanted cost-proxy && stage cost-proxy cost-proxy diff --page cost.html --data cost.json $context ${base:+--base base/all.yaml} --head "$head" --config "$config" $known
# The gates bind what they say to a commit, an image and a model; a promotion asks for exactly these.
wanted scan-gate && stage scan-gate scan-gate check --config "$config" ${base:+--base "$base_repo"} \
  ${commit:+--commit "$commit"} ${image:+--image "$image" --evidence scan-gate.evidence}
judge_model() { # NAME [FLAG...]
  judged=$1
  shift
  stage "$judged" model-gate check --config "$config" ${base:+--base "$base_repo"} ${commit:+--commit "$commit"} ${model_run:+--run "$model_run"} "$@"
}
wanted model-gate && judge_model model-gate ${model:+--uri "${model#*=}" --evidence-out model-gate.evidence}
if wanted promote && [ -n "$into" ]; then
  evidence=
  for file in scan-gate.evidence model-gate.evidence; do [ ! -e $file ] || evidence="$evidence --evidence $file"; done
  # shellcheck disable=SC2086
  stage promote promote set --repository "$into" --to "$to" ${image:+--image "$image"} ${model:+--model "$model"} \
    ${commit:+--source-commit "$commit"} $evidence
  # The registry's alias follows the repository: what was refused there is no champion.
  [ "$code" != 0 ] || [ -z "$model_run" ] || judge_model champion --set-alias
elif wanted promote; then
  stage promote promote check "$repo" ${base:+--base "$base_repo"} --config "$config"
fi
if wanted render && wanted validate && wanted policy-test; then
  stage ledger report ledger --render render.ledger --validate validate.ledger --policy policy-test.ledger
fi
rm -rf renders
exec sluice-report merge --out . --repository "$repo" ${write_baseline:+--write-baseline "$repo/$write_baseline"} .
