# SPDX-License-Identifier: Apache-2.0
## overlays/dev@dev
kustomize build overlays/dev
## overlays/prod@prod
kustomize build overlays/prod
