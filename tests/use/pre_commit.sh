#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The hooks, in the real pre-commit, from a clone of this tree.
. "$(dirname "$0")/lib.sh"
need pre-commit git
export PRE_COMMIT_HOME="$scratch/cache"
snapshot "$scratch/sluice" .pre-commit-hooks.yaml ci
rev=$(git -C "$scratch/sluice" rev-parse HEAD)

# repository FOLDER HOOK: the inference platform with that hook, installed.
repository() {
  cp -r "$platforms/inference-argocd/repo" "$1"
  printf 'repos:\n  - repo: %s\n    rev: %s\n    hooks:\n%s\n' "$scratch/sluice" "$rev" "$2" >"$1/.pre-commit-config.yaml"
  commit "$1" 'A platform without hooks'
  cd "$1"
  ends 0 pre-commit install
}

repository "$scratch/platform" '      - id: sluice'
ends 0 pre-commit run --all-files  # the whole repository

# A commit is checked for the app that it touches, and for nothing else: the broken app beside it is not its concern.
lay inference-argocd unknown-field "$scratch/platform"
git add -A
ends 1 git commit -q -m 'A field that no schema has'
says 'schema/unknown-field' 'verdict: findings (exit 1)'
git commit -q --no-verify -m 'The same, past the hook'
app=$(git show --name-only --format= | head -n 1)
printf '# a word\n' >>apps/churn-scorer/base/inference-service.yaml
git add -A
ends 0 git commit -q -m 'Another app'
[ "$(cat .git/sluice/units)" = --unit=churn-scorer ] || fail "checked $(cat .git/sluice/units)"
git revert --no-edit HEAD~1 >/dev/null
[ -z "$(git status --porcelain)" ] || fail 'the hook left something in the work tree'
printf '# A word\n' >>"$app"
git add -A
ends 0 git commit -q -m 'The mended app'

# Nor is an app that nobody has added yet.
cp -r apps/ticket-router apps/draft
sed -i 's/ticket-router/draft/; s/replicas:/replica:/' apps/draft/*.yaml
printf '# two words\n' >>"$app"
git add "$app"
ends 0 git commit -q -m 'An app beside a draft'
git add -A
ends 1 git commit -q -m 'The draft'
says 'schema/unknown-field'
git reset -q --hard
rm -rf apps/draft

# What no app is made of concerns all of them; what nobody delivers, none.
printf '\n# a word\n' >>sluice.yaml
git add -A
ends 0 git commit -q -m 'The configuration'
[ "$(cat .git/sluice/units)" = everything ] || fail "checked $(cat .git/sluice/units)"
printf 'Hello\n' >>HELLO.md
git add -A
ends 0 git commit -q -m 'A page'
[ ! -s .git/sluice/units ] || fail "checked $(cat .git/sluice/units)"

# A commit that a render cannot decide about does not pass.
lay inference-argocd broken-chart "$scratch/platform"
git add -A
ends 1 git commit -q -m 'A chart that does not render'
says 'no verdict'

# Plain manifests, by name.
repository "$scratch/plain" '      - id: sluice-validate
        files: ^infrastructure/namespaces/
      - id: sluice-policy-test
        files: ^infrastructure/namespaces/'
sed -i 's/^kind: Namespace/kind: Namespaces/' infrastructure/namespaces/system.yaml
git add -A
ends 1 git commit -q -m 'A kind that there is not'
says 'infrastructure/namespaces/system.yaml:' 'Namespaces'
git checkout -q HEAD -- .
printf '# a word\n' >>infrastructure/namespaces/system.yaml
git add -A
ends 0 git commit -q -m 'A word'
