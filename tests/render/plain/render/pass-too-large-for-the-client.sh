# SPDX-License-Identifier: Apache-2.0
## argocd.yaml@default
cat argocd.yaml
## dashboards@default
helm template dashboards chart -n monitoring --kube-version 1.37.0
