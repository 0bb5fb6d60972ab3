#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A newcomer's path: a GitOps repository without Sluice, docs/adopt.md followed to the letter, a bad change, the mended one;
# each with what a pull request shows of it: annotations, the status, the comment.
. "$(dirname "$0")/lib.sh"
need git pre-commit curl jq python3
page=$SLUICE_SOURCE/docs/adopt.md
export PRE_COMMIT_HOME="$scratch/cache"

# Sluice as it is installed, and as a repository that pre-commit clones.
mkdir -p "$scratch/bin"
ln -s "$SLUICE_SOURCE/ci/run.sh" "$scratch/bin/sluice-run"
PATH=$scratch/bin:$PATH
snapshot "$scratch/OWNER/sluice" .pre-commit-hooks.yaml ci
git -C "$scratch/OWNER/sluice" tag v1.0.0
git config --file "$GIT_CONFIG_GLOBAL" "url.$scratch/OWNER/sluice.insteadOf" https://github.com/OWNER/sluice

# The repository of somebody who has never heard of Sluice: Argo CD over a folder for each app.
repository=$scratch/platform
mkdir -p "$repository/argocd" "$repository/apps/shop"
cd "$repository"
cat >argocd/apps.yaml <<'EOF'
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: apps
  namespace: argocd
  labels: {app.kubernetes.io/name: apps, owner: platform, team: platform, cost-center: cc-1, env: prod}
spec:
  goTemplate: true
  generators:
    - git:
        repoURL: https://git.example.com/acme/platform.git
        revision: HEAD
        directories: [{path: "apps/*"}]
  template:
    metadata: {name: "{{ .path.basename }}"}
    spec:
      project: default
      source: {repoURL: "https://git.example.com/acme/platform.git", targetRevision: HEAD, path: "{{ .path.path }}"}
      destination: {server: "https://kubernetes.default.svc", namespace: "{{ .path.basename }}"}
EOF
cat >apps/shop/shop.yaml <<'EOF'
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {owner: ada, team: shop, cost-center: cc-7, env: prod}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  labels: {app.kubernetes.io/name: shop, owner: ada, team: shop, cost-center: cc-7, env: prod}
spec:
  replicas: 2
  selector: {matchLabels: {app: shop}}
  template:
    metadata:
      labels: {app: shop, app.kubernetes.io/name: shop, owner: ada, team: shop, cost-center: cc-7, env: prod}
    spec:
      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
      containers:
        - name: shop
          image: ghcr.io/acme/shop:1.4.2
          resources:
            requests: {cpu: 100m, memory: 128Mi}
            limits: {cpu: 200m, memory: 128Mi}
          securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
EOF
git init -q
git remote add origin https://git.example.com/acme/platform.git
git add -A
git commit -q -m 'A platform without Sluice'

# The commands of the page as one script, and its files, which name themselves in their first line.
awk -v source="$repository" '
  /^## 5/ { exit }
  /^```/ { if (open) { open = 0; if (file) close(file); file = "" } else { open = 1; language = substr($0, 4); first = 1 } ; next }
  !open { next }
  language == "sh" { print > (source "/../commands"); next }
  language == "yaml" && first && /^# [^ ]*\.ya?ml$/ {
    file = source "/" substr($0, 3); folder = file; sub(/\/[^\/]*$/, "", folder); system("mkdir -p \"" folder "\"")
  }
  { first = 0; if (file) print > file }' "$page"
[ "$(wc -l <"$scratch/commands")" -ge 2 ] || fail 'the page shows no commands'
for file in sluice.yaml .pre-commit-config.yaml .github/workflows/sluice.yml .github/workflows/sluice-verdict.yml .gitlab-ci.yml; do
  [ -s "$file" ] || fail "the page has no $file"
done
printf '/build/\n' >.gitignore
ends 0 sh -e "$scratch/commands"
says 'verdict: clean (exit 0)'
ends 0 pre-commit install
git add -A
ends 0 git commit -q -m 'Adopt Sluice'
says_not 'Failed'
if command -v actionlint >/dev/null; then ends 0 actionlint .github/workflows/*.yml; fi

# A bad change: its commit is stopped; forced past the hook, the job of the pull request has the annotation on its line.
sed -i 's/replicas: 2/replica: 2/' apps/shop/shop.yaml
git add -A
ends 1 git commit -q -m 'Two of them'
says 'apps/shop/shop.yaml:' 'schema/unknown-field' 'did you mean "replicas"?'
git commit -q --no-verify -m 'Two of them, past the hook'
mkdir "$scratch/forge"
printf '[]' >"$scratch/forge/pulls.json"
forge "$scratch/forge"
# pull_request CODE: the chain over the merge commit of a pull request, which ends with CODE, and what is said of it on the
# forge: the steps of pull-request-verdict.yml, with the words of the event that starts it.
pull_request() {
  : >"$scratch/output"
  sha=$(git rev-parse HEAD)
  runs=$((${runs:-0} + 1))
  jq -n --arg sha "$sha" '[{number: 7, head: {sha: $sha, label: "ada:change"}}]' >"$scratch/forge/pulls.json"
  jq -n --arg sha "$sha" --argjson run "$runs" '{workflow_run: {head_sha: $sha, run_number: $run, run_attempt: 1}}' >"$scratch/event.json"
  export GITHUB_OUTPUT="$scratch/output" GITHUB_STEP_SUMMARY="$scratch/summary.md" RUNNER_TEMP="$scratch" \
    GITHUB_API_URL="$forge_url" GITHUB_REPOSITORY=acme/platform GITHUB_EVENT_PATH="$scratch/event.json" \
    GITHUB_TOKEN=s3cret-t0ken HEAD_SHA="$sha" NUMBER=7 CONTEXT=sluice TARGET_URL=https://git.example.com/run EXIT_CODE="$1" \
    SLUICE_REPOSITORY=. SLUICE_BASE=origin/main SLUICE_STAGES='' SLUICE_ENVIRONMENTS='' SLUICE_ALLOW_SKIPS=false \
    SLUICE_OUT="$scratch/reports"
  step=$SLUICE_SOURCE/ci/github.sh
  ends 0 "$step" status
  ends 0 "$step" pull
  ends "$1" "$step" chain
  cp "$log" "$scratch/job"
  ends 0 "$step" comment
  commented "sha=$sha" Cost
  cp "$scratch/job" "$log"
}
git update-ref refs/remotes/origin/main HEAD~1
pull_request 1
line=$(grep -n 'replica: 2' apps/shop/shop.yaml | cut -d : -f 1)
says "::error file=apps/shop/shop.yaml,line=$line,"
grep -qx 'verdict=findings' "$scratch/output" || fail "outputs: $(cat "$scratch/output")"
grep -q 'schema/unknown-field' "$scratch/summary.md" || fail 'the summary lacks the finding'

# The mended change passes everywhere, and the same comment says what it costs: one pod more.
sed -i 's/replica: 2/replicas: 3/' apps/shop/shop.yaml
git add -A
ends 0 git commit -q -m 'Three of them'
pull_request 0
says_not '::error'
grep -qx 'verdict=clean' "$scratch/output" || fail "outputs: $(cat "$scratch/output")"
commented 'This change asks for 0.1 cpu and 128Mi memory more'
