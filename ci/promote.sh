#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# One promotion, from the variables that a pipeline sets: REPOSITORY, ENVIRONMENT, IMAGE or MODEL (or both), PULL_REQUEST
# (true or not). The token is SLUICE_GIT_TOKEN.
#
# usage: ci/promote.sh [FOLDER]     FOLDER: verdicts of the gates (*.evidence), as ci/gitlab.sh and ci/run.sh leave them
set -eu
folder=${1:-}
set -- --repository "$REPOSITORY" --to "$ENVIRONMENT"
[ -z "${IMAGE:-}" ] || set -- "$@" --image "$IMAGE"
[ -z "${MODEL:-}" ] || set -- "$@" --model "$MODEL"
[ "${PULL_REQUEST:-}" != true ] || set -- "$@" --pull-request
if [ -n "$folder" ]; then
  for file in "$folder"/*.evidence; do [ ! -f "$file" ] || set -- "$@" --evidence "$file"; done
fi
exec sluice-promote set "$@" --now "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
