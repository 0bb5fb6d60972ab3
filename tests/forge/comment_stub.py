#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The comments of one pull request on a small GitHub and GitLab, on a port of the loopback interface.

    comment_stub.py STATE LOG PORT [--seed FILE] [--fault RULE]... [--meet METHOD:N] [--head C]
                    [--actions] [--pulls FILE] [--statuses FILE]

It keeps state: STATE is the list of comments as JSON after each change. LOG gets a line for each
request: "POST /x 201". Lists have two items on a page, so that a client must go on. The right token
is "s3cret-t0ken" of the user "bot".

  --seed FILE       begin with these comments: [{"user": "bot", "body": "..."}]
  --head COMMIT     the newest commit of the pull request (bbb)
  --pulls FILE      the open pull requests as GitHub lists them, read at each request; the newest
                    commit is that of the first
  --statuses FILE   gets a line for each commit status: "COMMIT {...}"
  --actions         the token is a workflow's: its owner is github-actions[bot], GET /user is 403
  --fault RULE      METHOD:N:WHAT or METHOD:*:WHAT, for the Nth request with that method (GraphQL
                    and /user apart): a status, "STATUS,header=value,...", "before" (end the
                    connection without doing it), "after" (do it, then end the connection), or
                    "silent" (do it, and never answer)
  --meet METHOD:N   hold requests with that method until N have come, once, and then take them in
                    the order of their bodies: races that happen every time
