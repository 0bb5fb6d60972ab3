#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts the findings of scanners' reports per severity, apart from the code under test.

count_reports.py FOLDER: one line for each report that lies below it:
path, format, and counts as "high=2,low=1" (sorted), or "-" where this counter gives up.
"""
import collections
import csv
import io
import json
import os
import re
import sys
import xml.etree.ElementTree as xml

WORDS = {"warning": "medium", "error": "high", "moderate": "medium", "negligible": "info",
         "undefined": "unknown", "note": "low", "important": "high"}


def word(text):
    text = (text or "unknown").lower()
    return WORDS.get(text, text)


def trivy(report):
    for part in ("Resources", "Findings", "Vulnerabilities", "Misconfigurations"):
        for resource in report.get(part, []) if "ClusterName" in report else []:
            yield from trivy({"Results": resource.get("Results")})
    for result in report.get("Results") or []:
        for key in ("Vulnerabilities", "Secrets", "Licenses"):
            for finding in result.get(key) or []:
                yield word(finding.get("Severity"))
        for finding in result.get("Misconfigurations") or []:
            if finding.get("Status") == "FAIL":
                yield word(finding["Severity"])


def trivy_operator(report):
    objects = report if isinstance(report, list) else report.get("items", [report])
    for one in objects:
        found = one["report"]
        if one["kind"].endswith("AuditReport") or one["kind"].endswith("AssessmentReport"):
            yield from (word(x["severity"]) for x in found["checks"] if not x.get("success"))
        else:
            key = "secrets" if one["kind"] == "ExposedSecretReport" else "vulnerabilities"
            yield from (word(x["severity"]) for x in found[key])


def gitleaks_csv(text):
    for row in csv.DictReader(io.StringIO(text, newline="")):
        if row["RuleID"]:
            yield "critical"


def sarif(report):
    for run in report["runs"]:
        driver = run["tool"]["driver"]
        for result in run["results"]:
            suppressions = result.get("suppressions")
            if suppressions and all(s.get("status", "accepted") == "accepted" for s in suppressions):
                continue
            if result.get("kind", "fail") != "fail":
                yield "none"
                continue
            component = driver
            where = result.get("rule", {}).get("toolComponent", {})
            if "index" in where:
                component = run["tool"]["extensions"][where["index"]]
            rules = component.get("rules", [])
            index = result.get("ruleIndex", result.get("rule", {}).get("index", -1))
            rule_id = result.get("ruleId") or result.get("rule", {}).get("id", "")
            rule = {}
            if index >= 0:
                rule = rules[index] if index < len(rules) else {}
            else:
                parts = rule_id.split("/")
                while parts and not rule:
                    rule = next((r for r in rules if r.get("id") == "/".join(parts)), {})
                    parts.pop()
            level = result.get("level")
            if level is None:
                for invocation in run.get("invocations", []):
                    for change in invocation.get("ruleConfigurationOverrides", []):
                        if change.get("descriptor", {}).get("id") == rule_id:
                            level = level or change.get("configuration", {}).get("level")
            if level is None:
                level = rule.get("defaultConfiguration", {}).get("level", "warning")
            score = float(rule.get("properties", {}).get("security-severity", 0))
            if level == "none":
                yield "none"
            elif driver["name"].lower() == "gitleaks":
                yield "critical"
            elif score > 0:
                yield ("critical" if score >= 9 else "high" if score >= 7
                       else "medium" if score >= 4 else "low")
            else:
                yield word(level)


def snyk(report):
    for project in report if isinstance(report, list) else [report]:
        seen = set()
        for entry in project["vulnerabilities"]:
            key = (entry["id"], entry.get("packageName"), entry.get("version"))
            if key not in seen:
                seen.add(key)
                yield word(entry.get("severityWithCritical") or entry["severity"])


def pip_audit(report):
    for one in report if isinstance(report, list) else report["dependencies"]:
        for _ in one.get("vulns", []):
            yield "unknown"


def flake8(text):
    for line in text.splitlines():
        code = re.match(r".*?:\d+:\d+: ([A-Z]+\d+)", line)
        if code:
            yield "high" if re.match("E9|F63|F7|F82", code.group(1)) else "low"


def junit(text):
    for case in xml.fromstring(text).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            yield "high"


READERS = {
    "trivy": trivy,
    "trivy-operator": trivy_operator,
    "sarif": sarif,
    "gitleaks": lambda r: ("critical" for _ in r),
    "bandit": lambda r: (word(x.get("issue_severity")) for x in r["results"]),
    "semgrep": lambda r: (word(x["extra"]["severity"]) for x in r["results"]
                          if not x["extra"].get("is_ignored")),
    "grype": lambda r: (word(x["vulnerability"].get("severity")) for x in r["matches"]),
    "pip-audit": pip_audit,
    "gitlab": lambda r: (word(x.get("severity")) for x in r["vulnerabilities"]),
    "snyk": snyk,
}


def format_of(path):
    """By the name alone: the folder of public reports, or the tool of an own one."""
    name = os.path.basename(path)
    if path.startswith("trivy/"):
        return "trivy" if name.endswith(".json.golden") and "cyclonedx" not in name and \
            "spdx" not in name and "k8s__" not in name and "cdx" not in name and \
            "kbom" not in name else None
    if path.startswith("defectdojo/"):
        folder = path.split("/")[1]
        return {"anchore_grype": "grype", "gitlab_container_scan": "gitlab",
                "gitlab_dep_scan": "gitlab", "gitlab_sast": "gitlab",
                "gitlab_secret_detection_report": "gitlab", "pip_audit": "pip-audit",
                "bandit": "bandit", "gitleaks": "gitleaks", "sarif": "sarif",
                "semgrep": "semgrep", "snyk": "snyk", "trivy": "trivy",
                "trivy_operator": "trivy-operator"}.get(folder)
    if name.startswith("gitleaks") and name.endswith(".csv"):
        return "gitleaks-csv"
    if name.endswith((".stderr", ".stdout", ".table", ".csv", ".tsv", ".md")):
        return "flake8" if re.match(r"flake8-(default|exit-zero|nopath)\.stdout", name) else None
    if name.endswith(".sarif"):
        return "sarif"
    if name.endswith((".junit", ".junit.xml", ".junit-xml")):
        return "junit"
    if name.endswith(".gitlab-sast"):
        return "gitlab"
    if name.endswith((".cdx.json", ".cyclonedx")):
        return None
    if name == "flake8.txt":
        return "flake8"
    return next((f for f in ("pip-audit", "gitleaks", "bandit", "semgrep", "trivy")
                 if name.startswith(f)), None)


def count(form, path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    try:
        if form == "flake8":
            found = list(flake8(text))
        elif form == "gitleaks-csv":
            found = list(gitleaks_csv(text))
        elif form == "junit":
            found = list(junit(text))
        else:
            found = list(READERS[form](json.loads(text)))
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, xml.ParseError):
        return "-"
    counts = collections.Counter(found)
    return ",".join(f"{key}={counts[key]}" for key in sorted(counts)) or "none found"


def main():
    root = sys.argv[1]
    for folder, folders, files in sorted(os.walk(root)):
        folders.sort()
        for name in sorted(files):
            path = os.path.relpath(os.path.join(folder, name), root)
            form = format_of(path)
            if form:
                print(path, form, count(form, os.path.join(root, path)), sep="\t")


main()
