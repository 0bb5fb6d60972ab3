#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What ci/release.sh makes: the Debian package installs, runs and is gone again in a bare Debian 12 root. SLUICE_BARE_ROOT
# names a folder with one (as debootstrap makes it); it is copied. Needs root, and the package mirror for the libraries.
. "$(dirname "$0")/lib.sh"
need cpack dpkg-deb dpkg-shlibdeps
[ -n "${SLUICE_BARE_ROOT:-}" ] && [ -x "$SLUICE_BARE_ROOT/usr/bin/dpkg" ] || skip 'SLUICE_BARE_ROOT names no Debian root'
[ "$(id -u)" = 0 ] || skip 'only root can enter another root'

ends 0 cpack --config "$SLUICE_BUILD/CPackConfig.cmake" -G DEB -B "$scratch"
package=$(basename "$scratch"/*.deb)
dpkg-deb -f "$scratch/$package" Depends >"$log"
says libgit2 libyaml-cpp libspdlog libc6
dpkg-deb -c "$scratch/$package" >"$scratch/parts"
for part in usr/bin/sluice-run usr/share/man/man1/sluice-render.1 usr/share/sluice/schemas/sluice.schema.json \
  usr/share/bash-completion/completions/sluice-validate usr/share/zsh/vendor-completions/_sluice-validate \
  usr/share/fish/vendor_completions.d/sluice-validate.fish usr/share/doc/sluice/docs/runbook.md; do
  grep -q " ./$part\$" "$scratch/parts" || fail "the package lacks $part"
done

bare=$scratch/root
cp -a "$SLUICE_BARE_ROOT/." "$bare"
cp /etc/resolv.conf "$bare/etc/"
cp /etc/ssl/certs/ca-certificates.crt "$bare/etc/ssl/certs/"
cp "$scratch/$package" "$bare/tmp/"
mkdir "$bare/tmp/repository"
cat >"$bare/tmp/repository/quota.yaml" <<'EOF'
apiVersion: v1
kind: ResourceQuota
metadata: {name: team, namespace: prod, labels: {team: shop, owner: ada, cost-center: cc-1, env: prod}}
spec: {hard: {requests.cpu: "8"}}
EOF
cp -r "$bare/tmp/repository" "$bare/tmp/broken"
sed -i 's/hard:/hart:/' "$bare/tmp/broken/quota.yaml"
mount --bind /proc "$bare/proc"
trap 'umount "$bare/proc" 2>/dev/null; rm -rf --one-file-system "$scratch"' EXIT
# inside COMMAND: in the bare root, with nothing of this machine but its proxies.
inside() {
  # shellcheck disable=SC2046
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 \
    $(env | grep -E '^(https?_proxy|HTTPS?_PROXY|no_proxy|NO_PROXY)=' || true) chroot "$bare" sh -c "$1"
}
# The libraries come first, so that what is compared is the package alone.
ends 0 inside 'apt-get update -qq && apt-get install -qqy --no-install-recommends $(dpkg-deb -f /tmp/*.deb Depends | sed "s/ ([^)]*)//g; s/,//g")'
files='find / -xdev -not -path "/proc/*" -not -path "/tmp/*" -not -path "/var/*" | LC_ALL=C sort'
inside "$files" >"$scratch/before"
ends 0 inside 'apt-get install -qqy --no-install-recommends /tmp/*.deb'
for program in "$SLUICE_BIN"/sluice-*; do
  ends 0 inside "$(basename "$program") --version"
done
ends 0 inside 'sluice-run /tmp/repository --out /tmp/out'
says 'rendered = validated = policy-checked: 1 object' 'verdict: clean (exit 0)'
ends 1 inside 'sluice-run /tmp/broken --out /tmp/out'
says 'schema/unknown-field'
ends 0 inside 'apt-get purge -qqy sluice'
inside "$files" >"$scratch/after"
cmp -s "$scratch/before" "$scratch/after" || { diff "$scratch/before" "$scratch/after" >"$log"; fail 'something was left behind'; }
