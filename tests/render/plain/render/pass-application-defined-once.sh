# SPDX-License-Identifier: Apache-2.0
## argocd/all.yaml@default
cat argocd/all.yaml
## web@default
all apps/web
