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
work=build/fuzz
rm -rf "$work/seeds"
mkdir -p "$work/found"

# seed TARGET N: standard input becomes a seed; N is its first byte, by which a target chooses what to do with the rest.
seed() { { printf '%b' "\\0$2"; cat; } >"$(mktemp "$work/seeds/$1/XXXXXX")"; }
# Golden inputs of the tool that reads such bytes; a target that is not named here gets those of all tools.
seed_files() {
  target=$1
  shift
  n=0
  for file in $(find "$@" -type f \( -name '*.yaml' -o -name '*.json' -o -name '*.xml' -o -name '*.csv' \) -size -8k | sort); do
    n=$((n + 1))
    seed "$target" "$(printf %o $((n % 32)))" <"$file"
  done
}
seeds_of() {
  mkdir -p "$work/seeds/$1"
  case $1 in
    edit_fuzz) seed_files "$1" fixtures/promote fixtures/platforms ;;
    gate_fuzz) seed_files "$1" fixtures/scan-gate fixtures/model-gate ;;
    policy_fuzz)
      for file in tests/fuzz/certificates/*.pem; do
        seed "$1" 2 <"$file"
        case $file in *request*) kind=1 ;; *) kind=0 ;; esac
        sed '/^-----/d' "$file" | base64 -d | seed "$1" $kind
      done
      grep -rhoE '\{\{[^{}]+\}\}' fixtures/policy-test policies | sed 's/^{{ *//; s/ *}}$//' | sort -u >"$work/expressions"
      while read -r line; do printf '%s' "$line" | seed "$1" 3; done <"$work/expressions"
      ;;
    validate_fuzz) seed_files "$1" fixtures/validate tests/mutants/seeds ;;
    *) seed_files "$1" fixtures ;;
  esac
}

targets=$(cd "$work/fuzz" && ls)
count=$(printf '%s\n' "$targets" | wc -l)
each=$((seconds / count))
[ "$each" -gt 0 ] || each=1
found=0
for target in $targets; do
  seeds_of "$target"
  say "$target for $each s, $(ls "$work/seeds/$target" | wc -l) seeds"
  mkdir -p "$work/corpus/$target"
  # Entropic scheduling took nine tenths of the time of targets with thousands of features (clang 14).
  if ! "$work/fuzz/$target" -max_total_time="$each" -timeout=60 -rss_limit_mb=2048 -max_len=8192 -entropic=0 -print_final_stats=1 \
    -artifact_prefix="$work/found/$target-" "$work/corpus/$target" "$work/seeds/$target" >"$work/$target.log" 2>&1; then
    tail -n 40 "$work/$target.log" >&2
    say "$target found something; the input lies in $work/found/"
    found=1
  else
    say "$(sed -n 's/^stat::number_of_executed_units: */executed inputs: /p' "$work/$target.log")"
  fi
done
exit "$found"
