#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# All tests of Sluice on the release build; a checkout without binaries is made ready first.
#
# usage: ci/test.sh [CTEST ARGUMENT]...      e.g. ci/test.sh -R golden, ci/test.sh -L peers
# The labels peers and oracle (comparisons with other programs) and use (other people's CI) run only when asked for by -L.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"
ci/bootstrap.sh release
PATH=$root/build/release/bin:$root/.cache/tools/bin:$PATH
[ -n "${SLUICE_CORPUS:-}" ] || { [ -d ../shared/corpus ] && SLUICE_CORPUS=$(cd ../shared/corpus && pwd) || SLUICE_CORPUS=; }
export PATH SLUICE_CORPUS
[ $# -gt 0 ] || set -- -LE 'peers|oracle|use'
exec ctest --test-dir build/release --output-on-failure --no-tests=error --parallel "$(nproc)" \
  --output-junit "$root/build/release/tests.xml" "$@"
