"""What a mail looks like: a few sentences and a button, as text and as HTML that every mail program draws; and what comes with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.template.loader import render_to_string
from django.utils.translation import get_language


@dataclass(frozen=True)
class Letter:
    """A mail in the reader's language: the language that is active where it is written.

    A capability that has more to say derives its own, with templates that extend these.
    """

    template: ClassVar = "mail/letter"

    subject: str
    sentences: tuple[str, ...]
    button: str = ""
    url: str = ""
    foot: str = ""  # who writes, and why the reader got it
    sender: str = "Jalon"

    @property
    def one_line_subject(self) -> str:
        return " ".join(self.subject.split())[:300]

    def text(self) -> str:
        return render_to_string(f"{self.template}.txt", {"letter": self})

    def html(self) -> str:
        return render_to_string(f"{self.template}.html", {"letter": self, "language": get_language() or "en"})


@dataclass(frozen=True, slots=True)
class Part:
    """What comes with a letter: a file to keep, or (`inline`) a picture that its HTML shows as `<img src="cid:…">`."""

    name: str  # of the file; of an inline one in plain letters: "chart.png"
    content_type: str
    data: bytes
    inline: bool = False

    @property
    def cid(self) -> str:
        """The name by which the HTML calls it."""
        return f"{self.name}@jalon"
