# SPDX-License-Identifier: Apache-2.0
## infrastructure/root-app.yaml@prod
cat infrastructure/root-app.yaml
## infrastructure@prod
all infrastructure/apps
## crds@prod
all infrastructure/crds
## namespaces@prod
all infrastructure/namespaces infrastructure/namespaces/inference-prod
## serving-runtimes@prod
all infrastructure/serving-runtimes
## ticket-router@prod
all apps/ticket-router
## churn-scorer@prod
kustomize build apps/churn-scorer
## iris-classifier@prod
kustomize build apps/iris-classifier
## kserve-config@prod
kustomize build infrastructure/kserve/overlays/prod
## kyverno-config@prod
kustomize build infrastructure/kyverno/overlays/prod
## policies@prod
kustomize build infrastructure/policies
## developer-portal-staging@staging
cd infrastructure/developer-portal
helm template developer-portal . -n portal-staging --kube-version 1.33.0 --include-crds \
  -f values.yaml -f values-staging.yaml --set portal.ingress.host=portal.staging.example.com
## developer-portal-prod@prod
cd infrastructure/developer-portal
helm template developer-portal . -n portal-prod --kube-version 1.33.0 --include-crds \
  -f values.yaml -f values-prod.yaml --set portal.ingress.host=portal.example.com
## embedding-api@prod
helm template embedding-api templates/golden-path -n inference-prod --kube-version 1.33.0 --include-crds \
  -f services/embedding-api/values.yaml
## feature-lookup@prod
helm template feature-lookup templates/golden-path -n inference-prod --kube-version 1.33.0 --include-crds \
  -f services/feature-lookup/values.yaml
