#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the objects and policies beside it anew: manifests signed as `kubectl sigstore sign` does, with keys that exist
for this run only. What each object is for says its name; kyverno-test.yaml says what becomes of it.

    tests/policy/signed/make.py
"""
import base64
import gzip
import io
import pathlib
import subprocess
import tarfile
import tempfile

HERE = pathlib.Path(__file__).parent
MANIFEST = """apiVersion: v1
kind: Service
metadata:
  name: {name}
  labels: {{app: web}}
spec:
  selector: {{app: web}}
  ports:
  - {{name: http, port: 80, protocol: TCP}}
  - {{name: https, port: 443, protocol: TCP}}
"""
MOVED = """apiVersion: v1
kind: Service
metadata:
  name: {name}
spec:
  ports:
  - {{port: 80MORE_ONE}}
  - {{port: 80MORE_TWO}}
"""
POD = """apiVersion: v1
kind: Pod
metadata:
  name: {name}
spec:
  containers:
  - {{name: app, image: nginx}}
"""


def openssl(*arguments, data=b""):
    return subprocess.run(["openssl", *arguments], input=data, capture_output=True, check=True).stdout


class Key:
    def __init__(self, folder, name):
        self.path = f"{folder}/{name}.pem"
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", self.path)
        self.public = openssl("ec", "-in", self.path, "-pubout").decode()

    def sign(self, message):
        return base64.b64encode(openssl("dgst", "-sha256", "-sign", self.path, data=message)).decode()


def packed(manifest):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        info = tarfile.TarInfo("folder/manifest.yaml")
        info.size = len(manifest)
        archive.addfile(info, io.BytesIO(manifest))
    return gzip.compress(out.getvalue(), mtime=0)


def annotated(text, message, signatures, domain="cosign.sigstore.dev"):
    notes = {}
    if message is not None:
        notes["message"] = base64.b64encode(gzip.compress(message, mtime=0)).decode()
    for i, signature in enumerate(signatures):
        notes["signature" + (f"_{i}" if i else "")] = signature
    lines = ["  annotations:"] + [f"    {domain}/{key}: {value}" for key, value in notes.items()]
    return text.replace("metadata:\n", "metadata:\n" + "\n".join(lines) + "\n", 1)


def objects(one, two):
    def of(name, change=lambda text: text, manifest=MANIFEST, keys=(one,), pack=lambda text: text, **options):
        text = manifest.format(name=name)
        message = pack(text.encode())
        return annotated(change(text), message, [key.sign(message) for key in keys], **options)

    unsigned = MANIFEST.format(name="without-signature")
    swapped = lambda text: text.replace("""  - {name: http, port: 80, protocol: TCP}
  - {name: https, port: 443, protocol: TCP}
""", """  - {name: https, port: 443, protocol: TCP}
  - {name: http, port: 80, protocol: TCP}
""")
    yield of("as-signed")
    yield of("as-signed-packed", pack=packed)
    yield of("signed-by-two", keys=(one, two))
    yield of("signed-by-another", keys=(two,))
    yield MANIFEST.format(name="unsigned")
    yield annotated(unsigned, unsigned.encode(), [])
    yield of("other-port", lambda text: text.replace("80", "8080"))
    yield of("other-type", lambda text: text.replace("port: 80", "port: '80'"))
    yield of("more-labels", lambda text: text.replace("{app: web}", "{app: web, more: x}", 1))
    yield of("fewer-labels", lambda text: text.replace("  labels: {app: web}\n", ""))
    yield of("other-name", lambda text: text.replace("name: other-name", "name: renamed"))
    yield of("given-cluster-ip", lambda text: text.replace("spec:\n", "spec:\n  clusterIP: 10.0.0.1\n"))
    yield of("given-node-ports", lambda text: text.replace("port: 80,", "port: 80, nodePort: 30080,"))
    yield of("empty-label", lambda text: text.replace("{app: web}", "{app: web, more: ''}", 1))
    yield of("zero-added", lambda text: text.replace("port: 80,", "port: 80, nodeport: 0,"))
    yield of("false-added", lambda text: text.replace("spec:\n", "spec:\n  publishNotReadyAddresses: false\n"))
    yield of("swapped-ports", swapped)
    yield of("moved-field", lambda text: text.replace("MORE_ONE", "").replace("MORE_TWO", ", appProtocol: h2"),
             MOVED, pack=lambda text: text.replace(b"MORE_ONE", b", appProtocol: h2").replace(b"MORE_TWO", b""))
    yield of("in-a-namespace", lambda text: text.replace("metadata:\n", "metadata:\n  namespace: shop\n"))
    yield of("damaged-message").replace("H4sI", "H4sJ")
    yield of("not-base64").replace("message: ", "message: x%", 1)
    yield of("image-latest", lambda text: text.replace("nginx", "nginx:latest"), POD)
    yield of("image-other", lambda text: text.replace("nginx", "nginx:1.2"), POD)
    yield of("other-domain", domain="signed.example.com")


def indented(text, by):
    return "".join(" " * by + line + "\n" for line in text.strip("\n").splitlines())


def rule(name, body):
    return f"""  - name: {name}
    match: {{any: [{{resources: {{kinds: [Service, Pod]}}}}]}}
    validate:
      failureAction: Enforce
      manifests:
{indented(body, 8)}"""


def entry(*keys):
    text = "".join(key.public for key in keys)
    return f"- keys:\n    publicKeys: |\n{indented(text, 6)}"


def policies(one, two):
    both = indented(entry(one) + entry(two), 2)
    rules = [
        rule("one-key", f"attestors:\n- entries:\n{indented(entry(one), 2)}"),
        rule("both-keys", f"attestors:\n- entries:\n{both}"),
        rule("any-key", f"attestors:\n- count: 1\n  entries:\n{both}"),
        rule("two-in-one", f"attestors:\n- count: 1\n  entries:\n{indented(entry(one, two), 2)}"),
        rule("nested", f"attestors:\n- entries:\n  - attestor:\n      count: 1\n      entries:\n{indented(both, 6)}"),
        rule("port-ignored", f"""attestors:
- entries:
{indented(entry(one), 2)}ignoreFields:
- fields: [spec.ports.*.port]
  objects: [{{kind: Service}}]"""),
        rule("own-domain", f"annotationDomain: signed.example.com\nattestors:\n- entries:\n{indented(entry(one), 2)}"),
    ]
    return f"""apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata:
  name: signed
spec:
  background: false
  rules:
{"".join(rules)}"""


def main():
    with tempfile.TemporaryDirectory() as folder:
        one, two = Key(folder, "one"), Key(folder, "two")
        (HERE / "objects.yaml").write_text("---\n".join(objects(one, two)))
        (HERE / "policies.yaml").write_text(policies(one, two))


if __name__ == "__main__":
    main()
