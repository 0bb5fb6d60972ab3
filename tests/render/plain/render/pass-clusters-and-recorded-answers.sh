# SPDX-License-Identifier: Apache-2.0
## argocd/sets.yaml@default
cat argocd/sets.yaml
## web-prod-eu@default
all apps/web
## web-prod-us@default
all apps/web
## preview-12@default
all apps/preview
## preview-15@default
all apps/preview
