#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The CI/CD components, in the real gitlab-ci-local with its shell executor.
. "$(dirname "$0")/lib.sh"
need gitlab-ci-local git jq rsync
gitlab-ci-local --version >/dev/null 2>&1 || skip 'gitlab-ci-local does not start here (it needs Node 22)'

cp -r "$platforms/infra-manifests/repo" "$scratch/infra"
commit "$scratch/infra" 'What is promoted into'
git clone -q --bare "$scratch/infra" "$scratch/infra.git"
recorded=$platforms/model-source/recorded/out
image=$(cat "$recorded/image")

platform=$scratch/platform
cp -r "$platforms/inference-argocd/repo" "$platform"
cp -r "$SLUICE_SOURCE/templates" "$platform/"
# A component of another project is fetched by gitlab-ci-local itself: local files with the same inputs here.
cat >"$platform/.gitlab-ci.yml" <<EOF
include:
  - local: /templates/check/template.yml
  - local: /templates/plan/template.yml
  - local: /templates/scan-gate/template.yml
  - local: /templates/promote/template.yml
    inputs:
      image: $image
      repository: $scratch/infra.git
      environments: [dev, prod]
EOF
printf '/sluice/\n/plan.md\n/.gitlab-ci-local/\n/sluice.log\n' >"$platform/.gitignore"
commit "$platform" 'A platform that has adopted Sluice'
git clone -q --bare "$platform" "$scratch/origin.git"
git config --file "$GIT_CONFIG_GLOBAL" "url.$scratch/origin.git.insteadOf" git@gitlab.example.com:acme/platform.git
git -C "$platform" remote add origin git@gitlab.example.com:acme/platform.git
git -C "$platform" fetch -q origin
git -C "$platform" remote set-head origin main
cd "$platform"

# job NAME [FLAG]...: that job alone, in a pipeline of a merge request into main.
job() {
  gitlab-ci-local --force-shell-executor --no-color --variable "SLUICE_SCRIPTS=$SLUICE_SOURCE/ci" \
    --ignore-predefined-vars CI_PIPELINE_SOURCE \
    --variable CI_PIPELINE_SOURCE=merge_request_event --variable CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main "$@"
}

ends 0 gitlab-ci-local --list
says 'sluice-check' 'sluice-promote: [dev]' 'sluice-promote: [prod]' 'manual'
says_not 'sluice-plan'
git checkout -q -b change
ends 0 job --list
says 'sluice-check' 'sluice-plan' 'sluice-scan-gate'
says_not 'sluice-promote'
ends 0 job sluice-check
says 'verdict: clean (exit 0)'
for report in junit.xml code-quality.json gl-sast-report.json metrics.txt; do
  [ -s "sluice/$report" ] || fail "no $report"
done
grep -qx 'sluice_findings{severity="error"} 0' sluice/metrics.txt || fail "metrics: $(cat sluice/metrics.txt)"

for state in mis-nested-values latest-tag; do
  lay inference-argocd "$state" "$platform"
  finding=$(code_of inference-argocd "$state")
  ends bad job sluice-check
  says 'verdict: findings (exit 1)' "[$finding]"
  jq -e --arg code "$finding" 'any(.[]; .check_name == $code and .location.path != ".")' sluice/code-quality.json >/dev/null || fail "code quality lacks $finding"
  jq -e --arg code "$finding" 'any(.vulnerabilities[]; .name == $code and .severity == "High")' sluice/gl-sast-report.json >/dev/null || fail "SAST lacks $finding"
  grep -q "type=\"$finding\"" sluice/junit.xml || fail "JUnit lacks $finding"
  git checkout -q -- .
  git clean -qfd
done

# The plan names what a merge would change, and nothing is applied. What it must not take away fails the job.
sed -i 's/replicas: .*/replicas: 5/' apps/ticket-router/deployment.yaml
ends 0 job sluice-plan
says '/spec/replicas' 'ticket-router' 'Cost of this change'
lay inference-argocd removed-crd "$platform"
ends bad job sluice-plan
says 'verdict: findings (exit 1)' 'modelcards.catalog.example.com'
git checkout -q -- .

# The scan gate: reports that nobody delivered are no verdict, one of this image passes or fails, another's is none.
printf '\ngates:\n  scan: gates.yaml\n' >>sluice.yaml
sed "s/maxAge: 24h/maxAge: any/; s/expires: .*/expires: $(date -u -d '30 days' +%F)/" "$SLUICE_SOURCE/fixtures/scan-gate/pass-waiver/input/gates.yaml" >gates.yaml
printf 'registry.example.com/acme/iris:1@sha256:%s\n' "$(printf 'a1%.0s' $(seq 32))" >image
ends bad job sluice-scan-gate
says 'no verdict' 'missing: the scan is required'
cp "$SLUICE_SOURCE/fixtures/scan-gate/pass-waiver/input/report.json" .
ends 0 job sluice-scan-gate
jq -e '.verdict == "pass"' sluice-scan/scan-gate.evidence >/dev/null || fail "evidence: $(cat sluice-scan/evidence.json)"
cp gates.yaml waived.yaml
sed -i '/^waivers:/,$d' gates.yaml
ends bad job sluice-scan-gate
says 'CVE-2026-0002'
jq -e 'any(.[]; .description | contains("CVE-2026-0002"))' sluice-scan/code-quality.json >/dev/null || fail 'code quality lacks the finding'
mv waived.yaml gates.yaml
printf 'registry.example.com/acme/iris:2@sha256:%064d\n' 2 >image
ends bad job sluice-scan-gate
says 'no verdict' 'wrong subject'
git checkout -q -- .
git clean -qfd

# A promotion wants the verdict about exactly that image, which the scan gate of an earlier stage leaves; and prod wants time.
git checkout -q main
# A job that somebody pressed and that failed is a warning of its pipeline, so its word counts here, not the exit code.
on_main() { gitlab-ci-local --force-shell-executor --no-color --variable "SLUICE_SCRIPTS=$SLUICE_SOURCE/ci" "$@"; }
ends 0 on_main 'sluice-promote: [dev]'
says 'WARN'
says 'promote/no-evidence'
[ "$(git -C "$scratch/infra.git" rev-list --count main)" = 1 ] || fail 'something was promoted'
printf '\ngates:\n  scan: gates.yaml\n' >>sluice.yaml
cat >gates.yaml <<'EOF'
scans:
  - {name: image, format: trivy, report: trivy.json, run: trivy.run.json, subject: image, maxAge: any, databaseMaxAge: any,
     looksFor: [vulnerability], failFrom: critical, unknown: warn}
EOF
cp "$recorded/trivy.json" "$recorded/trivy.run.json" "$recorded/image" .
ends 0 on_main sluice-scan-gate
ends 0 on_main 'sluice-promote: [dev]'
says_not 'WARN'
git -C "$scratch/infra.git" show main:apps/cancer/overlays/dev/version.yaml >"$log"
says "image: $image"
ends 0 on_main 'sluice-promote: [prod]'
says 'promote/soaking'