"""
import argparse
import json
import os
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

parser = argparse.ArgumentParser()
parser.add_argument("state")
parser.add_argument("log")
parser.add_argument("port", type=int)
parser.add_argument("--seed")
parser.add_argument("--head", default="bbb")
parser.add_argument("--pulls")
parser.add_argument("--statuses", default=os.devnull)
parser.add_argument("--actions", action="store_true")
parser.add_argument("--fault", action="append", default=[])
parser.add_argument("--meet", action="append", default=[])
options = parser.parse_args()
TOKEN = "s3cret-t0ken"
SELF = "github-actions[bot]" if options.actions else "bot"
GITHUB, GITLAB = "/api/v3", "/api/v4"
WEB = "https://git.example.com/acme/platform/pull/7#issuecomment-"

lock = threading.Condition()
comments, seen, arrived = [], {}, {}
next_id = 100


def save():
    with open(options.state + ".new", "w", encoding="utf-8") as out:
        json.dump(comments, out, indent=1)
    os.replace(options.state + ".new", options.state)


def add(user, body):
    global next_id
    next_id += 1
    comments.append({"id": next_id, "user": user, "body": body})
    return comments[-1]


if options.seed:
    with open(options.seed, encoding="utf-8") as given:
        for each in json.load(given):
            add(each["user"], each["body"])
save()


def pulls(asked):
    """The pull requests from the head ("owner:branch") that is asked for."""
    if not options.pulls:
        return [{"number": 7, "head": {"sha": "a" * 40}}, {"number": 8, "head": {"sha": "b" * 40}}]
    with open(options.pulls, encoding="utf-8") as given:
        return [each for each in json.load(given) if asked in (None, each["head"]["label"])]


def fault_for(method):
    seen[method] = seen.get(method, 0) + 1
    for rule in options.fault:
        wanted, number, what = rule.split(":", 2)
        if wanted == method and number in ("*", str(seen[method])):
            return what
    return ""


def meet(method, body):
    """Waits until as many have come as must, then lets them through in the order of their bodies."""
    for rule in options.meet:
        wanted, number = rule.split(":")
        if wanted != method or len(arrived.setdefault(method, [])) >= int(number):
            continue
        arrived[method].append(body)
        lock.notify_all()
        lock.wait_for(lambda: len(arrived[method]) >= int(number), 20)
        turn = ("turn", method)
        order = sorted(arrived[method])
        lock.wait_for(lambda: order[seen.get(turn, 0) % len(order)] == body, 20)
        seen[turn] = seen.get(turn, 0) + 1
        lock.notify_all()


class Forge(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def note(self, status):
        with open(options.log, "a", encoding="utf-8") as lines:
            lines.write(f"{self.command} {urlsplit(self.path).path} {status}\n")

    def answer(self, status, body=None, headers=()):
        self.note(status)
        data = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if body is not None:
            self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def hang_up(self, status):
        self.note(status)
        self.close_connection = True

    def handle_one(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.given = json.loads(self.rfile.read(length)) if length else {}
        sent = self.headers.get("Authorization", "") or self.headers.get("PRIVATE-TOKEN", "")
        with lock:
            if sent not in ("Bearer " + TOKEN, TOKEN):
                return self.answer(401, {"message": "Bad credentials: " + sent})
            path = urlsplit(self.path).path
            if path in ("/api/graphql", GITHUB + "/user", GITLAB + "/user"):
                return self.who(path)
            what = fault_for(self.command)
            if re.match(r"\d", what):
                status, *headers = what.split(",")
                return self.answer(int(status), {"message": "Resource not accessible, said " + sent},
                                   [header.split("=", 1) for header in headers])
            if what == "before":
                return self.hang_up("nothing")
            meet(self.command, json.dumps(self.given))
            reply = self.respond(path)
            if what == "after":
                return self.hang_up("done")
            if what != "silent":
                return self.answer(*reply)
            self.note("silent")
        threading.Event().wait(30)
        self.close_connection = True

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = handle_one

    def who(self, path):
        if path == "/api/graphql":
            return self.answer(200, {"data": {"viewer": {"login": SELF}}})
        if options.actions:
            return self.answer(403, {"message": "Resource not accessible by integration"})
        return self.answer(200, {"login": SELF, "username": SELF})

    def respond(self, path):
        github = path.startswith(GITHUB)
        base = (GITHUB + "/repos/acme/platform/issues/7/comments" if github
                else GITLAB + "/projects/acme%2Fplatform/merge_requests/7/notes")
        one = GITHUB + "/repos/acme/platform/issues/comments/" if github else base + "/"
        if path == base and self.command == "GET":
            return self.page(github)
        if path == base and self.command == "POST":
            return 201, self.save_and_show(add(SELF, self.given["body"]), github)
        if path in (GITHUB + "/repos/acme/platform/pulls/7", base.removesuffix("/notes")):
            head = pulls(None)[0]["head"]["sha"] if options.pulls else options.head
            return 200, {"sha": head, "head": {"sha": head}}
        if path == GITHUB + "/repos/acme/platform/pulls":
            return 200, pulls(parse_qs(urlsplit(self.path).query).get("head", [None])[0])
        if path.startswith(GITHUB + "/repos/acme/platform/statuses/"):
            with open(options.statuses, "a", encoding="utf-8") as lines:
                lines.write(f"{path.rsplit('/', 1)[1]} {json.dumps(self.given)}\n")
            return 201, {}
        found = [each for each in comments if path == one + str(each["id"])]
        if not found:
            return 404, {"message": "Not Found"}
        if self.command == "DELETE":
            comments.remove(found[0])
            save()
            return (204,)
        if self.command in ("PATCH", "PUT"):
            found[0]["body"] = self.given["body"]
        return 200, self.save_and_show(found[0], github)

    def save_and_show(self, comment, github):
        save()
        return self.show(comment, github)

    @staticmethod
    def show(comment, github):
        if github:
            return {"id": comment["id"], "body": comment["body"], "user": {"login": comment["user"]},
                    "html_url": WEB + str(comment["id"])}
        return {"id": comment["id"], "body": comment["body"], "system": False,
                "author": {"username": comment["user"]}}

    def page(self, github):
        number = int(parse_qs(urlsplit(self.path).query).get("page", ["1"])[0])
        shown = comments[2 * number - 2:2 * number]
        headers = []
        if 2 * number < len(comments):
            path = re.sub(r"&page=\d+", "", self.path) + f"&page={number + 1}"
            headers.append(("Link", f'<http://{self.headers["Host"]}{path}>; rel="next"'))
        return 200, [self.show(each, github) for each in shown], headers


ThreadingHTTPServer(("127.0.0.1", options.port), Forge).serve_forever()
