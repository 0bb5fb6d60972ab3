#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A proxy on loopback: connect_proxy.py PORT LOG [PASSWORD]

Takes CONNECT, and plain requests in absolute form. Whatever name is asked for, the answer comes from
127.0.0.1, so that names that nobody resolves show that the proxy was used. LOG has a line for each
request: its first line. With PASSWORD it answers 407 unless the user is "ci".
"""
import base64
import http.server
import socket
import sys
import threading
import urllib.parse

PORT, LOG = int(sys.argv[1]), sys.argv[2]
WANTED = "Basic " + base64.b64encode(b"ci:" + sys.argv[3].encode()).decode() if len(sys.argv) > 3 else None


def copy(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass
    for end in (source, sink):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


class Proxy(http.server.BaseHTTPRequestHandler):
    def handle_one_request(self):
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        with open(LOG, "a") as log:
            log.write(self.requestline + "\n")
        self.close_connection = True
        if WANTED and self.headers.get("Proxy-Authorization") != WANTED:
            self.send_response(407)
            self.send_header("Proxy-Authenticate", "Basic realm=ci")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif self.command == "CONNECT":
            self.pass_on(int(self.path.rsplit(":", 1)[1]), b"", self.answer_connect)
        else:
            url = urllib.parse.urlsplit(self.path)
            path = urllib.parse.urlunsplit(("", "", url.path, url.query, ""))
            lines = [f"{self.command} {path} HTTP/1.1"]
            lines += [f"{name}: {value}" for name, value in self.headers.items()
                      if not name.lower().startswith("proxy-") and name.lower() != "connection"]
            self.pass_on(url.port, "\r\n".join(lines + ["Connection: close", "", ""]).encode(), lambda: None)

    def answer_connect(self):
        self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")

    def pass_on(self, port, first, answer):
        with socket.create_connection(("127.0.0.1", port)) as server:
            answer()
            server.sendall(first)
            length = int(self.headers.get("Content-Length") or 0)
            server.sendall(self.rfile.read(length))
            back = threading.Thread(target=copy, args=(server, self.connection))
            back.start()
            if self.command == "CONNECT":
                copy(self.connection, server)
            back.join()

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", PORT), Proxy).serve_forever()
