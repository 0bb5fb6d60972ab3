#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# action.yml and the workflows for users, in the real act on this machine. The actions of others stand in for themselves
# (actions/), since there is no network; so do the forge's API (forge.py) and the repositories below REMOTES.
. "$(dirname "$0")/lib.sh"
need act git jq curl python3
here=$SLUICE_SOURCE/tests/use
export REMOTES="$scratch/remotes" ARTIFACTS="$scratch/artifacts"
mkdir -p "$REMOTES/acme" "$scratch/forge"

# The caller and Sluice, as the forge has them.
snapshot "$scratch/sluice"
git clone -q --bare "$scratch/sluice" "$REMOTES/acme/sluice.git"
git -C "$REMOTES/acme/sluice.git" tag v1
platform=$scratch/platform
cp -r "$platforms/inference-argocd/repo" "$platform"
mkdir -p "$platform/.github/workflows"
for page in sluice sluice-verdict; do
  sed -n "/^# .github\/workflows\/$page.yml\$/,/^\`\`\`\$/{/^\`\`\`\$/d;p}" "$SLUICE_SOURCE/docs/adopt.md" |
    sed 's/OWNER/acme/' >"$platform/.github/workflows/$page.yml"
done
commit "$platform" 'A platform that has adopted Sluice'
git clone -q --bare "$platform" "$REMOTES/acme/platform.git"
git -C "$platform" remote add origin "$REMOTES/acme/platform.git"
# A reusable workflow of another repository is fetched by act itself, which cannot be told where from: a copy here.
cp "$SLUICE_SOURCE/.github/workflows/"*.yml "$platform/.github/workflows/"
sed -i 's#acme/sluice/\(.github/workflows/[a-z-]*.yml\)@v1#./\1#' "$platform/.github/workflows/"sluice*.yml
rm "$platform/.github/workflows/ci.yml"

python3 "$here/forge.py" "$scratch/forge" &
forge=$!
trap 'kill $forge; rm -rf "$scratch"' EXIT
until [ -e "$scratch/forge/port" ]; do sleep 0.1; done

set -- --no-cache-server --no-skip-checkout -P ubuntu-24.04=-self-hosted --container-daemon-socket - \
  --env GITHUB_API_URL="http://127.0.0.1:$(cat "$scratch/forge/port")" --secret GITHUB_TOKEN=secret-of-the-job \
  --env GITHUB_REPOSITORY=acme/platform
for name in REMOTES ARTIFACTS SLUICE_BIN PATH HOME GIT_CONFIG_GLOBAL; do
  set -- "$@" --env "$name=$(printenv "$name")"
done
for action in $(cd "$SLUICE_SOURCE" && sed -n 's/.*uses: \(actions\/[^ ]*\).*/\1/p' action.yml .github/workflows/*.yml | sort -u); do
  repository=${action%@*} pin=${action#*@}
  repository=$(printf '%s' "$repository" | cut -d / -f 1,2)
  folder=$scratch/actions/$(basename "$repository")
  mkdir -p "$folder/restore" "$folder/save"
  cp "$here/actions/$(basename "$repository").yml" "$folder/action.yml"
  cp "$folder/action.yml" "$folder/restore/"
  cp "$folder/action.yml" "$folder/save/"
  set -- "$@" --local-repository "$repository@$pin=$folder"
done

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
  jq -n --arg sha "$head" '[{number: 7, head: {sha: $sha}}]' >"$scratch/forge/pulls.json"
  jq -n --arg sha "$head" --arg name "$1" '{number: 7, pull_request: {number: 7, head: {ref: $name, sha: $sha}, base: {ref: "main"}},
    repository: {full_name: "acme/platform", owner: {login: "acme"}, name: "platform"}}' >"$scratch/pull.json"
  jq -n --arg sha "$head" --arg name "$1" '{workflow_run: {event: "pull_request", head_sha: $sha, head_branch: $name,
    head_repository: {owner: {login: "mallory"}}}, repository: {full_name: "acme/platform", owner: {login: "acme"}, name: "platform"}}' \
    >"$scratch/run.json"
  : >"$scratch/forge/posts"
  : >"$scratch/forge/asked"
  rm -rf "$ARTIFACTS"
  mkdir -p "$ARTIFACTS"
}
checks() { (cd "$platform" && act pull_request --eventpath "$scratch/pull.json" -W .github/workflows/sluice.yml "$@"); }
verdict() { (cd "$platform" && act workflow_run --eventpath "$scratch/run.json" -W .github/workflows/sluice-verdict.yml "$@"); }
posted() { grep -qF -- "$1" "$scratch/forge/posts" || fail "posted no $1: $(cat "$scratch/forge/posts")"; }

propose good
ends 0 checks "$@"
says 'verdict: clean (exit 0)'
[ -e "$ARTIFACTS/sluice/reports/report.md" ] || fail 'no report was kept'
ends 0 verdict "$@"
posted "/repos/acme/platform/statuses/$head"
posted '"state": "success", "context": "sluice"'
grep -qF 'head=mallory:good' "$scratch/forge/asked" || fail "asked $(cat "$scratch/forge/asked")"

for state in mis-nested-values latest-tag; do
  propose "$state"
  ends 1 checks "$@"
  says "title=$(code_of inference-argocd "$state")::" 'verdict: findings (exit 1)'
  ends 1 verdict "$@"
  posted '"state": "failure"'
done

# Nothing is posted as clean that was not decided: a head that has moved on, a judge that cannot work, no pull request.
propose good
git -C "$REMOTES/acme/platform.git" update-ref refs/pull/7/merge main
ends 1 verdict "$@"
posted '"state": "error"'
propose good
jq -n '[]' >"$scratch/forge/pulls.json"
ends 0 verdict "$@"
says 'no open pull request has the head'
[ ! -s "$scratch/forge/posts" ] || fail 'something was posted'
