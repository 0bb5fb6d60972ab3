#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""sluice-cost-proxy on two generated streams of 10,000 objects each.

    bench/cost.py [--bin build/release/bin] [--objects 10000] [--rounds 9] [--keep FOLDER]

A tenth of the objects differ between base and head. Namespaces have LimitRanges and ResourceQuotas, every fourth Deployment
an autoscaler, every tenth workload is an InferenceService with a runtime. Prints the median of CPU and wall seconds and the
peak of memory, without and with prices.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

NAMESPACE = """---
apiVersion: v1
kind: LimitRange
metadata: {{name: defaults, namespace: ns-{i}}}
spec: {{limits: [{{type: Container, default: {{cpu: 500m, memory: 512Mi}}, defaultRequest: {{cpu: 100m, memory: 128Mi}}}}]}}
---
apiVersion: v1
kind: ResourceQuota
metadata: {{name: all, namespace: ns-{i}}}
spec: {{hard: {{requests.cpu: "10000", requests.memory: 20000Gi, pods: "100000"}}}}
"""
DEPLOYMENT = """---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-{i}
  namespace: ns-{ns}
  labels:
    app.kubernetes.io/name: web-{i}
    owner: checkout
    team: team-{team}
    cost-center: cc-{team}
    env: prod
spec:
  replicas: {replicas}
  selector:
    matchLabels:
      app.kubernetes.io/name: web-{i}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: web-{i}
        team: team-{team}
    spec:
      securityContext:
        runAsNonRoot: true
      initContainers:
        - name: migrate
          image: registry.example.com/migrate:1.0.{i}
      containers:
        - name: app
          image: registry.example.com/web:1.{i}
          ports:
            - containerPort: 8080
          resources:
            requests:
              cpu: {cpu}m
              memory: 128Mi
            limits:
              cpu: 500m
              memory: 256Mi
        - name: proxy
          image: registry.example.com/proxy:2.4.1
          resources:
            requests:
              cpu: 50m
              memory: 64Mi
"""
AUTOSCALER = """---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web-{i}
  namespace: ns-{ns}
spec:
  minReplicas: 2
  maxReplicas: 10
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: web-{i}
"""
SERVICE = """---
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: model-{i}
  namespace: ns-{ns}
  labels:
    team: team-{team}
spec:
  predictor:
    minReplicas: 1
    maxReplicas: {replicas}
    model:
      modelFormat:
        name: sklearn
      storageUri: s3://models/model-{i}
"""
CONFIG = """---
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings-{i}
  namespace: ns-{ns}
data:
  LOG_LEVEL: info
  CACHE_TTL: "300"
"""
RUNTIME = """---
apiVersion: serving.kserve.io/v1alpha1
kind: ClusterServingRuntime
metadata:
  name: sklearn
spec:
  supportedModelFormats: [{name: sklearn, autoSelect: true}]
  containers:
    - name: kserve-container
      image: kserve/sklearnserver:v0.15.0
      resources: {requests: {cpu: "1", memory: 2Gi}, limits: {cpu: "1", memory: 2Gi}}
"""
PRICES = {"provider": "custom", "currencyCode": "EUR", "CPU": "0.0218", "RAM": "0.0029", "GPU": "0.95", "storage": "0.000055"}


def stream(objects, side):
    parts = [RUNTIME] + [NAMESPACE.format(i=i) for i in range(50)]
    count = 1 + 2 * 50
    i = 0
    while count < objects:
        changed = side == "head" and i % 10 == 0
        fields = {"i": i, "ns": i % 50, "team": i % 12, "replicas": 3 if changed else 2, "cpu": 150 if changed else 100}
        parts.append((SERVICE if i % 10 == 3 else CONFIG if i % 5 == 1 else DEPLOYMENT).format(**fields))
        count += 1
        if i % 8 == 0:
            parts.append(AUTOSCALER.format(**fields))
            count += 1
        i += 1
    return "".join(parts)


def measure(command, rounds):
    """Medians of CPU and wall seconds, and the peak of memory in MiB."""
    cpu, wall, memory = [], [], 0
    for _ in range(rounds):
        start = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        wall.append(time.perf_counter() - start)
        cpu.append(usage.ru_utime + usage.ru_stime)
        memory = max(memory, usage.ru_maxrss / 1024)
        if process.returncode not in (0, 1):
            sys.exit(f"{command} ended with {process.returncode}")
    return statistics.median(cpu), statistics.median(wall), memory


def main():
    flags = argparse.ArgumentParser()
    flags.add_argument("--bin", default="build/release/bin")
    flags.add_argument("--objects", type=int, default=10_000)
    flags.add_argument("--rounds", type=int, default=9)
    flags.add_argument("--keep", type=pathlib.Path, help="leave the streams in this folder")
    options = flags.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = options.keep or pathlib.Path(folder)
        work.mkdir(parents=True, exist_ok=True)
        for side in ("base", "head"):
            (work / f"{side}.yaml").write_text(stream(options.objects, side))
        (work / "prices.json").write_text(json.dumps(PRICES))
        size = (work / "head.yaml").stat().st_size / 1e6
        command = [f"{options.bin}/sluice-cost-proxy", "diff", "--base", str(work / "base.yaml"), "--head",
                   str(work / "head.yaml")]
        print(f"{options.objects} objects and {size:.1f} MB per side")
        for name, more in (("without prices", []), ("with prices", ["--prices", str(work / "prices.json")])):
            cpu, wall, memory = measure(command + more, options.rounds)
            print(f"{name:15} {cpu:6.3f} s CPU {wall:6.3f} s wall {memory:5.0f} MiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
