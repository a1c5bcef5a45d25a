"""What a mail looks like: a few sentences and a button, as text and as HTML that every mail program draws."""

from __future__ import annotations

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.translation import get_language


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in the reader's language: the language that is active where it is written."""

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
        return render_to_string("mail/letter.txt", {"letter": self})

    def html(self) -> str:
        return render_to_string("mail/letter.html", {"letter": self, "language": get_language() or "en"})
