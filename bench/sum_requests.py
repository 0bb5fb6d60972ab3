#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""sum_requests.py BASE HEAD: what the workloads of two folders request, and the difference, by file (an environment each).

The cost script of a team without sluice-cost-proxy, for bench/chain.py to compare with: pod requests times replicas, by
libyaml through PyYAML. It knows no HorizontalPodAutoscaler, init container, LimitRange or runtime of KServe.
"""
import collections
import decimal
import pathlib
import sys

import yaml

SUFFIXES = {"m": "0.001", "k": "1e3", "M": "1e6", "G": "1e9", "T": "1e12",
            "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}


def quantity(text):
    text = str(text)
    number = text.rstrip("mkMGTi")
    return decimal.Decimal(number) * decimal.Decimal(SUFFIXES.get(text[len(number):], 1))


def containers(thing):
    """(replicas, containers) of a workload; nothing of what is none."""
    spec = thing.get("spec") or {}
    if thing["kind"] == "InferenceService":
        predictor = spec["predictor"]
        return predictor.get("minReplicas", 1), [predictor["model"]]
    if thing["kind"] in ("Deployment", "StatefulSet"):
        return spec.get("replicas", 1), spec["template"]["spec"]["containers"]
    return 0, []


def requests(folder):
    total = collections.Counter()
    for file in sorted(pathlib.Path(folder).iterdir()):
        with open(file, encoding="utf-8") as stream:
            for thing in yaml.load_all(stream, Loader=yaml.CSafeLoader):
                replicas, parts = containers(thing)
                for part in parts:
                    for resource, amount in part.get("resources", {}).get("requests", {}).items():
                        total[file.stem, resource] += replicas * quantity(amount)
    return total


base, head = map(requests, sys.argv[1:3])
for key in sorted({*base, *head}):
    print(*key, base[key], head[key], head[key] - base[key])
