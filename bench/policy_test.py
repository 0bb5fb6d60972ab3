#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""sluice-policy-test and the Kyverno CLI on the same input, in one run: 1,000 Deployments against the pod-security and
best-practices policies of kyverno/policies.

    bench/policy_test.py --bin build/release/bin --policies CORPUS/kyverno-policies [--kyverno kyverno] [--objects 1000]

Policies that use podSecurity, mutate, generate or verifyImages are left out for both. Prints CPU seconds, wall seconds and peak
memory, and the number of rule results and failures that each counts.
"""
import argparse
import json
import pathlib
import re
import resource
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
NOT_BUILT = re.compile(r"^\s*(podSecurity|mutate|generate|verifyImages|cel):", re.M)


def policies(corpus, target):
    count = 0
    for folder in ("pod-security", "best-practices"):
        for path in sorted((corpus / folder).rglob("*.yaml")):
            text = path.read_text()
            if "/." in str(path.relative_to(corpus)) or "kind: ClusterPolicy" not in text or NOT_BUILT.search(text):
                continue
            (target / f"{count:03}-{path.name}").write_text(text)
            count += 1
    return count


def measure(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run(["/usr/bin/env", "time", "-f", "%M", *command], capture_output=True, text=True, check=False)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done, cpu, wall, int(done.stderr.strip().splitlines()[-1]) / 1024


def main():
    flags = argparse.ArgumentParser()
    flags.add_argument("--bin", required=True)
    flags.add_argument("--policies", required=True, type=pathlib.Path)
    flags.add_argument("--kyverno", default="")
    flags.add_argument("--objects", type=int, default=1000)
    options = flags.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        (work / "policies").mkdir()
        count = policies(options.policies, work / "policies")
        objects = work / "objects.yaml"
        objects.write_text("".join(
            DEPLOYMENT.format(i=i, ns=i % 20, tag="latest" if i % 10 == 0 else f"1.{i}") for i in range(options.objects)))
        print(f"{options.objects} Deployments, {count} policies")
        ours = [f"{options.bin}/sluice-policy-test", str(objects), "--policies", str(work / "policies"), "--jobs", "1",
                "--format", "json"]
        done, cpu, wall, memory = measure(ours)
        summary = ", ".join(json.loads(done.stdout).get("summary", []))
        print(f"sluice   {cpu:8.2f} s CPU {wall:8.2f} s wall {memory:8.0f} MiB   {summary}")
        if options.kyverno:
            theirs = [options.kyverno, "apply", str(work / "policies"), "-r", str(objects), "--remove-color"]
            done, cpu_theirs, wall, memory = measure(theirs)
            last = next((line for line in reversed(done.stdout.splitlines()) if line.startswith("pass:")), "no summary")
            print(f"kyverno  {cpu_theirs:8.2f} s CPU {wall:8.2f} s wall {memory:8.0f} MiB   {last}")
            print(f"{cpu_theirs / max(cpu, 0.01):.0f} times less CPU")
    return 0


if __name__ == "__main__":
    sys.exit(main())
