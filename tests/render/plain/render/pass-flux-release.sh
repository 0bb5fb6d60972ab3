# SPDX-License-Identifier: Apache-2.0
## clusters/dev-eu@dev-eu
all clusters/dev-eu
## dev-eu/clock/clock@dev-eu
echo '{zone: Europe/Paris}' > values.yaml
helm template clock chart -n clock --kube-version 1.37.0 -f values.yaml > rendered.yaml
kustomize create --resources rendered.yaml
kustomize edit add patch --kind ConfigMap --patch '
- op: add
  path: /metadata/labels
  value: {team: time}'
kustomize build
