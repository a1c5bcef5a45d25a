"""French and English are both complete: every sentence is marked, every marked sentence has its French."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from jalon.web import messages

TEMPLATES = sorted(messages.ROOT.glob("*/templates/**/*.html"))
SPOKEN = {"title", "aria-label", "placeholder", "alt", "data-tip", "data-done"}
NAMES = {"Jalon", "Ctrl K", "OpenID Connect"}  # the same in every language
BLOCKS = re.compile(r"{%\s*(comment|blocktrans\w*)\b.*?%}.*?{%\s*end\1\s*%}", re.DOTALL)
CLASSES = re.compile(r"{% block \w+_class %}.*?{% endblock %}")
TAGS = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
WORD = re.compile(r"[^\W\d_]{2,}")


@pytest.mark.parametrize("folder", messages.folders(), ids=lambda folder: folder.name)
def test_every_message_of_a_capability_has_its_french(folder: Path) -> None:
    assert messages.problems(folder) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(messages.ROOT).as_posix())
def test_a_template_says_nothing_that_is_not_marked(path: Path) -> None:
    assert unmarked(path.read_text()) == []


def unmarked(source: str) -> list[str]:
    """The words that a reader would see in one language only."""
    reader = Reader()
    reader.feed(TAGS.sub("", CLASSES.sub("", BLOCKS.sub("", source))))
    return [text for text in reader.texts if WORD.search(text) and text not in NAMES]


class Reader(HTMLParser):
    """Collects what a page shows or says aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.in_code = False  # a formula is the same in every language

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.in_code = tag == "code"
        self.texts.extend((value or "").strip() for name, value in attrs if name in SPOKEN)

    def handle_endtag(self, tag: str) -> None:
        self.in_code = False

    def handle_data(self, data: str) -> None:
        if not self.in_code:
            self.texts.append(data.strip(" \n·:/()"))


def test_an_unmarked_sentence_is_found() -> None:
    assert unmarked('<p title="Hello there">{% translate "Good" %} morning <b>{{ name }}</b></p>') == ["Hello there", "morning"]


def test_a_missing_a_guessed_and_a_forgotten_message_are_found(tmp_path: Path) -> None:
    folder = tmp_path / "greetings"
    catalog = messages.catalog_path(folder)
    catalog.parent.mkdir(parents=True)
    (folder / "page.html").write_text('{% load i18n %}{% translate "Hello" %} {% translate "Bye" %}')
    catalog.write_text('#, fuzzy\nmsgid "Hello"\nmsgstr "Bonjour"\n\nmsgid "Old"\nmsgstr "Vieux"\n')
    assert messages.problems(folder) == [
        "greetings/page.html: “Bye” has no French",
        "greetings: the French of “Hello” is only a guess (fuzzy)",
        "greetings: “Old” is said nowhere any more",
    ]


def test_a_forgotten_placeholder_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "greetings"
    catalog = messages.catalog_path(folder)
    catalog.parent.mkdir(parents=True)
    (folder / "page.py").write_text('gettext("Hello %(name)s")')
    catalog.write_text('#, python-format\nmsgid "Hello %(name)s"\nmsgstr "Bonjour %(nom)s"\n')
    assert len(messages.problems(folder)) == 1


def test_update_keeps_the_french_and_adds_what_is_new(tmp_path: Path) -> None:
    folder = tmp_path / "greetings"
    (folder / "templates").mkdir(parents=True)
    page = folder / "templates" / "page.html"
    page.write_text("{% load i18n %}{% blocktranslate count n=n %}{{ n }} contact{% plural %}{{ n }} contacts{% endblocktranslate %}")
    messages.update(folder)
    path = messages.catalog_path(folder)
    path.write_text(path.read_text().replace('msgstr[0] ""', 'msgstr[0] "un"').replace('msgstr[1] ""', 'msgstr[1] "plusieurs"'))
    page.write_text(page.read_text() + '{% translate "New" %}')
    messages.update(folder)
    assert messages.problems(folder) == ["greetings/templates/page.html: “New” has no French"]


def test_catalogs_are_compiled_when_their_text_changed(tmp_path: Path) -> None:
    path = messages.catalog_path(tmp_path / "greetings")
    path.parent.mkdir(parents=True)
    path.write_text('msgid "Hello"\nmsgstr "Bonjour"\n')
    assert [messages.compile_stale(tmp_path), messages.compile_stale(tmp_path)] == [1, 0]
    assert b"Bonjour" in path.with_suffix(".mo").read_bytes()


def test_a_message_has_one_french_whichever_catalog_is_asked() -> None:
    """Django merges the catalogs, and the last one wins everywhere: what needs two translations needs two contexts."""
    told: dict[tuple[str | None, str], dict[str, str]] = {}
    for folder in messages.folders():
        for message in messages.read(messages.catalog_path(folder)):
            if message.id:
                key = message.id if isinstance(message.id, str) else message.id[0]
                told.setdefault((message.context, key), {})[folder.name] = str(message.string)
    assert {key: found for key, found in told.items() if len(set(found.values())) > 1} == {}
