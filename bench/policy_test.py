#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""sluice-policy-test and the Kyverno CLI on the same input, in one run: 1,000 Deployments against the pod-security and
best-practices policies of kyverno/policies.

    bench/policy_test.py --bin build/release/bin --policies CORPUS/kyverno-policies [--kyverno kyverno] [--objects 1000]

Policies that mutate, generate, verify images or use CEL are left out for both. Prints CPU seconds, wall seconds and peak memory,
and the number of rule results and failures that each counts; then the same for one Pod.
"""
import argparse
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

DEPLOYMENT = """---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-{i}
  namespace: ns-{ns}
  labels: {{owner: checkout, team: search, cost-center: cc-1, env: prod, app: web-{i}}}
spec:
  replicas: 2
  selector: {{matchLabels: {{app: web-{i}}}}}
  template:
    metadata:
      labels: {{owner: checkout, team: search, cost-center: cc-1, env: prod, app: web-{i}}}
    spec:
      securityContext: {{runAsNonRoot: true, seccompProfile: {{type: RuntimeDefault}}}}
      containers:
        - name: app
          image: registry.example.com/web:{tag}
          resources: {{requests: {{cpu: 100m, memory: 128Mi}}, limits: {{cpu: 500m, memory: 256Mi}}}}
          securityContext: {{allowPrivilegeEscalation: false, capabilities: {{drop: [ALL]}}}}
        - name: proxy
          image: registry.example.com/proxy:2.4.1
          resources: {{requests: {{cpu: 50m, memory: 64Mi}}, limits: {{cpu: 200m, memory: 128Mi}}}}
          securityContext: {{allowPrivilegeEscalation: false, capabilities: {{drop: [ALL]}}}}
"""
POD = """apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {containers: [{name: app, image: registry.example.com/web:1.0}]}
"""
# What changes objects is left out: its results are in no report of the CLI.
LEFT_OUT = re.compile(r"^\s*(mutate|generate|verifyImages|cel):", re.M)


def policies(corpus, target):
    count = 0
    for folder in ("pod-security", "best-practices"):
        for path in sorted((corpus / folder).rglob("*.yaml")):
            text = path.read_text()
            if "/." in str(path.relative_to(corpus)) or "kind: ClusterPolicy" not in text or LEFT_OUT.search(text):
                continue
            (target / f"{count:03}-{path.name}").write_text(text)
            count += 1
    return count


def measure(command, rounds=1):
    """Medians of CPU and wall seconds, the peak of memory in MiB (at least this program's own), the last output."""
    cpu, wall, memory = [], [], 0
    for _ in range(rounds):
        with tempfile.TemporaryFile("w+") as output:
            start = time.perf_counter()
            child = subprocess.Popen(command, stdout=output, stderr=subprocess.DEVNULL)
            used = os.wait4(child.pid, 0)[2]  # of this child alone
            wall.append(time.perf_counter() - start)
            child.returncode = 0  # waited for already
            output.seek(0)
            printed = output.read()
        cpu.append(used.ru_utime + used.ru_stime)
        memory = max(memory, used.ru_maxrss / 1024)
    return printed, statistics.median(cpu), statistics.median(wall), memory


def show(name, cpu, wall, memory, last):
    print(f"{name:8} {cpu:8.3f} s CPU {wall:8.3f} s wall {memory:6.0f} MiB   {last}")


def pair(work, options, objects, rounds):
    ours = [f"{options.bin}/sluice-policy-test", str(objects), "--policies", str(work / "policies"), "--jobs", "1"]
    printed, cpu, wall, memory = measure(ours, rounds)
    show("sluice", cpu, wall, memory, printed.strip().splitlines()[-1])
    if options.kyverno:
        theirs = [options.kyverno, "apply", str(work / "policies"), "-r", str(objects), "--remove-color"]
        printed, cpu_theirs, wall, memory = measure(theirs, options.rounds)
        last = next((line for line in reversed(printed.splitlines()) if line.startswith("pass:")), "no summary")
        show("kyverno", cpu_theirs, wall, memory, last)
        print(f"{cpu_theirs / max(cpu, 0.001):.0f} times less CPU")


def main():
    flags = argparse.ArgumentParser()
    flags.add_argument("--bin", required=True)
    flags.add_argument("--policies", required=True, type=pathlib.Path)
    flags.add_argument("--kyverno", default="")
    flags.add_argument("--objects", type=int, default=1000)
    flags.add_argument("--rounds", type=int, default=1, help="runs of the CLI; of ours five times as many")
    options = flags.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        (work / "policies").mkdir()
        count = policies(options.policies, work / "policies")
        objects = work / "objects.yaml"
        objects.write_text("".join(
            DEPLOYMENT.format(i=i, ns=i % 20, tag="latest" if i % 10 == 0 else f"1.{i}") for i in range(options.objects)))
        print(f"{options.objects} Deployments, {count} policies")
        pair(work, options, objects, 5 * options.rounds)
        (work / "pod.yaml").write_text(POD)
        print(f"one Pod, {count} policies")
        pair(work, options, work / "pod.yaml", 20 * options.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
