#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bench/validate.py [ROUNDS]: sluice-validate against kubeconform, in turn, on the same files.

From the environment:
  SLUICE_CORPUS         folder with manifests/ (default ../shared/corpus)
  KUBECONFORM_SCHEMAS   folder with v1.N.0-standalone-strict/: one file a kind, pruned to the
                        definitions that it reaches, which is kubeconform's fastest layout
  SLUICE_VALIDATE       the binary (default build/release/bin/sluice-validate, else PATH)
  KUBECONFORM           the binary (default PATH); to get it:
                        go install github.com/yannh/kubeconform/cmd/kubeconform@latest
  KUBE_VERSION          default 1.37

Both skip kinds without a schema and use no schema but those of Kubernetes; both answer strictly.
CPU is user and system time of the process; figures are medians of the rounds.
"""
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


def program(variable, *places):
    for place in (os.environ.get(variable), *places):
        found = place and shutil.which(str(place))
        if found:
            return found
    sys.exit(f"{places[-1]} is not on PATH; name it with {variable}")


def run(argv):
    """(wall, cpu) in seconds and peak resident MiB of one run."""
    with tempfile.TemporaryFile() as sink:
        begin = time.perf_counter()
        child = subprocess.Popen(argv, stdout=sink, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - begin
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 1):
        sys.exit(f"{' '.join(argv)}: exit {child.returncode}")
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def measure(commands, rounds):
    """Medians for each name; the commands take turns, so that a busy machine hurts all of them."""
    samples = {name: [] for name in commands}
    for _ in range(rounds):
        for name, argv in commands.items():
            samples[name].append(run(argv))
    return {name: tuple(map(statistics.median, zip(*rows))) for name, rows in samples.items()}


def show(title, results):
    print(title)
    for name, (wall, cpu, peak) in results.items():
        print(f"  {name:<28} wall {wall:8.3f} s   cpu {cpu:8.3f} s   peak {peak:6.0f} MiB")


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    corpus = pathlib.Path(os.environ.get("SLUICE_CORPUS", ROOT / "../shared/corpus")) / "manifests"
    schemas = os.environ.get("KUBECONFORM_SCHEMAS")
    version = os.environ.get("KUBE_VERSION", "1.37")
    if not corpus.is_dir() or not schemas:
        sys.exit("SLUICE_CORPUS or KUBECONFORM_SCHEMAS is missing; see the head of this file")
    ours = program("SLUICE_VALIDATE", ROOT / "build/release/bin/sluice-validate", "sluice-validate")
    theirs = program("KUBECONFORM", "kubeconform")
    template = (schemas + "/{{.NormalizedKubernetesVersion}}-standalone{{.StrictSuffix}}/"
                "{{.ResourceKind}}{{.KindSuffix}}.json")
    peer = [theirs, "-strict", "-ignore-missing-schemas", "-summary",
            "-kubernetes-version", version + ".0", "-schema-location", template]
    own = [ours, "--kube-version", version, "--allow-missing-schemas", "--no-stream-crds"]
    jobs = str(os.cpu_count())
    many = measure({
        "kubeconform -n 1": peer + ["-n", "1", str(corpus)],
        "kubeconform -n 4": peer + ["-n", "4", str(corpus)],
        "sluice-validate --jobs 1": own + ["--jobs", "1", str(corpus)],
        f"sluice-validate --jobs {jobs}": own + ["--jobs", jobs, str(corpus)],
    }, rounds)
    manifests = (f for f in corpus.rglob("*") if f.suffix in (".yaml", ".yml", ".json"))
    size = sum(f.stat().st_size for f in manifests)
    show(f"{size / 1e6:.0f} MB of manifests, median of {rounds}:", many)
    k1, k4, s1, sn = many.values()
    print(f"  cpu:  {k1[1] / s1[1]:.1f} times less than kubeconform -n 1\n"
          f"  wall: {k4[0] / sn[0]:.1f} times less than kubeconform -n 4"
          f" ({k1[0] / s1[0]:.1f} with one thread each)")
    with tempfile.TemporaryDirectory() as folder:
        small = pathlib.Path(folder) / "small.yaml"
        small.write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: b}\n",
                         encoding="utf-8")
        show("start-up, median of 20:", measure({
            "kubeconform, small file": peer + [str(small)],
            "sluice-validate, small file": own + [str(small)],
            "sluice-validate --version": [ours, "--version"],
        }, 20))


if __name__ == "__main__":
    main()
