#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# All fuzz targets in turn, with AddressSanitizer and UndefinedBehaviorSanitizer: builds the preset fuzz with clang first.
#
# usage: ci/fuzz.sh [SECONDS]    SECONDS: of all targets together (default 300)
# A reproducer lands in build/fuzz/found/. Without clang the script says so and exits 0: nothing was fuzzed then;
# SLUICE_FUZZ_REQUIRED=1 makes that an error.
# Exit: 0 nothing found (or skipped, with a line that says so) · 1 a target found something · 2 it cannot be built.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"
seconds=${1:-300}
case $seconds in '' | *[!0-9]*) echo "fuzz: $seconds is no number of seconds" >&2; exit 2 ;; esac
say() { printf 'fuzz: %s\n' "$*" >&2; }

find_clang() { for name in clang++ clang++-19 clang++-18 clang++-17 clang++-16 clang++-15 clang++-14; do
  command -v "$name" && return; done; return 1; }
if ! clang=$(find_clang) && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  say "installing clang"
  DEBIAN_FRONTEND=noninteractive sh -c 'apt-get update && apt-get install -y --no-install-recommends clang' >&2 || true
fi
if ! clang=$(find_clang); then
  say "SKIPPED, no clang: no target was run; apt-get install clang"
  [ -z "${SLUICE_FUZZ_REQUIRED:-}" ] || exit 2
  exit 0
fi

cmake --preset fuzz -DCMAKE_CXX_COMPILER="$clang" >build/fuzz.log 2>&1 && cmake --build --preset fuzz >>build/fuzz.log 2>&1 || {
  tail -n 30 build/fuzz.log >&2
  say "the targets could not be built; see build/fuzz.log"
  exit 2
}
# Seeds: our own fixtures; the first byte of an input chooses what the target does with the rest.
work=build/fuzz
seeds=$work/seeds
rm -rf "$seeds"
mkdir -p "$seeds" "$work/found"
n=0
find fixtures -type f \( -name '*.yaml' -o -name '*.json' -o -name '*.xml' -o -name '*.csv' \) -size -8k | sort | while read -r file; do
  n=$((n + 1))
  { printf '%b' "\\0$(printf %o $((n % 32)))"; cat "$file"; } >"$seeds/$n"
done
targets=$(cd "$work/fuzz" && ls)
count=$(printf '%s\n' "$targets" | wc -l)
each=$((seconds / count))
[ "$each" -gt 0 ] || each=1
found=0
for target in $targets; do
  say "$target for $each s"
  mkdir -p "$work/corpus/$target"
  if ! "$work/fuzz/$target" -max_total_time="$each" -timeout=20 -rss_limit_mb=2048 -max_len=8192 -print_final_stats=1 \
    -artifact_prefix="$work/found/$target-" "$work/corpus/$target" "$seeds" >"$work/$target.log" 2>&1; then
    tail -n 40 "$work/$target.log" >&2
    say "$target found something; the input lies in $work/found/"
    found=1
  else
    say "$(sed -n 's/^stat::number_of_executed_units: */executed inputs: /p' "$work/$target.log")"
  fi
done
exit "$found"
