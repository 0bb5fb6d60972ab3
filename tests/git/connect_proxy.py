# SPDX-License-Identifier: Apache-2.0
"""An HTTP proxy for tests: connect_proxy.py PORT LOG [USER:PASSWORD]

Does CONNECT only, on 127.0.0.1. With USER:PASSWORD it asks for them (407). Each request becomes a
line of LOG, so that a test can see that the way led through it.
"""
import base64
import select
import socket
import socketserver
import sys

port, log = int(sys.argv[1]), sys.argv[2]
wanted = "Basic " + base64.b64encode(sys.argv[3].encode()).decode() if len(sys.argv) > 3 else None


class Connection(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            place, known = self.request_after(line)
            if known:
                self.carry(place)
                return
            self.wfile.write(b"HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic realm=\"p\"\r\n"
                             b"Content-Length: 0\r\n\r\n")

    def request_after(self, line):
        words = line.decode().split()
        headers = {}
        for line in iter(self.rfile.readline, b"\r\n"):
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        with open(log, "a", encoding="utf-8") as file:
            print(*words[:2], file=file)
        return words[1], wanted in (None, headers.get("proxy-authorization"))

    def carry(self, place):
        host, _, number = place.rpartition(":")
        with socket.create_connection((host, int(number))) as server:
            self.wfile.write(b"HTTP/1.1 200 Go on\r\n\r\n")
            ends = {self.connection: server, server: self.connection}
            while True:
                for side in select.select(list(ends), [], [])[0]:
                    data = side.recv(65536)
                    if not data:
                        return
                    ends[side].sendall(data)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server(("127.0.0.1", port), Connection).serve_forever()
