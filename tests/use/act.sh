# SPDX-License-Identifier: Apache-2.0
# What the scripts with act share: this machine is the runner, and nothing comes from a network. The actions of others stand in
# for themselves (actions/), artifacts lie below ARTIFACTS, and the forge's repositories are REMOTES/OWNER/NAME.git, of which
# acme/sluice is this tree. sluice-run is not on PATH, as with a runner that has nothing installed.
. "$(dirname "$0")/lib.sh"
need act git jq curl python3
export REMOTES="$scratch/remotes" ARTIFACTS="$scratch/artifacts"
mkdir -p "$REMOTES/acme" "$ARTIFACTS" "$scratch/bin"
PATH=$scratch/bin:$PATH
snapshot "$scratch/sluice" action.yml ci
git clone -q --bare "$scratch/sluice" "$REMOTES/acme/sluice.git"
git -C "$REMOTES/acme/sluice.git" tag v1

# from_page PAGE FILE: the file that the page of docs/ shows under that name, with acme for OWNER.
from_page() {
  sed -n "\|^ *# $2\$|,/^ *\`\`\`\$/{/^ *\`\`\`\$/d;p}" "$SLUICE_SOURCE/docs/$1" | sed 's/OWNER/acme/'
}
# with_workflows FOLDER: a reusable workflow of another repository is fetched by act itself, which cannot be told where from:
# a copy beside its caller.
with_workflows() {
  mkdir -p "$1/.github/workflows"
  for file in "$SLUICE_SOURCE/.github/workflows/"*.yml; do
    [ "$(basename "$file")" = ci.yml ] || cp "$file" "$1/.github/workflows/"
  done
  sed -i 's#acme/sluice/\(.github/workflows/[a-z-]*.yml\)@v1#./\1#' "$1/.github/workflows/"*.yml
}

# runner FLAG...: what every call of act is told, in the file where it looks.
runner() {
  printf '%s\n' --no-cache-server --no-skip-checkout '-P=ubuntu-24.04=-self-hosted' '--container-daemon-socket=-' "$@" >"$HOME/.actrc"
  for name in REMOTES ARTIFACTS SLUICE_BIN PATH HOME GIT_CONFIG_GLOBAL; do
    printf -- '--env=%s=%s\n' "$name" "$(printenv "$name")" >>"$HOME/.actrc"
  done
  for action in $(cd "$SLUICE_SOURCE" && sed -n 's/.*uses: \(actions\/[^ ]*\).*/\1/p' action.yml .github/workflows/*.yml | sort -u); do
    repository=$(printf '%s' "${action%@*}" | cut -d / -f 1,2)
    folder=$scratch/actions/$(basename "$repository")
    mkdir -p "$folder/restore" "$folder/save"
    cp "$SLUICE_SOURCE/tests/use/actions/$(basename "$repository").yml" "$folder/action.yml"
    cp "$folder/action.yml" "$folder/restore/"
    cp "$folder/action.yml" "$folder/save/"
    printf -- '--local-repository=%s@%s=%s\n' "$repository" "${action#*@}" "$folder" >>"$HOME/.actrc"
  done
}
