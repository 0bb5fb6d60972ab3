# SPDX-License-Identifier: Apache-2.0
"""The part of GitHub's API that ci/github.sh talks to. usage: forge.py FOLDER

Writes its port to FOLDER/port, answers GET .../pulls with FOLDER/pulls.json, and appends what is posted to FOLDER/posts.
"""
import http.server
import pathlib
import sys
import urllib.parse

folder = pathlib.Path(sys.argv[1])


class Forge(http.server.BaseHTTPRequestHandler):
    def answer(self, code, body):
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def is_allowed(self):
        if self.headers.get("Authorization") == "Bearer secret-of-the-job":
            return True
        self.answer(401, b"{}")
        return False

    def do_GET(self):
        with (folder / "asked").open("a") as out:
            out.write(urllib.parse.unquote(self.path) + "\n")
        if self.is_allowed():
            self.answer(200, (folder / "pulls.json").read_bytes())

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.is_allowed():
            with (folder / "posts").open("a") as out:
                out.write(self.path + " " + " ".join(body.split()) + "\n")
            self.answer(201, b"{}")

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Forge)
(folder / "port.new").write_text(str(server.server_address[1]))
(folder / "port.new").rename(folder / "port")
server.serve_forever()
