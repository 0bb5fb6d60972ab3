#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One promotion in a large repository: sluice-promote beside clone + kustomize + push.

    bench/promote.py --bin build/release/bin [--files 10000] [--commits 50000] [--rounds 5]

Makes a bare repository on disk with `git fast-import` (half a minute), then promotes one image of
one service to its first environment, again and again, each time to the next version:

  warm      sluice-promote with its copy in the cache, as any run but the first; --no-check, because
            the other side checks nothing either
  warm-hash the same with a tag that is a hash, so that the history is asked whether it was left;
            the first of them walks it and keeps what it has seen
  peers     git clone --depth 1, kustomize edit set image, git commit, git push

Prints wall time (median and worst of the rounds). kustomize must be on PATH for the last row. The
repository is reached by a path on this disk: neither side waits for a network.
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("--bin", required=True)
parser.add_argument("--files", type=int, default=10_000)
parser.add_argument("--commits", type=int, default=50_000)
parser.add_argument("--rounds", type=int, default=5)
arguments = parser.parse_args()
promote = os.path.join(os.path.abspath(arguments.bin), "sluice-promote")
environments = ("dev", "stg", "prd")
services = arguments.files // len(environments)


def kustomization(service, tag):
    return (f"resources: [../../../base/s{service}]\nimages:\n"
            f"  - name: registry.example.com/acme/s{service}  # the service\n"
            f"    newTag: \"{tag}\"\n").encode()


def generate(path):
    """The repository: all files in the first commit, then one file in each."""
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", path], check=True)
    lines = subprocess.Popen(["git", "-C", path, "fast-import", "--quiet"], stdin=subprocess.PIPE)
    out = lines.stdin

    def commit(number, changes):
        message = f"Change {number}".encode()
        out.write(b"commit refs/heads/main\nmark :%d\n" % (number + 1))
        out.write(b"committer Ada <ada@example.com> %d +0000\n" % (1_600_000_000 + 60 * number))
        out.write(b"data %d\n%s\n" % (len(message), message))
        for name, data in changes:
            out.write(b"M 100644 inline %s\ndata %d\n%s\n" % (name.encode(), len(data), data))

    def place(environment, service):
        return f"envs/{environment}/g{service % 60}/s{service}/kustomization.yaml"

    first = [(place(environment, service), kustomization(service, "1.0.0"))
             for environment in environments for service in range(services)]
    order = "".join(
        f"- {{name: {name}, match: {{path: ['envs/{name}/**']}}"
        + (f", after: [{environments[i - 1]}]" if i else "") + "}\n"
        for i, name in enumerate(environments))
    first.append(("sluice.yaml", b"environments:\n" + order.encode()))
    commit(0, first)
    for number in range(1, arguments.commits):
        service = number % services
        commit(number, [(place("prd", service), kustomization(service, f"1.0.{number}"))])
    out.close()
    if lines.wait() != 0:
        sys.exit("git fast-import failed")
    subprocess.run(["git", "-C", path, "repack", "-adq"], check=True)


def measure(name, run):
    times = []
    for number in range(arguments.rounds + 1):
        start = time.perf_counter()
        run(number)
        times.append(time.perf_counter() - start)
    first, rest = times[0], times[1:]
    print(f"{name:9} {statistics.median(rest):8.3f} s  worst {max(rest):8.3f} s  first {first:8.3f} s",
          flush=True)


def main():
    with tempfile.TemporaryDirectory() as scratch:
        bare = os.path.join(scratch, "platform.git")
        generate(bare)
        env = {**os.environ, "HOME": scratch, "GIT_CONFIG_NOSYSTEM": "1"}
        for key in ("AUTHOR", "COMMITTER"):
            env[f"GIT_{key}_NAME"], env[f"GIT_{key}_EMAIL"] = "Ada", "ada@example.com"

        def ours(tags):
            def run(number):
                subprocess.run(
                    [promote, "--repository", bare, "--no-check", "--quiet", "--to", "dev",
                     "--image", f"registry.example.com/acme/s7:{tags(number)}"],
                    check=True, env=env, stdout=subprocess.DEVNULL)
            return run

        def peers(number):
            work = os.path.join(scratch, f"work{number}")
            subprocess.run(["git", "clone", "-q", "--depth", "1", "file://" + bare, work],
                           check=True, env=env)
            folder = os.path.join(work, "envs/dev/g8/s8")
            subprocess.run(["kustomize", "edit", "set", "image",
                            f"registry.example.com/acme/s8=:2.0.{number}"], check=True, cwd=folder,
                           env=env)
            for words in (["commit", "-qam", "Promote"], ["push", "-q"]):
                subprocess.run(["git", *words], check=True, cwd=work, env=env)
            shutil.rmtree(work)

        print(f"{arguments.files} files, {arguments.commits} commits, {arguments.rounds} rounds", flush=True)
        measure("warm", ours(lambda number: f"2.0.{number}"))
        measure("warm-hash", ours(lambda number: f"{0xabc1230 + number:07x}"))
        if shutil.which("kustomize"):
            measure("peers", peers)


main()
