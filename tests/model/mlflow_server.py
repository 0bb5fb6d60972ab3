# SPDX-License-Identifier: Apache-2.0
"""Answers as a recorded MLflow server: mlflow_server.py PORT FOLDER LOG [honest|forgetful]

Each FOLDER/*.txt is one exchange: "> METHOD PATH", an optional "> BODY", an empty line, the status
line, headers, an empty line, the body; a body "@FILE" is that file, relative to FOLDER. What is not
recorded is 404 in HTML, as MLflow has it; the history of a metric is what its run shows. An alias that is set is the alias that is read, unless the
server is forgetful. Each request is a line of LOG, with its Authorization.
"""
import http.server
import json
import pathlib
import sys
import urllib.parse

port, folder, log, mood = int(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3], sys.argv[4]
answers, aliases = {}, {}
for file in sorted(folder.glob("*.txt")):
    asked, _, rest = file.read_text().partition("\n\n")
    head, _, body = rest.partition("\n\n")
    method, path = asked.splitlines()[0].split()[1:3]
    lines = head.splitlines()
    if not lines or not lines[0].startswith("HTTP/"):
        continue
    kind = next((x.split(":", 1)[1].strip() for x in lines if x.lower().startswith("content-type")), "")
    body = body.strip("\n")
    if body.startswith("@"):
        body = (folder / body[1:]).read_text()
    answers.setdefault((method, urllib.parse.unquote(path)), (int(lines[0].split()[1]), kind, body))


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        with open(log, "a") as out:
            print(self.command, self.path, self.headers.get("Authorization", "-"), body, file=out)
        status, kind, text = answers.get((self.command, urllib.parse.unquote(self.path)),
                                         (404, "text/html; charset=utf-8", "<h1>Not Found</h1>"))
        url = urllib.parse.urlsplit(self.path)
        if url.path.endswith("/registered-models/alias"):
            if self.command == "POST" and status == 200 and mood == "honest":
                aliases[json.loads(body)["alias"]] = json.loads(body)["version"]
            query = urllib.parse.parse_qs(url.query)
            version = aliases.get(query.get("alias", [""])[0])
            if self.command == "GET" and version:
                name = query["name"][0]
                known = f"/api/2.0/mlflow/model-versions/get?name={name}&version={version}"
                status, kind, text = answers[("GET", known)]
        if url.path.endswith("/metrics/get-history") and status == 404:
            # One point, which is what the run shows.
            query = urllib.parse.parse_qs(url.query)
            known = f"/api/2.0/mlflow/runs/get?run_id={query['run_id'][0]}"
            if ("GET", known) in answers:
                status, kind, text = answers[("GET", known)]
                metrics = json.loads(text)["run"]["data"]["metrics"]
                text = json.dumps({"metrics": [m for m in metrics
                                               if m["key"] == query["metric_key"][0]]})
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    do_GET = do_POST = do_PUT = do_DELETE = answer

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
