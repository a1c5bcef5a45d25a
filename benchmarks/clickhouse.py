"""A ClickHouse for proofs, in a process of its own: python -m benchmarks.clickhouse prints its address and serves until it is ended."""

from __future__ import annotations

import signal
import threading

from tests.chdb_server import serve

if __name__ == "__main__":
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    with serve() as address:
        print(address, flush=True)
        ended.wait()
