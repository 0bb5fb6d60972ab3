#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bench/render.py GENERATOR [-n APPS] [--rounds N] [--bin DIR] [--keep DIR]

sluice-render on a generated repository of APPS applications in three environments, against a plain loop of the same helm
and kustomize calls. GENERATOR is a program that is called as

    GENERATOR OUT -n APPS --git        writes a Git repository, and OUT/expected.json: each unit with its arguments

(Python when it ends with .py). helm and kustomize are taken from PATH, sluice-render from --bin (default
build/release/bin). With -n 1000 the cold renders take some two CPU minutes each.

CPU is user and system time of the process and of all that it started; "peak" is the largest resident set of any of them.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


def measured(argv, env=None, out=None):
    """(wall, cpu, peak MiB) of one run; it must end with 0."""
    with open(out or os.devnull, "wb") as sink, tempfile.TemporaryFile() as said:
        begin = time.perf_counter()
        child = subprocess.Popen(argv, stdout=sink, stderr=said, env=env)
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - begin
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            said.seek(0)
            sys.exit(f"{' '.join(map(str, argv))}: exit {child.returncode}\n{said.read().decode()[-2000:]}")
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def show(what, figures, note=""):
    wall, cpu, peak = figures
    print(f"  {what:<46} wall {wall:8.3f} s   cpu {cpu:8.3f} s   peak {peak:5.0f} MiB   {note}", flush=True)


def median_of(rounds, argv, **more):
    samples = [measured(argv, **more) for _ in range(rounds)]
    return tuple(map(statistics.median, zip(*samples)))


def command_of(unit, version):
    if unit["tool"] == "helm":
        argv = ["helm", "template", unit["id"], "./" + unit["chart"], "--namespace", unit["namespace"],
                "--kube-version", version, "--include-crds"]
        return argv + [word for file in unit["values"] for word in ("--values", "./" + file)]
    return ["kustomize", "build", "./" + unit["path"]] if unit["tool"] == "kustomize" else None


def plain_loop(repository, expected, env):
    """What each unit prints, and (wall, cpu, peak) of the loop on all cores."""
    def one(unit):
        argv = command_of(unit, expected["kube_version"])
        if argv is None:
            files = sorted((repository / unit["path"]).glob("*.yaml"))
            return unit["id"], "\n---\n".join(file.read_text(encoding="utf-8") for file in files)
        return unit["id"], subprocess.run(argv, cwd=repository, env=env, check=True, capture_output=True,
                                          text=True).stdout
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        printed = dict(pool.map(one, expected["units"]))
    wall, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return printed, (wall, cpu, after.ru_maxrss / 1024)


def objects_in(text):
    """The documents, without comments around them and in any order."""
    documents = (re.sub(r"^(#[^\n]*\n|\s*\n)+", "", part).rstrip() for part in re.split(r"(?m)^---.*\n", text))
    return sorted(document for document in documents if document)


def units_in(stream):
    """Unit to the text of its documents."""
    units = {}
    for part in stream.split("---\n# sluice: unit=")[1:]:
        name = part.split(" ", 1)[0]
        body = part.split("\n", 1)[1].split("\n# sluice: end ", 1)[0]
        units[name] = units.get(name, "") + "---\n" + body + "\n"
    return units


