"""The catalogs of messages: one per capability, `jalon/<folder>/locale/fr/LC_MESSAGES/django.po`. No system gettext is needed.

Run `python -m jalon.web.messages update` after writing a sentence, fill in its French, and run the tests.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

COMMANDS = frozenset({"commands.py", "upkeep.py"})  # files whose functions are commands
ROOT = Path(__file__).resolve().parent.parent
LANGUAGE = "fr"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "N_": None,
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
#: An apostrophe of a typewriter between two letters; a common space where a line must not break.
_ILL_SET = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])|« | »| [:;!?](?=\s|$)")


def folders(root: Path = ROOT) -> list[Path]:
    """The capabilities that say something to people."""
    return [folder for folder in sorted(root.iterdir()) if folder.is_dir() and any(template(folder))]


def template(folder: Path) -> Catalog:
    """Every message of a capability, from its Python files and its templates."""
    catalog = Catalog(fuzzy=False)
    for name, context, message in _found(folder):
        catalog.add(message, context=context, auto_comments=(), locations=[(name, 0)])
    return catalog


def _found(folder: Path) -> Iterator[tuple[str, str | None, str | tuple[str, ...]]]:
    for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.html")]):
        name = path.relative_to(folder).as_posix()
        source = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            source = _as_python(source)
        for _line, message, _comments, context in extract("python", BytesIO(source.encode()), KEYWORDS):
            yield name, context, message if isinstance(message, str) else tuple(message)
        if path.name in COMMANDS:
            yield from ((name, None, message) for message in _helps(source))


def _helps(source: str) -> Iterator[str]:
    """What `jalon ... --help` says: the docstrings of commands, and the `help` of their options and arguments."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"Option", "Argument"}:
            yield from (str(word.value.value) for word in node.keywords if word.arg == "help" and isinstance(word.value, ast.Constant))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and ast.unparse(node.returns or node) == "None":
            yield ast.get_docstring(node) or ""


def _as_python(source: str) -> str:
    """Django blanks out all but the messages; the indentation it leaves means nothing and would not parse."""
    return "\n".join(line.strip() for line in templatize(source).splitlines())


def catalog_path(folder: Path, language: str = LANGUAGE) -> Path:
    return folder / "locale" / language / "LC_MESSAGES" / "django.po"


def read(path: Path, language: str = LANGUAGE) -> Catalog:
    """The translations as they stand; an empty catalog where there is no file yet."""
    if not path.exists():
        return Catalog(locale=language, domain="django", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="django")


def update(folder: Path) -> None:
    """Brings the catalog to the messages in the source: new ones without French, none guessed, old ones gone."""
    path = catalog_path(folder)
    catalog = read(path)
    catalog.update(template(folder), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=140, no_location=True, omit_header=True, sort_output=True)


def problems(folder: Path) -> list[str]:
    """What is wrong with a capability's French, each in a sentence."""
    path = catalog_path(folder)
    catalog, wanted = read(path), template(folder)
    return [*_missing(folder, catalog, wanted), *_wrong(folder, catalog, wanted)]


def _missing(folder: Path, catalog: Catalog, wanted: Catalog) -> Iterator[str]:
    for message in wanted:
        if not message.id:
            continue
        found = catalog.get(message.id, message.context)
        french = found.string if found else ""
        if not (all(french) if isinstance(french, list | tuple) else french):
            where = message.locations[0][0] if message.locations else ""
            yield f"{folder.name}/{where}: “{message.id}” has no French"


def _wrong(folder: Path, catalog: Catalog, wanted: Catalog) -> Iterator[str]:
    for message in catalog:
        if not message.id:
            continue
        if message.fuzzy:
            yield f"{folder.name}: the French of “{message.id}” is only a guess (fuzzy)"
        if wanted.get(message.id, message.context) is None:
            yield f"{folder.name}: “{message.id}” is said nowhere any more"
        if _ILL_SET.search(" ".join(message.string) if isinstance(message.string, list | tuple) else message.string or ""):
            yield f"{folder.name}: the French of “{message.id}” wants ’ as its apostrophe, and spaces that do not break beside «»:;!?"
        for error in message.check(catalog):
            yield f"{folder.name}: the French of “{message.id}”: {error}"


def compile_stale(root: Path = ROOT) -> int:
    """Writes the compiled catalogs that are missing or older than their text; returns how many.

    A package installed for everybody is read-only, and carries its compiled catalogs already.
    """
    written = 0
    for path in root.glob("*/locale/*/LC_MESSAGES/django.po"):
        compiled = path.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime_ns >= path.stat().st_mtime_ns:
            continue
        if not os.access(path.parent, os.W_OK):
            continue
        with compiled.open("wb") as file:
            write_mo(file, read(path, path.parts[-3]))
        written += 1
    return written


def main(verb: str) -> int:
    if verb == "update":
        for folder in folders():
            update(folder)
        verb = "check"
    if verb == "compile":
        print(f"{compile_stale()} catalogs compiled")
        return 0
    found = [problem for folder in folders() for problem in problems(folder)]
    print("\n".join(found) or "Every message has its French.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
