"""Serves a folder to a browser on this machine."""

from __future__ import annotations

import contextlib
import functools
import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Served:
    """Where the site is.

    Attributes:
        url: Address of its folder.
        light: The same where the search knows nothing: to build its index takes longer than to show a page.
    """

    url: str
    light: str


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        return


class _Light(_Quiet):
    def do_GET(self) -> None:
        if self.path != "/search.json":
            super().do_GET()
            return
        body = b'{"config": {"lang": ["en"], "separator": "[ ]+"}, "items": []}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextlib.contextmanager
def serve(site: Path) -> Iterator[Served]:
    """Serve a site for as long as the context lasts."""
    servers = []
    for handler in (_Quiet, _Light):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(site)))
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
    yield Served(*(f"http://127.0.0.1:{server.server_port}/" for server in servers))
    for server in servers:
        server.shutdown()
        server.server_close()
