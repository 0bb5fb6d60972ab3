# SPDX-License-Identifier: Apache-2.0
## argocd-app-dev.yaml@control
cat argocd-app-dev.yaml
## argocd-app-prod.yaml@control
cat argocd-app-prod.yaml
## argocd-app-staging.yaml@control
cat argocd-app-staging.yaml
## argocd-crds.yaml@control
cat argocd-crds.yaml
## platform-crds-dev@dev
all crds
## platform-crds-staging@staging
all crds
## platform-crds-prod@prod
all crds
## scheduler-dev@dev
helm template scheduler charts/scheduler -n scheduler --kube-version 1.34.0 --include-crds -f envs/dev/values.yaml
## scheduler-staging@staging
helm template scheduler charts/scheduler -n scheduler --kube-version 1.34.0 --include-crds -f envs/staging/values.yaml
## scheduler-prod@prod
helm template scheduler charts/scheduler -n scheduler --kube-version 1.34.0 --include-crds -f envs/prod/values.yaml
