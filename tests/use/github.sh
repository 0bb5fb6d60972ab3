#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The workflows for pull requests, in the real act, with a forge that keeps statuses and comments.
. "$(dirname "$0")/act.sh"
mkdir -p "$scratch/forge"

# A platform as docs/adopt.md makes it.
platform=$scratch/platform
cp -r "$platforms/inference-argocd/repo" "$platform"
mkdir -p "$platform/.github/workflows"
for page in sluice sluice-verdict; do
  from_page adopt.md ".github/workflows/$page.yml" >"$platform/.github/workflows/$page.yml"
done
commit "$platform" 'A platform that has adopted Sluice'
git clone -q --bare "$platform" "$REMOTES/acme/platform.git"
git -C "$platform" remote add origin "$REMOTES/acme/platform.git"
with_workflows "$platform"
forge "$scratch/forge"
runner "--env=GITHUB_API_URL=$forge_url" --secret=GITHUB_TOKEN=s3cret-t0ken --env=GITHUB_REPOSITORY=acme/platform

# propose NAME: a fork's branch NAME with that failing state (or "good"), as pull request 7 of the platform.
propose() {
  branch=$scratch/proposal
  rm -rf "$branch"
  git clone -q "$REMOTES/acme/platform.git" "$branch"
  if [ "$1" = good ]; then printf '# a word\n' >>"$branch/sluice.yaml"; else lay inference-argocd "$1" "$branch"; fi
  commit "$branch" "$1"
  head=$(git -C "$branch" rev-parse HEAD)
  git -C "$branch" checkout -q --detach origin/main
  git -C "$branch" merge -q --no-ff -m merge "$head"
  git -C "$branch" push -q --force origin "HEAD:refs/pull/7/merge" "$head:refs/pull/7/head"
  jq -n --arg sha "$head" --arg name "$1" '[{number: 7, head: {sha: $sha, label: "mallory:\($name)"}}]' >"$scratch/forge/pulls.json"
  jq -n --arg sha "$head" --arg name "$1" '{number: 7, pull_request: {number: 7, head: {ref: $name, sha: $sha}, base: {ref: "main"}},
    repository: {full_name: "acme/platform", owner: {login: "acme"}, name: "platform"}}' >"$scratch/pull.json"
  runs=$((${runs:-0} + 1))
  jq -n --arg sha "$head" --arg name "$1" --argjson run "$runs" '{workflow_run: {event: "pull_request", head_sha: $sha,
    head_branch: $name, run_number: $run, run_attempt: 1,
    head_repository: {owner: {login: "mallory"}}}, repository: {full_name: "acme/platform", owner: {login: "acme"}, name: "platform"}}' \
    >"$scratch/run.json"
  : >"$scratch/forge/statuses"
  rm -rf "$ARTIFACTS"
  mkdir -p "$ARTIFACTS"
}
checks() { (cd "$platform" && act pull_request --eventpath "$scratch/pull.json" -W .github/workflows/sluice.yml); }
verdict() { (cd "$platform" && act workflow_run --eventpath "$scratch/run.json" -W .github/workflows/sluice-verdict.yml); }
posted() { grep -qF -- "$head {\"state\": \"$1\", \"context\": \"sluice\"" "$scratch/forge/statuses" || fail "posted no $1: $(cat "$scratch/forge/statuses")"; }

propose good
ends 0 checks
says 'verdict: clean (exit 0)'
[ -e "$ARTIFACTS/sluice/report.md" ] || fail 'no report was kept'
ends 0 verdict
posted success

for state in mis-nested-values latest-tag; do
  propose "$state"
  ends 1 checks
  says "title=$(code_of inference-argocd "$state")::" 'verdict: findings (exit 1)'
  ends 1 verdict
  posted failure
  commented "sha=$head"
done

# Nothing is posted as clean that was not decided: a head that has moved on, a judge that cannot work, no pull request.
propose good
git -C "$REMOTES/acme/platform.git" update-ref refs/pull/7/merge main
ends 1 verdict
posted error
propose good
jq -n '[]' >"$scratch/forge/pulls.json"
ends 0 verdict
says 'no open pull request has the head'
[ ! -s "$scratch/forge/statuses" ] || fail 'something was posted'
