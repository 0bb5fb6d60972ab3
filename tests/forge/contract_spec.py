#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The part of GitHub's OpenAPI description that comments need, with what it refers to.

    contract_spec.py NODE_MODULES OUT.json
"""
import json
import sys

PATHS = ("/repos/{owner}/{repo}/issues/{issue_number}/comments",
         "/repos/{owner}/{repo}/issues/comments/{comment_id}",
         "/repos/{owner}/{repo}/pulls", "/repos/{owner}/{repo}/pulls/{pull_number}", "/user")

with open(sys.argv[1] + "/@octokit/openapi/generated/api.github.com.json", encoding="utf-8") as given:
    whole = json.load(given)
part = {"openapi": whole["openapi"], "info": whole["info"], "components": {},
        "paths": {path: whole["paths"][path] for path in PATHS}}


def take(node):
    """Copies every component that something refers to."""
    if isinstance(node, list):
        for item in node:
            take(item)
    elif isinstance(node, dict):
        ref = node.get("$ref")
        if isinstance(ref, str) and ref.startswith("#/components/"):
            kind, name = ref.split("/")[2:]
            known = part["components"].setdefault(kind, {})
            if name not in known:
                known[name] = whole["components"][kind][name]
                take(known[name])
        for value in node.values():
            take(value)


def adapt(node):
    """GitHub's documents ask for this Accept header; its description names only the plain one."""
    if isinstance(node, list):
        for item in node:
            adapt(item)
    elif isinstance(node, dict):
        content = node.get("content")
        if isinstance(content, dict) and "application/json" in content:
            content["application/vnd.github+json"] = content["application/json"]
        if isinstance(node.get("headers"), dict):
            node["headers"].pop("Link", None)  # its example leads to another host
        for value in list(node.values()):
            adapt(value)


take(part["paths"])
adapt(part["paths"])
adapt(part["components"].get("responses", {}))
with open(sys.argv[2], "w", encoding="utf-8") as out:
    json.dump(part, out)
