"""Numbers as people write them: decimal comma or point, grouped digits, a currency or percent sign."""

from __future__ import annotations

import re
from collections.abc import Iterable

from jalon.imports.trouble import Trouble, shown
from jalon.warehouse.words import N_

DECORATION = re.compile(r"[\s\u00a0\u202f\u2009'’_€$£%]|(?<=\d)(?:EUR|USD|GBP|CHF)\Z|\A(?:EUR|USD|GBP|CHF)(?=\s?[\d-])")
PATTERNS = {
    mark: re.compile(
        rf"(?P<sign>[-+−]?)(?P<whole>\d+|\d{{1,3}}(?:[{group}]\d{{3}})+)?(?:[{mark}](?P<fraction>\d*))?(?P<power>[eE][-+]?\d{{1,2}})?\Z"
    )
    for mark, group in ((",", "."), (".", ","))
}
# Numbers that can only be read with this mark: "1,234" can be read with both, "1,23" and "1.234,5" cannot.
DECIDES = {
    mark: re.compile(rf"(?:\d+[{group}])*\d+[{mark}](?:\d{{1,2}}|\d{{4,}})\Z|\d{{4,}}[{mark}]\d+\Z|0[{mark}]\d+\Z")
    for mark, group in ((",", "."), (".", ","))
}


def bare(text: str) -> str:
    """The digits and signs of a number; an amount in brackets is negative, as accountants write it."""
    stripped = DECORATION.sub("", text)
    if len(stripped) > 2 and stripped[0] == "(" and stripped[-1] == ")":
        return f"-{stripped[1:-1]}"
    return stripped


def guess_decimal(cells: Iterable[str], default: str = ".") -> str:
    """The decimal mark, "," or ".", that the cells show; `default` where they leave it open."""
    votes = {",": 0, ".": 0}
    for cell in cells:
        text = bare(cell).lstrip("-+−")
        for mark, pattern in DECIDES.items():
            votes[mark] += bool(pattern.match(text))
    if votes[","] == votes["."]:
        return default
    return "," if votes[","] > votes["."] else "."


def as_number(text: str, mark: str) -> str | Trouble:
    """The cell as a number with a decimal point, "1234.5", without groups."""
    match = PATTERNS[mark].match(bare(text))
    if not match or not (match["whole"] or match["fraction"]):
        message = N_("“%(cell)s” is not a number. The decimal mark of this import is “%(mark)s”: write 1234%(mark)s5.")
        return Trouble(message, {"cell": shown(text), "mark": mark})
    sign = "-" if match["sign"] in ("-", "−") else ""  # the minus sign of typographers
    whole = re.sub(r"\D", "", match["whole"] or "0")
    fraction = f".{match['fraction']}" if match["fraction"] else ""
    return f"{sign}{whole}{fraction}{match['power'] or ''}"
