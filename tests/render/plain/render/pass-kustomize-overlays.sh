# SPDX-License-Identifier: Apache-2.0
## clock@dev
kustomize build clock/overlays/dev
## clock@prod
kustomize build clock/overlays/prod
