"""Walks through a Jalon as a person would: signs in, opens every kind of page that a link leads to, a report, a picture of its chart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import httpx

TAG = re.compile(r"<[a-z][^>]*>")
LINK = re.compile(r"""(?:href|hx-get)=["'](/[^"'#]*)""")
TOKEN = re.compile(r"""name=["']csrfmiddlewaretoken["'] value=["']([^"']+)""")
AVOIDED = re.compile(r"^/(static|media|accounts/logout)|logout|\.(svg|ico|js|css|woff2?|webmanifest)($|\?)")
SAME_KIND = 2  # pages of one kind: two contacts stand for all


class WalkFailed(Exception):
    """A page did not answer as it should."""


@dataclass(slots=True)
class Walk:
    """What was seen: the milliseconds of each page's answer."""

    client: httpx.Client
    took: dict[str, float] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)

    def sign_in(self, email: str, password: str) -> None:
        page = self.client.get("/", follow_redirects=True)
        token = TOKEN.search(page.text)
        if not token:
            raise WalkFailed(f"No sign-in form at {page.url}.")
        form = {"login": email, "password": password, "csrfmiddlewaretoken": token[1]}
        answer = self.client.post(str(page.url), data=form, headers={"Referer": str(page.url)})
        if answer.status_code != 302:
            raise WalkFailed(f"Signing in was answered with {answer.status_code}.")

    def everywhere(self, start: str = "/", limit: int = 3_000) -> None:
        """Follows every link to a page of a new kind; a picture of a chart must be among them."""
        waiting = [start]
        while waiting and len(self.took) < limit:
            address = waiting.pop(0)
            if address not in self.took:
                waiting += self._open(address)
        if not any(address.partition("?")[0].endswith(".png") for address in self.took):
            raise WalkFailed("No page leads to a picture of a chart.")

    def _open(self, address: str) -> list[str]:
        answer = self.client.get(address, follow_redirects=True)
        self.took[address] = answer.elapsed.total_seconds() * 1000
        if answer.status_code >= 400:
            raise WalkFailed(f"{address} was answered with {answer.status_code}.")
        if "html" not in answer.headers.get("content-type", ""):
            return []
        return [link for link in dict.fromkeys(_links(answer.text)) if self._is_new_kind(link)]

    def _is_new_kind(self, address: str) -> bool:
        kind = _kind(address)
        self.kinds[kind] += 1
        return self.kinds[kind] <= SAME_KIND and address not in self.took


def _links(html: str) -> Iterator[str]:
    """Whole addresses only: a button that sends fields of its form along has but half of one."""
    tags = (tag for tag in TAG.findall(html) if "hx-include" not in tag)
    return (link for tag in tags for link in map(unescape, LINK.findall(tag)) if not AVOIDED.search(link))


def _kind(address: str) -> str:
    """Addresses of one kind differ in numbers, in names of properties and links, and in the values of their parameters."""
    parts = urlsplit(address)
    names = sorted(name for name, _ in parse_qsl(parts.query))
    path = re.sub(r"/(properties|links)(/[a-z]\w*)+", r"/\1/*", re.sub(r"\d+", "#", parts.path))
    return path + "?" + "&".join(names)
