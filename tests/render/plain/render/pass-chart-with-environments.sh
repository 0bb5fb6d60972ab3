# SPDX-License-Identifier: Apache-2.0
## chart@dev
helm template chart chart --kube-version 1.37.0 -f envs/dev/values.yaml
## chart@prod
helm template chart chart --kube-version 1.37.0 -f envs/prod/values.yaml
