#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A small GitHub and GitLab over one bare Git repository, on a port of the loopback interface.

    forge_stub.py REPOSITORY LOG PORT [--token T] [--busy] [--stale]

It keeps state: pull requests, statuses, branches and commits are real. Lists have
one item on a page, so that a client must go on. LOG gets a line for each request: "POST /x 201".

  --busy   each change is first refused with 429 and Retry-After: 1
  --stale  before the first commit, somebody else pushes one
"""
import base64
import json
import os
import re
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

repository, log, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
token = sys.argv[sys.argv.index("--token") + 1] if "--token" in sys.argv else "t0ken"
busy, stale = "--busy" in sys.argv, "--stale" in sys.argv
pulls, refused, statuses = [], set(), {}


def git(*words, stdin=b"", env=None):
    done = subprocess.run(["git", "-C", repository, *words], input=stdin, capture_output=True,
                          env={**os.environ, **(env or {})}, check=False)
    return done.returncode, done.stdout.decode("utf-8", "replace").strip()


def tip(branch):
    code, out = git("rev-parse", "--verify", "-q", "refs/heads/" + branch)
    return out if code == 0 else ""


def commit(branch, parent, files, message, name="Forge"):
    """A commit on top of parent, with an index of its own; the branch moves only from parent."""
    index = {"GIT_INDEX_FILE": os.path.join(repository, "stub-index")}
    git("read-tree", parent, env=index)
    for path, data in files:
        _, blob = git("hash-object", "-w", "--stdin", stdin=data)
        mode = git("ls-tree", parent, path)[1][:6] or "100644"
        git("update-index", "--add", "--cacheinfo", f"{mode},{blob},{path}", env=index)
    _, tree = git("write-tree", env=index)
    who = {"GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": "f@example.com",
           "GIT_COMMITTER_NAME": "Forge", "GIT_COMMITTER_EMAIL": "f@example.com"}
    _, made = git("commit-tree", tree, "-p", parent, stdin=message.encode(), env=who)
    git("update-ref", "refs/heads/" + branch, made, tip(branch) or "0" * 40)
    return made


def disturb(branch):
    global stale
    if stale and tip(branch):
        stale = False
        commit(branch, tip(branch), [("envs/dev/kustomization.yaml",
                                      git("show", branch + ":envs/dev/kustomization.yaml")[1]
                                      .encode() + b"\n# meanwhile\n")], "Meanwhile")


class Forge(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=None, headers=()):
        data = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
        with open(log, "a", encoding="utf-8") as lines:
            lines.write(f"{self.command} {urlsplit(self.path).path} {status}\n")

    def page(self, items):
        query = parse_qs(urlsplit(self.path).query)
        number = int(query.get("page", ["1"])[0])
        headers = []
        if number < len(items):
            path = re.sub(r"&page=\d+", "", self.path) + f"&page={number + 1}"
            headers.append(("Link", f'<http://{self.headers["Host"]}{path}>; rel="next"'))
        self.answer(200, items[number - 1:number], headers)

    def handle_one(self):
        url = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else {}
        sent = self.headers.get("Authorization", "") or self.headers.get("PRIVATE-TOKEN", "")
        if sent not in ("Bearer " + token, token):
            return self.answer(401, {"message": "Bad credentials: " + sent})
        if busy and self.command != "GET" and (self.command, url.path) not in refused:
            refused.add((self.command, url.path))
            return self.answer(429, {"message": "slow down"}, [("Retry-After", "1")])
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        if url.path == "/api/graphql":
            return self.graphql(body["variables"]["input"])
        if url.path.startswith("/api/v3/repos/acme/platform"):
            return self.github(url.path[len("/api/v3/repos/acme/platform"):], query, body)
        if url.path.startswith("/api/v4/projects/acme%2Fplatform"):
            return self.gitlab(url.path[len("/api/v4/projects/acme%2Fplatform"):], query, body)
        return self.answer(404, {"message": "Not Found"})

    do_GET = do_POST = do_PATCH = do_PUT = handle_one

    def graphql(self, given):
        branch, expected = given["branch"]["branchName"], given["expectedHeadOid"]
        disturb(branch)
        if tip(branch) != expected:
            return self.answer(200, {"data": {"createCommitOnBranch": None}, "errors": [
                {"type": "STALE_DATA", "message": "Expected branch to point to \"" + expected +
                 "\" but it did not. Pull and try again."}]})
        said = given["message"]
        files = [(each["path"], base64.b64decode(each["contents"]))
                 for each in given["fileChanges"]["additions"]]
        made = commit(branch, expected, files, said["headline"] + "\n\n" + said["body"])
        return self.answer(200, {"data": {"createCommitOnBranch": {"commit": {"oid": made}}}})

    def github(self, path, query, body):
        if path == "/pulls" and self.command == "GET":
            return self.page([pull for pull in pulls if pull["state"] == "open"
                              and "acme:" + pull["head"] == query["head"]
                              and pull["base"] == query["base"]])
        if path == "/pulls":
            number = len(pulls) + 1
            pulls.append({**body, "number": number, "state": "open",
                          "html_url": f"https://git.example.com/acme/platform/pull/{number}"})
            return self.answer(201, pulls[-1])
        if re.fullmatch(r"/pulls/\d+", path):
            pulls[int(path[7:]) - 1].update(body)
            return self.answer(200, pulls[int(path[7:]) - 1])
        if path == "/git/refs":
            branch = body["ref"].removeprefix("refs/heads/")
            code, _ = git("update-ref", body["ref"], body["sha"], "0" * 40)
            return self.answer(201 if code == 0 else 422, {"message": branch})
        if path.endswith("/statuses"):
            return self.page([{"context": "argocd/dev", "state": "success"},
                              {"context": "argocd/dev", "state": "failure"},
                              {"context": "smoke", "state": "pending"}])
        if path.endswith("/check-runs"):
            return self.answer(200, {"check_runs": [{"name": "e2e", "conclusion": "success"}]})
        return self.answer(404, {"message": "Not Found"})

    def gitlab(self, path, query, body):
        if path == "/merge_requests" and self.command == "GET":
            return self.page([pull for pull in pulls if pull["state"] == "open"
                              and pull["source_branch"] == query["source_branch"]
                              and pull["target_branch"] == query["target_branch"]])
        if path == "/merge_requests":
            number = len(pulls) + 1
            pulls.append({**body, "iid": number, "state": "open", "web_url":
                          f"https://git.example.com/acme/platform/-/merge_requests/{number}"})
            return self.answer(201, pulls[-1])
        if re.fullmatch(r"/merge_requests/\d+", path):
            pulls[int(path[16:]) - 1].update(body)
            return self.answer(200, pulls[int(path[16:]) - 1])
        if path.startswith("/repository/files/"):
            name = unquote(path.removeprefix("/repository/files/"))
            return self.answer(200, {"last_commit_id":
                                     git("log", "-1", "--format=%H", query["ref"], "--", name)[1]})
        if path == "/repository/commits":
            return self.gitlab_commit(body)
        if path.endswith("/statuses"):
            return self.page([{"id": 1, "name": "argocd/dev", "status": "failed"},
                              {"id": 2, "name": "argocd/dev", "status": "success"}])
        return self.answer(404, {"message": "404 Not Found"})

    def gitlab_commit(self, body):
        branch = body["branch"]
        disturb(branch)
        parent = tip(branch)
        if "start_sha" in body:
            if parent:
                return self.answer(400, {"message": "A branch called that already exists."})
            parent = body["start_sha"]
        for action in body["actions"]:
            last = git("log", "-1", "--format=%H", parent, "--", action["file_path"])[1]
            if action["action"] == "update" and action["last_commit_id"] != last:
                return self.answer(400, {"message": "You are attempting to update a file that has "
                                                    "changed since you started editing it."})
        files = [(each["file_path"], base64.b64decode(each["content"]))
                 for each in body["actions"]]
        made = commit(branch, parent, files, body["commit_message"], body["author_name"])
        return self.answer(201, {"id": made})


HTTPServer(("127.0.0.1", port), Forge).serve_forever()