def counted_calls(argv, env, scratch):
    """How often helm renders in one run, by release: a stand-in on PATH notes the name and runs the real one."""
    real, log, folder = shutil.which("helm", path=env["PATH"]), scratch / "calls", scratch / "counting"
    folder.mkdir(exist_ok=True)
    (folder / "helm").write_text(f'#!/bin/sh\necho "$1 $2" >> "{log}"\nexec "{real}" "$@"\n', encoding="utf-8")
    (folder / "helm").chmod(0o755)
    log.write_text("", encoding="utf-8")
    subprocess.run(argv, env={**env, "PATH": f"{folder}:{env['PATH']}"}, check=False, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    words = (line.split() for line in log.read_text(encoding="utf-8").splitlines())
    return collections.Counter(line[1] for line in words if line[0] == "template" and len(line) > 1)


def show_calls(what, calls, asked):
    most = max(calls.values(), default=1) - 1
    print(f"  {what:<46} {len(calls)} units rendered by helm, {sum(calls.values()) - len(calls)} calls for probes, at most "
          f"{most} for one   ({asked})", flush=True)


def values_of_one(repository, expected):
    """The values file of one application made by helm, shared by its environments."""
    unit = next(unit for unit in expected["units"] if unit["tool"] == "helm" and len(unit["values"]) > 1)
    return repository / unit["values"][-2]


def compare(printed, stream):
    ours = units_in(stream)
    different = [name for name, text in printed.items() if objects_in(text) != objects_in(ours.get(name, ""))]
    print(f"  {len(printed)} units, {len(different)} with other objects than the plain loop"
          + "".join(f"\n    {name}" for name in different[:5]))


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("generator")
    parser.add_argument("-n", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--bin", default=ROOT / "build/release/bin")
    parser.add_argument("--keep")
    args = parser.parse_args()
    render = pathlib.Path(args.bin) / "sluice-render"
    scratch = pathlib.Path(args.keep or tempfile.mkdtemp())
    repository, cache, stream = scratch / "repository", scratch / "cache", scratch / "stream.yaml"
    generator = [sys.executable] if args.generator.endswith(".py") else []
    if not repository.exists():
        subprocess.run([*generator, args.generator, str(repository), "-n", str(args.n), "--git"], check=True)
    subprocess.run(["git", "-C", str(repository), "checkout", "-q", "."], check=True)
    expected = json.loads((repository / "expected.json").read_text(encoding="utf-8"))
    home = tempfile.mkdtemp()
    env = {"PATH": os.environ["PATH"], "HOME": home, "HELM_CACHE_HOME": home, "HELM_CONFIG_HOME": home,
           "HELM_DATA_HOME": home}
    ours = [render, "--kube-version", expected["kube_version"], "--cache", cache, repository]

    print(f"{len(expected['units'])} units, {os.cpu_count()} cores")
    printed, loop = plain_loop(repository, expected, env)
    show("plain loop on all cores", loop)
    shutil.rmtree(cache, ignore_errors=True)
    cold = measured([*ours, "--no-probes"], out=stream)
    show("cold, no probes", cold, f"{100 * cold[1] / loop[1] - 100:+.1f} % cpu (asked +5), {cold[1] / cold[0]:.1f} cores "
         "used; asked below 500 MiB")
    compare(printed, stream.read_text(encoding="utf-8"))
    part, whole = [*ours, "--changed-since", "HEAD"], [*ours, "--probe-since", "HEAD"]
    show("unchanged, whole, no probes", median_of(args.rounds, [*ours, "--no-probes"]), "asked 0.3 s")
    show("unchanged, whole, --probe-since HEAD", median_of(args.rounds, whole), "asked 0.3 s")
    show("unchanged, --changed-since HEAD", median_of(args.rounds, part), "asked 0.3 s")
    values = values_of_one(repository, expected)
    written = values.read_text(encoding="utf-8")
    values.write_text(re.sub(r'tag: "[^"]*', r"\g<0>-next", written), encoding="utf-8")
    show("one app's values, --changed-since, with probes", measured(part), "the first time; asked 0.5 s")
    show("the same again", median_of(args.rounds, part), "asked 0.5 s")
    show("one app's values, whole, --probe-since HEAD", median_of(args.rounds, whole), "asked 0.5 s")
    values.write_text(written + "replicaCuont: 3\n", encoding="utf-8")
    counting = [*part, "--cache", scratch / "counted"]
    shutil.rmtree(scratch / "counted", ignore_errors=True)
    show_calls("a value that nothing reads, nothing kept", counted_calls(counting, env, scratch), "asked at most 2")
    show_calls("the same again", counted_calls(counting, env, scratch), "asked none: probes are kept")
    if not args.keep:
        shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
