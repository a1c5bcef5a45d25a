"""ClickHouse without a server: the HTTP interface that clickhouse-connect speaks, in front of chdb in this process.

chdb takes no data beside a statement, so a body goes into a file, and the statement reads that file instead.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from chdb.session import Session

from tests.leftovers import prefix

_NO_SETTINGS = {"query", "database", "session_id", "client_protocol_version", "wait_end_of_query", "query_id", "compress", "buffer_size"}
_INSERT = re.compile(r"INSERT INTO (?P<into>.+?)\s+FORMAT\s+(?P<format>\w+)\s*$", re.IGNORECASE | re.DOTALL)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer goes out whole: its head alone would wait 40 ms for the other side to say that it has come
    session: Any  # chdb is not typed
    folder: Path
    settings: dict[str, str]
    turn = threading.Lock()  # chdb answers one at a time

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        chunked = self.headers.get("Transfer-Encoding") == "chunked"
        self._answer(b"".join(self._chunks()) if chunked else self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline(), 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def _answer(self, body: bytes) -> None:
        params = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        statement = params.get("query", "")
        if not statement:
            statement, body = _split(body)
        with self.turn:
            try:
                self._set(params)
                status, content = 200, self._run(statement, body)
            except RuntimeError as error:
                status, content = 400, str(error).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("X-ClickHouse-Server-Display-Name", "chdb")
        self.send_header("X-ClickHouse-Timezone", "UTC")
        if status != 200:
            self.send_header("X-ClickHouse-Exception-Code", "1")
        self.end_headers()
        self.wfile.write(content)

    def _set(self, params: dict[str, str]) -> None:
        for name, value in params.items():
            if name not in _NO_SETTINGS and self.settings.get(name) != value:
                self.session.query(f"SET {name} = '{value}'")
                self.settings[name] = value

    def _run(self, statement: str, body: bytes) -> bytes:
        insert = _INSERT.match(statement)
        if insert is None:
            asked = re.search(r"\sFORMAT\s+(\w+)\s*;?\s*$", statement)
            return bytes(self.session.query(statement, asked.group(1) if asked else "TabSeparated").bytes())
        file = self.folder / "body"
        file.write_bytes(body)
        into, form = insert["into"], insert["format"]
        if "input(" in into:
            into = re.sub(r"input\((.+)\)$", lambda found: f"file('{file}', '{form}', {found[1]})", into, flags=re.DOTALL)
        else:
            into += f" SELECT * FROM file('{file}', '{form}')"
        self.session.query(f"INSERT INTO {into}")
        return b""

    def log_message(self, format: str, *args: object) -> None:
        pass


def _split(body: bytes) -> tuple[str, bytes]:
    """A statement at the head of the body; an insert's data begin after the line of its format."""
    head, newline, data = body.partition(b"\n")
    if newline and head.upper().startswith(b"INSERT INTO") and b"FORMAT" in head.upper():
        return head.decode(), data
    return body.decode(), b""


@contextmanager
def serve() -> Iterator[str]:
    """Address of an empty ClickHouse. chdb can be started once in a process."""
    folder = Path(tempfile.mkdtemp(prefix=prefix("chdb")))
    make_session: Any = Session
    session = make_session(str(folder / "data"))
    handler = type("Handler", (_Handler,), {"session": session, "folder": folder, "settings": {}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"clickhouse://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        session.close()
        shutil.rmtree(folder, ignore_errors=True)
