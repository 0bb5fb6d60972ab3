#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# From a trained model to the clusters, in the real act: model-source.yml judges and promotes to dev, promote.yml carries on to
# prod. The three commands of the source lay down what one run of them left (fixtures/platforms/model-source/recorded).
. "$(dirname "$0")/act.sh"
recorded=$platforms/model-source/recorded/out
commit_of_recorded=$(sed -n 's/.*--commit \([0-9a-f]*\).*/\1/p' "$platforms/model-source/flags")

# The clock of all verdicts: what is recorded must be neither old nor of the future.
at() {
  printf '#!/bin/sh\ncase $* in *%%Y*) echo %s ;; *) exec /bin/date "$@" ;; esac\n' "$1" >"$scratch/bin/date"
  chmod +x "$scratch/bin/date"
}
at "$(sed -n 's/.*--now \([^ ]*\).*/\1/p' "$platforms/model-source/flags")"

cp -r "$platforms/infra-manifests/repo" "$scratch/infra"
commit "$scratch/infra" 'The beginning'
git clone -q --bare "$scratch/infra" "$REMOTES/acme/infra-manifests.git"
infra() { git -C "$REMOTES/acme/infra-manifests.git" "$@"; }
runner --secret=INFRA_MANIFESTS_TOKEN=s3cret --secret=PLATFORM_TOKEN=s3cret --secret=REGISTRY_TOKEN=s3cret \
  --env=GITHUB_REPOSITORY=acme/model

# source [NAME]: the repository of the model in that failing state, as its pipeline gets it.
source() {
  rm -rf "$scratch/model" "$REMOTES/acme/model.git"
  cp -r "$platforms/model-source/repo" "$scratch/model"
  cp -r "$recorded" "$scratch/model/"
  if [ $# -gt 0 ]; then lay model-source "$1" "$scratch/model"; fi
  printf 'cancer=s3://acme-models/cancer/v1\n' >"$scratch/model/out/model"
  rm -rf "$scratch/made"
  mv "$scratch/model/out" "$scratch/made"
  for command in check train image; do printf '#!/bin/sh\n' >"$scratch/model/pipeline/$command.sh"; done
  cat >"$scratch/model/pipeline/train.sh" <<EOF
#!/bin/sh
mv '$scratch/made' out
sed -i "s/$commit_of_recorded/\$(git rev-parse HEAD)/" out/*.run.json out/metrics.json
EOF
  from_page adopt.md .github/workflows/model.yml | sed "s#https://github.com#$REMOTES#; s#infra-manifests\$#&.git#" \
    >"$scratch/model/.github/workflows/model.yml"
  commit "$scratch/model" "${1:-good}"
  git clone -q --bare "$scratch/model" "$REMOTES/acme/model.git"
  with_workflows "$scratch/model"
  rm -rf "$ARTIFACTS"
  mkdir -p "$ARTIFACTS"
}
pipeline() { (cd "$scratch/model" && act push -W .github/workflows/model.yml); }

for state in vulnerable-image bad-model; do
  source "$state"
  ends 1 pipeline
  says "title=$(code_of model-source "$state")::" 'verdict: findings (exit 1)'
done
source missing-report
ends 1 pipeline
says 'missing: the scan is required' 'verdict: no verdict (exit 2)'
[ "$(infra rev-list --count main)" = 1 ] || fail 'something was promoted'

source
ends 0 pipeline
says 'verdict: clean (exit 0)'
[ "$(infra diff --name-only main~1 main)" = apps/cancer/overlays/dev/version.yaml ] || fail "changed: $(infra diff --name-only main~1 main)"
infra show main:apps/cancer/overlays/dev/version.yaml >"$log"
says "$(cat "$recorded/image")" 's3://acme-models/cancer/v1'
[ -e "$ARTIFACTS/sluice-release/report.md" ] || fail 'no report was kept'

# What dev has held for two hours goes on to prod, and not before.
deliver=$scratch/deliver
mkdir -p "$deliver/.github/workflows"
from_page adopt.md .github/workflows/release.yml |
  sed "s#repository: .*#repository: $REMOTES/acme/infra-manifests.git#; s#environment: stg#environment: prod#; /pull-request:/d
    s#image: .*#image: registry.example.com/acme/cancer\n      model: cancer#" >"$deliver/.github/workflows/release.yml"
with_workflows "$deliver"
commit "$deliver" 'A release that promotes itself'
release() { (cd "$deliver" && act release -W .github/workflows/release.yml); }
ends 1 release
says 'promote/soaking'
at 2026-11-21T08:00:00Z
ends 0 release
infra show main:apps/cancer/overlays/prod/version.yaml >"$log"
says "$(cat "$recorded/image")" 's3://acme-models/cancer/v1'
infra log -1 --format=%B main >"$log"
says 'Promoted-To: prod' 'Promoted-From: dev' 'Checks: render=pass validate=pass policy-test=pass'
