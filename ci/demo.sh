#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Sluice in a minute: a platform that is in order, four changes to it that go wrong elsewhere, and the mended one.
# What it prints is shown in docs/demo.md, and a test compares.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
platform=$here/../fixtures/platforms/inference-argocd
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# judge [FLAG]...: runs the chain on the platform and shows the errors, each with its hint, and the verdict.
judge() {
  "$here/run.sh" "$work/platform" --out "$work/run" "$@" >"$work/log" 2>&1 || true
  awk '
    /: error: / && !seen[$0]++ { print "   " $0; shown = 1; next }
    shown && /^  / { print "   " $0; next }
    { shown = 0 }
    /^verdict: / { print "   " $0 }' "$work/log"
}
# change NAME TEXT: lays a failing state over the platform, and takes it off again.
change() {
  printf '\n%s\n' "$2"
  cp -r "$platform/repo" "$work/platform"
  cp -r "$platform/fail/$1/." "$work/platform/"
  sed -n 's/^delete //p' "$work/platform/expect" | while read -r path; do rm -r "${work:?}/platform/$path"; done
  shift 2
  judge "$@"
  rm -rf "$work/platform"
}

printf 'A platform: Argo CD, a chart, overlays, models, policies.\n'
cp -r "$platform/repo" "$work/platform"
judge
rm -rf "$work/platform"
change mis-nested-values 'Somebody sets a probe, one level too high in the values. Helm and the chart accept it.'
change unknown-field 'Somebody writes "replica". A cluster drops the field and runs one pod.'
change latest-tag 'Somebody deploys "latest".'
change removed-crd 'Somebody tidies up a definition. Every object of its kind would go with it.' --base "$platform/repo"
printf '\nThe platform as it was.\n'
cp -r "$platform/repo" "$work/platform"
judge
