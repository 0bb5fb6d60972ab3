#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes a bare repository as a platform has after some years: FILES files, COMMITS commits.

    bench/make_history.py OUT.git [FILES [COMMITS]]

Each service has ten files below envs/<env>/<service>/; each commit changes the tag of one of them.
By default 10,000 files and 50,000 commits; the same arguments give the same commit ids.
"""
import random
import subprocess
import sys

ENVIRONMENTS = ["dev", "stg", "prd"]
PER_SERVICE = 10


def text(path, tag):
    return (f"# {path}\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 2\n"
            f"  template:\n    spec:\n      containers:\n        - name: web\n"
            f"          image: registry.example.com/acme/web:1.0.{tag}\n          env:\n"
            + "".join(f"            - {{name: V{i}, value: \"{i * 7919 % 1000}\"}}\n" for i in range(20)))


def paths(files):
    for i in range(files):
        service, part = divmod(i, PER_SERVICE)
        env = ENVIRONMENTS[service % 3]
        name = "kustomization" if part == 0 else f"part{part}"
        yield f"envs/{env}/service-{service // 3:04}/{name}.yaml"


def kustomization(tag):
    return ("resources: [part1.yaml]\nimages:\n  - name: registry.example.com/acme/web\n"
            f"    newTag: 1.0.{tag} # set by the pipeline\n")


def content(path, tag):
    return kustomization(tag) if path.endswith("kustomization.yaml") else text(path, tag)


def stream(out, files, commits):
    names = list(paths(files))
    choose = random.Random(1)

    def put(line):
        out.write(line.encode())

    def blob(path, tag):
        data = content(path, tag)
        put(f"M 100644 inline {path}\ndata {len(data)}\n{data}\n")

    for n in range(commits):
        message = f"Change {n}"
        put(f"commit refs/heads/main\ncommitter Ann <ann@example.com> {1600000000 + n * 600} +0000\n"
            f"data {len(message)}\n{message}\n")
        if n == 0:
            for path in names:
                blob(path, 0)
        else:
            blob(choose.choice(names), n)
        put("\n")


def main():
    out, files, commits = (sys.argv[1:] + ["10000", "50000"][len(sys.argv) - 2:])[:3]
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", out], check=True)
    importer = subprocess.Popen(["git", "-C", out, "fast-import", "--quiet"], stdin=subprocess.PIPE)
    stream(importer.stdin, int(files), int(commits))
    importer.stdin.close()
    if importer.wait() != 0:
        sys.exit(1)
    subprocess.run(["git", "-C", out, "config", "http.receivepack", "true"], check=True)


main()
