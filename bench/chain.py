#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bench/chain.py GENERATOR [-n APPS] [--bin DIR] [--keep DIR]

The chain of a pull request that changes one application of a repository of APPS applications in three environments,
`ci/run.sh REPO --base HEAD^` with nothing kept from a run before, beside the same work done with other programs:

    base and head rendered     helm template and kustomize build, once for each unit, on all cores
    validation of the head     kubeconform, strict
    policies over the head     the Kyverno CLI
    cost of base and head      bench/sum_requests.py, with libyaml

Both have the same policies (the shipped pack) and the same Kubernetes version. What the chain does beyond that is in its
figures: Argo CD's Applications, values without effect, the base's policies, references, plan, ledger, reports. The chain
renders once what base and head share; the other side knows no such thing.

GENERATOR is a program as bench/render.py describes it. helm, kustomize, kubeconform and kyverno are taken from PATH, the
tools of Sluice from --bin (default build/release/bin), and from the environment:
  KUBECONFORM_SCHEMAS   as in bench/validate.py
  KUBE_VERSION          default 1.37

--keep names the scratch folder (it stays); on a tmpfs, what a disk takes to make thousands of files is left out.

CPU is user and system time of all processes. What helm and kustomize take of it is measured on both sides by the same
stand-in, bench/metered.cpp, and is taken off both. Behind the kernel's fence that sluice-render puts around programs it could
neither start the real one nor write down what it cost, so the kernel says here that it has no Landlock, as older ones do.
"""
import argparse
import concurrent.futures
import ctypes
import json
import os
import pathlib
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
RENDERERS = ("helm", "kustomize")


class Meter:
    """Time, and how much of it helm and kustomize took."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True)
        subprocess.run(["c++", "-O2", "-static", "-o", folder / "metered", ROOT / "bench/metered.cpp"], check=True)
        for name in RENDERERS:
            shutil.copy(folder / "metered", folder / name)
            (folder / f"{name}.is").write_text(program(name))

    def run(self, work):
        """What work() gives, and (wall, cpu, cpu of the renderers, their calls) of what it started and waited for."""
        for name in RENDERERS:
            (self.folder / f"{name}.cpu").write_text("")
        before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        result = work()
        wall, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
        calls = [int(line) for name in RENDERERS for line in (self.folder / f"{name}.cpu").read_text().split()]
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return result, (wall, cpu, sum(calls) / 1e6, len(calls))


