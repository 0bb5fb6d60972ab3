#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How many misplaced values sluice-render finds, and how often it names the true place first.

    bench/planted_values.py --bin build/release/bin --charts DIR [--count 400] [--seed 1] [--missed]

For each chart below DIR and each values file of its ci/ folder (without one: some of its defaults, changed): first the file
as it is (every finding is printed, to be looked up in the chart's templates), then copies with one error planted in each: a
typo, another case, a level missing, a level too many, the right key in the wrong mapping, and, where the chart is made a
dependency of another, its prefix missing or wrong. An error counts when its value was alive in its own place and is dead in
the new one, by helm itself. Needs helm on PATH, and PyYAML.
"""
import argparse
import collections
import copy
import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

import yaml

KUBE = "1.34.0"
KINDS = ["typo", "case", "level missing", "level too many", "wrong map", "dependency prefix"]
ALIAS = "part"


def helm(chart, values):
    done = subprocess.run(["helm", "template", "web", str(chart), "--namespace", "default", "--kube-version", KUBE, "-f", "-"],
                          input=yaml.safe_dump(values), capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else None


def leaves(value, path=()):
    if isinstance(value, dict) and value:
        for key, below in value.items():
            if isinstance(key, str):
                yield from leaves(below, path + (key,))
    else:
        yield path


def node(values, path):
    for key in path:
        values = values[key]
    return values


def without(values, path):
    values = copy.deepcopy(values)
    del node(values, path[:-1])[path[-1]]
    return values


def with_value(values, path, value):
    """None when the way is barred, or something stands there already."""
    values = copy.deepcopy(values)
    here = values
    for key in path[:-1]:
        here = here.setdefault(key, {})
        if not isinstance(here, dict):
            return None
    if path[-1] in here:
        return None
    here[path[-1]] = value
    return values


def typo(rng, word):
    i = rng.randrange(len(word))
    kind = rng.randrange(3)
    if kind == 0 and len(word) > 3:
        return word[:i] + word[i + 1:]
    if kind == 1 and i + 1 < len(word):
        return word[:i] + word[i + 1] + word[i] + word[i + 2:]
    return word[:i] + rng.choice("abcdefghijklmnopqrstuvwxyz") + word[i:]


def other_case(rng, word):
    if word.lower() != word:
        return rng.choice([word.lower(), "".join("-" + c.lower() if c.isupper() else c for c in word)])
    return word[0].upper() + word[1:]


def misplaced(rng, kind, path, values, dependency):
    i = rng.randrange(len(path))
    if kind == "typo":
        return path[:i] + (typo(rng, path[i]),) + path[i + 1:]
    if kind == "case":
        return path[:i] + (other_case(rng, path[i]),) + path[i + 1:]
    if kind == "level missing" and len(path) > 1:
        i = rng.randrange(len(path) - 1)
        return path[:i] + path[i + 1:]
    if kind == "level too many":
        return path[:i] + (rng.choice([path[i], path[0], "config", "spec"]),) + path[i:]
    if kind == "wrong map" and len(path) > 1:
        maps = [key for key, below in values.items() if isinstance(below, dict) and key != path[0]]
        return (rng.choice(maps),) + path[1:] if maps else None
    if kind == "dependency prefix" and len(path) > 1:
        return rng.choice([path[1:], (dependency,) + path[1:]])
    return None


class Repository:
    """A repository with one chart, and one values file for its environment."""

    def __init__(self, sluice, chart, folder):
        self.sluice, self.folder = sluice, folder
        shutil.copytree(chart, folder / "web", ignore=shutil.ignore_patterns("ci"))

    def findings(self, values):
        (self.folder / "web" / "values-prod.yaml").write_text(yaml.safe_dump(values))
        report = self.folder.parent / "report.json"
        subprocess.run([self.sluice, str(self.folder), "--env", "prod", "--kube-version", KUBE, "--fail-on", "never",
                        "--report", f"json={report}", "--out", str(self.folder.parent / "out")], capture_output=True, check=False)
        return [f for f in json.loads(report.read_text())["findings"] if f["code"] == "value/unread"]


class Umbrella(Repository):
    """The same with a chart of which the other one is a dependency; its values stand below ALIAS."""

    def __init__(self, sluice, chart, folder):
        self.sluice, self.folder = sluice, folder
        if folder.exists():
            return
        inner = yaml.safe_load((chart / "Chart.yaml").read_text())
        dependency = {"name": inner["name"], "version": inner["version"], "alias": ALIAS, "repository": ""}
        shutil.copytree(chart, folder / "web" / "charts" / inner["name"], ignore=shutil.ignore_patterns("ci"))
        (folder / "web" / "Chart.yaml").write_text(
            yaml.safe_dump({"apiVersion": "v2", "name": "web", "version": "1.0.0", "dependencies": [dependency]}))


def said(finding):
    return tuple(finding["message"].split(" ", 1)[0].split("."))


def suggested(finding):
    hint = finding.get("hint", "")
    return tuple(hint[len("did you mean "):].split("?", 1)[0].split(" or ", 1)[0].split(".")) if hint.startswith("did you mean ") else ()


def names_the_place(finding, wrong, path):
    """The finding may stand at a node above or below the planted one: what matters is where that one would go."""
    at = said(finding)
    if len(at) <= len(wrong):
        return suggested(finding) + wrong[len(at):] == path
    return suggested(finding) == path + at[len(wrong):]


def plant(rng, kind, values, chart):
    """The edited values, the wrong path and the right one; None when the error would not be dead."""
    path = rng.choice(list(leaves(values)))
    if not path or any("." in key or not key for key in path):
        return None
    if len(path) > 1 and rng.random() < 0.4:
        path = path[:rng.randrange(1, len(path))]
    wrong = misplaced(rng, kind, path, values, next((part.name for part in chart.glob("charts/*")), None))
    if not wrong or wrong == path:
        return None
    removed = without(values, path)
    edited = with_value(removed, wrong, node(values, path))
    if edited is None:
        return None
    dead = helm(chart, removed)
    if dead is None or dead == helm(chart, values) or helm(chart, edited) != dead:
        return None
    return edited, wrong, path


def altered(chart):
    """Values for a chart without any of its own to test with: defaults changed one by one, where that shows."""
    defaults = yaml.safe_load((chart / "values.yaml").read_text())
    values, before = {}, helm(chart, {})
    for path in list(leaves(defaults))[:60] if isinstance(defaults, dict) else []:
        old = node(defaults, path)
        new = not old if isinstance(old, bool) else old + 1 if isinstance(old, int) else f"{old}x" if isinstance(old, str) else None
        more = with_value(values, path, new) if new is not None and path else None
        after = helm(chart, more) if more else None
        if after is not None and after != before:
            values, before = more, after
    return values


def usable_files(flags, sluice, scratch):
    charts = sorted(flags.charts.iterdir())
    pairs = [(chart, file) for chart in charts for file in sorted(chart.glob("ci/*.yaml")) or [chart / "values.yaml"]]
    for n, (chart, file) in enumerate(pairs):
        values = yaml.safe_load(file.read_text()) if file.parent.name == "ci" else altered(chart)
        if isinstance(values, dict) and values and helm(chart, values) is not None:
            folder = pathlib.Path(scratch) / str(n) / "repo"
            folder.mkdir(parents=True)
            yield Repository(sluice, chart, folder), chart, file, values


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True, type=pathlib.Path)
    parser.add_argument("--charts", required=True, type=pathlib.Path)
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--missed", action="store_true", help="print what was not found, or not named first")
    flags = parser.parse_args()
    rng = random.Random(flags.seed)
    planted, found, first = collections.Counter(), collections.Counter(), collections.Counter()
    charts, organic, tries = set(), 0, 0
    with tempfile.TemporaryDirectory() as scratch:
        usable = list(usable_files(flags, str((flags.bin / "sluice-render").resolve()), scratch))
        for repository, chart, file, values in usable:
            for finding in repository.findings(values):
                organic += 1
                print(f"as it is: {chart.name}/{file.name}: {finding['message']}")
        while sum(planted.values()) < flags.count and tries < flags.count * 20:
            tries += 1
            repository, chart, file, values = rng.choice(usable)
            kind = KINDS[sum(planted.values()) % len(KINDS)]
            rendered = chart
            if kind == "dependency prefix":
                repository = Umbrella(repository.sluice, chart, repository.folder.parent / "umbrella")
                rendered, values = repository.folder / "web", {ALIAS: values}
            error = plant(rng, kind, values, rendered)
            if error is None:
                continue
            edited, wrong, path = error
            planted[kind] += 1
            charts.add(chart.name)
            hits = [f for f in repository.findings(edited) if said(f)[:len(wrong)] == wrong[:len(said(f))]]
            found[kind] += bool(hits)
            right = bool(hits) and names_the_place(hits[0], wrong, path)
            first[kind] += right
            if flags.missed and not right:
                print(f"{'not first' if hits else 'missed'}: {kind}: {chart.name}/{file.name}: {'.'.join(path)} -> {'.'.join(wrong)}"
                      + (f": {hits[0].get('hint', '')}" if hits else ""))
    print(f"{len(usable)} values files, {organic} findings in them as they are")
    print(f"{sum(planted.values())} errors planted in {len(charts)} charts")
    for kind in KINDS:
        print(f"  {kind:17} found {found[kind]} of {planted[kind]}, true place first {first[kind]}")
    total, hit = max(1, sum(planted.values())), sum(found.values())
    print(f"found {100 * hit / total:.1f} %, true place first {100 * sum(first.values()) / total:.1f} % of all planted")
    return 0


if __name__ == "__main__":
    sys.exit(main())
