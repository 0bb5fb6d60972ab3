#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""sluice-scan-gate on one large Trivy report: scan_gate.py [--bin build/release/bin] [--megabytes 200] [--rounds 5]

Writes a report of that size (one image, findings as Trivy 0.69 writes them) and judges it; prints CPU time, wall time and
memory, medians of the rounds. Promised for 200 MB: 2 s and 300 MB.
"""
import argparse
import json
import pathlib
import resource
import statistics
import subprocess
import tempfile
import time

POLICY = """scans:
  - {name: image, format: trivy, report: report.json, subject: none, maxAge: any, databaseMaxAge: any,
     failFrom: critical, looksFor: [vulnerability]}
"""
TEXT = "A flaw was found in the parser.\n\nIt allows\tan attacker to \u201cread\u201d memory \\ and to end the program. " * 12


def finding(i):
    name = f"package{i % 500}"
    return {
        "VulnerabilityID": f"CVE-2026-{i}", "PkgID": f"{name}@1.0.{i % 9}", "PkgName": name,
        "PkgIdentifier": {"PURL": f"pkg:deb/debian/{name}@1.0.{i % 9}?arch=amd64", "UID": f"{i:016x}"},
        "InstalledVersion": f"1.0.{i % 9}", "FixedVersion": "1.2.3, 2.0.1", "Status": "fixed",
        "Layer": {"Digest": "sha256:" + "ab" * 32, "DiffID": "sha256:" + "cd" * 32},
        "SeveritySource": "debian", "PrimaryURL": f"https://example.com/CVE-2026-{i}",
        "DataSource": {"ID": "debian", "Name": "Debian", "URL": "https://example.com/debian"},
        "Title": 'parser: a "flaw"', "Description": TEXT, "Severity": ("LOW", "MEDIUM", "HIGH")[i % 3],
        "CweIDs": ["CWE-787"], "VendorSeverity": {"debian": 2, "nvd": 3},
        "CVSS": {"nvd": {"V3Vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "V3Score": 9.8}},
        "References": [f"https://example.com/{n}/{i}" for n in range(8)],
        "PublishedDate": "2026-01-02T03:04:05.123Z", "LastModifiedDate": "2026-02-02T03:04:05Z",
    }


def write_report(path, size):
    with open(path, "w", encoding="utf-8") as out:
        out.write('{"SchemaVersion": 2, "CreatedAt": "2026-11-20T10:00:00Z", "ArtifactName": "big", '
                  '"ArtifactType": "container_image", "Metadata": {"OS": {"Family": "debian", "Name": "13.2"}}, '
                  '"Results": [{"Target": "big", "Class": "os-pkgs", "Type": "debian", "Vulnerabilities": [\n')
        count = 0
        while out.tell() < size:
            out.write((",\n" if count else "") + json.dumps(finding(count), indent=1, ensure_ascii=False))
            count += 1
        out.write("]}]}\n")
    return count


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", default="build/release/bin")
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    program = str(pathlib.Path(options.bin).resolve() / "sluice-scan-gate")
    with tempfile.TemporaryDirectory() as folder:
        count = write_report(folder + "/report.json", options.megabytes * 1_000_000)
        pathlib.Path(folder, "gates.yaml").write_text(POLICY, encoding="utf-8")
        cpu, wall = [], []
        for _ in range(options.rounds):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            start = time.monotonic()
            ran = subprocess.run([program, "check", "--policy", "gates.yaml", "--now", "2026-11-20T12:00:00Z"],
                                 cwd=folder, capture_output=True, text=True, check=False)
            wall.append(time.monotonic() - start)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
            if ran.returncode != 0:
                raise SystemExit(f"exit {ran.returncode}: {ran.stdout}{ran.stderr}")
        print(f"{options.megabytes} MB, {count} findings: {statistics.median(cpu):.2f} s CPU, "
              f"{statistics.median(wall):.2f} s wall, {after.ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
