# SPDX-License-Identifier: Apache-2.0
## clusters/production@production
all clusters/production
## production/flux-system/apps@production
kustomize build apps/production
## production/flux-system/infra-controllers@production
kustomize build infrastructure/controllers
## production/flux-system/infra-configs@production
cd infrastructure/configs
kustomize edit add patch --kind ClusterIssuer --name letsencrypt --patch '
- op: replace
  path: /spec/acme/server
  value: "https://acme-v02.api.letsencrypt.org/directory"'
kustomize build
## production/podinfo/podinfo@production
# skipped: chart podinfo >=1.0.0
## production/cert-manager/cert-manager@production
# skipped: OCIRepository cert-manager/cert-manager
## production/envoy-gateway-system/envoy-gateway@production
# skipped: OCIRepository envoy-gateway-system/gateway-helm
## clusters/staging@staging
all clusters/staging
## staging/flux-system/apps@staging
kustomize build apps/staging
## staging/flux-system/infra-controllers@staging
kustomize build infrastructure/controllers
## staging/flux-system/infra-configs@staging
cd infrastructure/configs
kustomize edit add patch --kind ClusterIssuer --name letsencrypt --patch '
- op: replace
  path: /spec/acme/server
  value: "https://acme-staging-v02.api.letsencrypt.org/directory"'
kustomize build
## staging/podinfo/podinfo@staging
# skipped: chart podinfo >=1.0.0
## staging/cert-manager/cert-manager@staging
# skipped: OCIRepository cert-manager/cert-manager
## staging/envoy-gateway-system/envoy-gateway@staging
# skipped: OCIRepository envoy-gateway-system/gateway-helm