def without_landlock():
    """Before a program starts: for it and all that it starts, landlock_create_ruleset (444) is ENOSYS."""
    no_new_privileges, seccomp, filter_mode, errno_enosys, allow = 38, 22, 2, 0x00050000 | 38, 0x7FFF0000
    filters = b"".join(struct.pack("HBBI", *line) for line in (
        (0x20, 0, 0, 0), (0x15, 0, 1, 444), (0x06, 0, 0, errno_enosys), (0x06, 0, 0, allow)))  # load, compare, return
    code = ctypes.create_string_buffer(filters, len(filters))
    listing = ctypes.create_string_buffer(struct.pack("HxxxxxxP", 4, ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(no_new_privileges, 1, 0, 0, 0) or libc.prctl(seccomp, filter_mode, listing, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


def program(name):
    return shutil.which(name) or sys.exit(f"{name} is not on PATH")


def show(what, figures, note=""):
    wall, cpu, renderers, calls = figures
    print(f"  {what:<42} wall {wall:8.1f} s   cpu {cpu:8.2f} s   of it helm and kustomize {renderers:8.2f} s in {calls:5} calls"
          f"   without {cpu - renderers:8.2f} s   {note}", flush=True)


def last_line(text, start):
    """The last line that begins like this; without one the program has not done its work."""
    found = next((line.strip() for line in reversed(text.splitlines()) if line.startswith(start)), None)
    return found or sys.exit(f"no line with {start!r} in: {text[-2000:]}")


def run(argv, env, codes=(0, 1), **more):
    done = subprocess.run(argv, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **more)
    if done.returncode not in codes:
        sys.exit(f"{' '.join(map(str, argv))}: exit {done.returncode}\n{done.stdout[-2000:]}")
    return done.stdout


def render(repository, expected, version, streams, env):
    """The objects of all units, a stream for each environment, as a loop of the two programs prints them."""
    def one(unit):
        if unit["tool"] == "directory":
            files = sorted((repository / unit["path"]).glob("*.yaml"))
            return "\n---\n".join(file.read_text(encoding="utf-8") for file in files)
        argv = ["kustomize", "build", "./" + unit["path"]] if unit["tool"] == "kustomize" else [
            "helm", "template", unit["id"], "./" + unit["chart"], "--namespace", unit["namespace"], "--include-crds",
            "--kube-version", version, *(word for file in unit["values"] for word in ("--values", "./" + file))]
        return subprocess.run(argv, cwd=repository, env=env, check=True, capture_output=True, text=True).stdout
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        printed = list(pool.map(one, expected["units"]))
    streams.mkdir()
    for environment in expected["envs"]:
        # The Kyverno CLI refuses an empty document, and calls that 1 as well.
        (streams / f"{environment}.yaml").write_text("".join(
            "---\n" + text.removeprefix("---\n") for unit, text in zip(expected["units"], printed)
            if unit["env"] == environment), encoding="utf-8")


def peers(meter, repository, scratch, version, env):
    """The same work with other programs; the total of its figures."""
    expected = json.loads((repository / "expected.json").read_text(encoding="utf-8"))
    base, streams = scratch / "base", {side: scratch / f"rendered-{side}" for side in ("base", "head")}
    policies = scratch / "policies"
    policies.mkdir()
    for file in sorted((ROOT / "policies").glob("*/policy.yaml")):
        shutil.copy(file, policies / f"{file.parent.name}.yaml")
    schemas = os.environ["KUBECONFORM_SCHEMAS"] + ("/{{.NormalizedKubernetesVersion}}-standalone{{.StrictSuffix}}/"
                                                   "{{.ResourceKind}}{{.KindSuffix}}.json")

    def both():
        run(["git", "-C", repository, "worktree", "add", "-q", "--detach", base, "HEAD^"], env, codes=(0,))
        render(base, expected, version, streams["base"], env)
        render(repository, expected, version, streams["head"], env)

    def kyverno():  # panics when an object of that kind, namespace and name comes twice: for each environment by itself
        said = [last_line(run(["kyverno", "apply", policies, "-r", stream, "--remove-color"], env), "pass:")
                for stream in sorted(streams["head"].iterdir())]
        counts = [dict(part.split(": ") for part in line.split(", ")) for line in said]
        return ", ".join(f"{word} {sum(int(count[word]) for count in counts)}" for word in counts[0])
    steps = [
        ("helm template, kustomize build", both),
        ("kubeconform", lambda: last_line(run(
            ["kubeconform", "-strict", "-ignore-missing-schemas", "-summary", "-kubernetes-version", version,
             "-schema-location", schemas, "-n", str(os.cpu_count()), streams["head"]], env), "Summary")),
        ("the Kyverno CLI", kyverno),
        ("cost script", lambda: last_line(run(
            [sys.executable, ROOT / "bench/sum_requests.py", streams["base"], streams["head"]], env, codes=(0,)), "")),
    ]
    total = (0, 0, 0, 0)
    for name, work in steps:
        said, figures = meter.run(work)
        show(name, figures, said or "")
        total = tuple(map(sum, zip(total, figures)))
    show("together", total)
    return total


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("generator")
    parser.add_argument("-n", type=int, default=1000)
    parser.add_argument("--bin", type=pathlib.Path, default=ROOT / "build/release/bin")
    parser.add_argument("--keep")
    args = parser.parse_args()
    version = os.environ.get("KUBE_VERSION", "1.37")
    if not os.environ.get("KUBECONFORM_SCHEMAS"):
        sys.exit("KUBECONFORM_SCHEMAS is missing; see the head of this file")
    for name in ("kubeconform", "kyverno"):
        program(name)
    scratch = pathlib.Path(args.keep or tempfile.mkdtemp()).resolve()
    repository = scratch / "repository"
    generator = [*([sys.executable] if args.generator.endswith(".py") else []), args.generator, str(repository)]
    meter = Meter(scratch / "programs")
    env = {"PATH": f"{meter.folder}:{os.environ['PATH']}", "HOME": str(scratch), "SLUICE_BIN": str(meter.folder),
           "KUBECONFORM_SCHEMAS": os.environ["KUBECONFORM_SCHEMAS"], "LC_ALL": "C.UTF-8"}
    for tool in args.bin.resolve().glob("sluice-*"):  # ci/run.sh looks there first, for helm too
        (meter.folder / tool.name).symlink_to(tool)
    subprocess.run([*generator, "-n", str(args.n), "--git"], check=True)
    (repository / "sluice.yaml").write_text(f'kubeVersion: "{version}"\n')
    commit = ["git", "-C", repository, "-c", "user.name=bench", "-c", "user.email=bench@example.com", "commit", "-q", "-m"]
    run(["git", "-C", repository, "add", "-A"], env, codes=(0,))
    run([*commit, "sluice.yaml"], env, codes=(0,))
    touched = run([*generator, "--touch", "1"], env, codes=(0,)).split()
    run([*commit, "one application", "-a"], env, codes=(0,))
    run(["git", "-C", repository, "gc", "-q"], env, codes=(0,))  # packed, as a clone is

    print(f"{args.n} applications, {os.cpu_count()} cores; the change: {' '.join(touched)}", flush=True)
    chain = ["sh", ROOT / "ci/run.sh", repository, "--base", "HEAD^", "--out", scratch / "run"]
    said, ours = meter.run(lambda: run(chain, env, preexec_fn=without_landlock))
    if not ours[3]:
        sys.exit("the stand-ins for helm and kustomize were not called, so their share is not known")
    show("the chain, cold", ours, last_line(said, "verdict:"))
    for stage in ("validate", "policy-test", "cost-proxy", "ledger"):
        print("     ", last_line(said, stage + " "))
    theirs = peers(meter, repository, scratch, version + ".0", env)
    print(f"without helm and kustomize: {(theirs[1] - theirs[2]) / (ours[1] - ours[2]):.1f} times less CPU; "
          f"with them {theirs[1] / ours[1]:.2f} times; wall {theirs[0] / ours[0]:.2f} times")
    if not args.keep:
        shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
