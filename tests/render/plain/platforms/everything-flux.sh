# SPDX-License-Identifier: Apache-2.0
## dev-eu-west/flux-system/flux-system@dev
all clusters/dev-eu-west clusters/dev-eu-west/flux-system
## dev-eu-west/flux-system/crds@dev
all infrastructure/crds
## dev-eu-west/flux-system/namespaces@dev
cd infrastructure/namespaces
kustomize build | sed -e 's/${environment}/dev/' -e 's/${region}/eu-west/' -e 's/${gpu_pool:=shared}/shared/'
## dev-eu-west/flux-system/serving@dev
cd apps/overlays/dev/serving
kustomize edit set namespace serving
kustomize edit add component ../../../../components/gpu-mig
kustomize edit set image vllm-openai=registry.example.com/vllm/vllm-openai:v0.11.0
kustomize build | sed -e 's/${environment}/dev/' -e 's/${region}/eu-west/' -e 's/${max_model_len}/4096/'
## dev-eu-west/flux-system/mlops@dev
cd apps/overlays/dev/mlops
kustomize edit set namespace mlops
kustomize build | sed -e 's/${environment}/dev/' -e 's/${region}/eu-west/' -e 's/${cluster}/dev-eu-west/' \
    -e 's/${base_domain}/dev.ml.example.com/' -e 's/$${/${/'
## dev-eu-west/mlops/mlflow@dev
cat > values.yaml <<END
ownership: {owner: ml-platform, team: training, costCenter: cc-7200}
tags: {environment: dev, region: eu-west}
host: mlflow.dev.ml.example.com
artifacts: {root: s3://acme-mlflow-dev-eu-west/artifacts}
server:
  # replicas: as the chart says
  workers: 2
  resources: {requests: {cpu: 250m, memory: 1Gi}, limits: {cpu: "1", memory: 2Gi}}
END
mkdir charts/mlflow/charts
cp -r charts/common charts/mlflow/charts/common
helm template mlflow charts/mlflow -n mlops --kube-version 1.32.0 --include-crds --skip-tests -f values.yaml
## stg-eu-west/flux-system/flux-system@stg
all clusters/stg-eu-west clusters/stg-eu-west/flux-system
## stg-eu-west/flux-system/crds@stg
all infrastructure/crds
## stg-eu-west/flux-system/namespaces@stg
cd infrastructure/namespaces
kustomize build | sed -e 's/${environment}/stg/' -e 's/${region}/eu-west/' -e 's/${gpu_pool:=shared}/shared/'
## stg-eu-west/flux-system/serving@stg
cd apps/overlays/stg/serving
kustomize edit set namespace serving
kustomize edit add component ../../../../components/gpu-h100
kustomize edit set image vllm-openai=registry.example.com/vllm/vllm-openai:v0.10.2
kustomize build | sed -e 's/${environment}/stg/' -e 's/${region}/eu-west/' -e 's/${max_model_len}/8192/'
## stg-eu-west/flux-system/mlops@stg
cd apps/overlays/stg/mlops
kustomize edit set namespace mlops
kustomize build | sed -e 's/${environment}/stg/' -e 's/${region}/eu-west/' -e 's/${cluster}/stg-eu-west/' \
    -e 's/${base_domain}/stg.ml.example.com/' -e 's/$${/${/'
## stg-eu-west/mlops/mlflow@stg
cat > values.yaml <<END
ownership: {owner: ml-platform, team: training, costCenter: cc-7200}
tags: {environment: stg, region: eu-west}
host: mlflow.stg.ml.example.com
artifacts: {root: s3://acme-mlflow-stg-eu-west/artifacts}
server:
  # replicas: as the chart says
  workers: 2
  resources: {requests: {cpu: 250m, memory: 1Gi}, limits: {cpu: "1", memory: 2Gi}}
END
mkdir charts/mlflow/charts
cp -r charts/common charts/mlflow/charts/common
helm template mlflow charts/mlflow -n mlops --kube-version 1.32.0 --include-crds --skip-tests -f values.yaml
## prd-us-east/flux-system/flux-system@prd
all clusters/prd-us-east clusters/prd-us-east/flux-system
## prd-us-east/flux-system/crds@prd
all infrastructure/crds
## prd-us-east/flux-system/namespaces@prd
cd infrastructure/namespaces
kustomize edit add patch --kind ResourceQuota --name compute --namespace serving --patch '
- op: replace
  path: /spec/hard/requests.nvidia.com~1gpu
  value: "8"
- op: replace
  path: /spec/hard/requests.memory
  value: 512Gi'
kustomize build | sed -e 's/${environment}/prd/' -e 's/${region}/us-east/' -e 's/${gpu_pool:=shared}/dedicated/'
## prd-us-east/flux-system/serving@prd
cd apps/overlays/prd/serving
kustomize edit set namespace serving
kustomize edit add component ../../../../components/gpu-h100
kustomize edit set image vllm-openai=registry.example.com/vllm/vllm-openai:v0.10.1
kustomize edit add patch --patch '
apiVersion: apps/v1
kind: Deployment
metadata: {name: vllm-chat}
spec:
  template:
    spec:
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: topology.kubernetes.io/zone
          whenUnsatisfiable: ScheduleAnyway
          labelSelector: {matchLabels: {app.kubernetes.io/name: vllm-chat}}'
kustomize build | sed -e 's/${environment}/prd/' -e 's/${region}/us-east/' -e 's/${max_model_len}/16384/'
## prd-us-east/flux-system/mlops@prd
cd apps/overlays/prd/mlops
kustomize edit set namespace mlops
kustomize build | sed -e 's/${environment}/prd/' -e 's/${region}/us-east/' -e 's/${cluster}/prd-us-east/' \
    -e 's/${base_domain}/ml.example.com/' -e 's/$${/${/'
## prd-us-east/mlops/mlflow@prd
cat > values.yaml <<END
ownership: {owner: ml-platform, team: training, costCenter: cc-7200}
tags: {environment: prd, region: us-east}
host: mlflow.ml.example.com
artifacts: {root: s3://acme-mlflow-prd-us-east/artifacts}
server:
  replicas: 2
  workers: 4
  resources: {requests: {cpu: 250m, memory: 1Gi}, limits: {cpu: "1", memory: 2Gi}}
END
mkdir charts/mlflow/charts
cp -r charts/common charts/mlflow/charts/common
helm template mlflow charts/mlflow -n mlops --kube-version 1.32.0 --include-crds --skip-tests -f values.yaml
