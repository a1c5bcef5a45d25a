"""The web application: Django's pages in a few threads behind the asynchronous server.

Django's own asynchronous handler starts a thread for every request: 230 pages a second where this does 770
(docs/decisions/0001-server.md).
"""

from __future__ import annotations

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

THREADS = 8  # pages at a time; the pool of connections is as large

application = WSGIMiddleware(get_wsgi_application(), workers=THREADS)  # type: ignore[arg-type]  # Django's types say dict
