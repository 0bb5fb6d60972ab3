# SPDX-License-Identifier: Apache-2.0
## argocd/cancer-dev.yaml@dev
cat argocd/cancer-dev.yaml
## argocd/cancer-prod.yaml@prod
cat argocd/cancer-prod.yaml
## cancer-dev@dev
kustomize build apps/cancer/overlays/dev
## cancer-prod@prod
kustomize build apps/cancer/overlays/prod
