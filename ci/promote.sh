#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# One promotion, from the variables that a pipeline sets: REPOSITORY, ENVIRONMENT, IMAGE or MODEL (or both), PULL_REQUEST
# (true or not). The token is SLUICE_GIT_TOKEN.
#
# usage: ci/promote.sh [FOLDER]     FOLDER: verdicts of the gates (*.json), as sluice-scan-gate and sluice-model-gate write them
set -eu
folder=${1:-}
set -- --repository "$REPOSITORY" --to "$ENVIRONMENT"
[ -z "${IMAGE:-}" ] || set -- "$@" --image "$IMAGE"
[ -z "${MODEL:-}" ] || set -- "$@" --model "$MODEL"
[ "${PULL_REQUEST:-}" != true ] || set -- "$@" --pull-request
for file in "$folder"/*.json; do
  [ ! -f "$file" ] || set -- "$@" --evidence "$file"
done
exec sluice-promote set "$@" --now "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
