"""Criteria as addresses carry them, made by hand: one filter, or one more beside those that are there. Pure.

What criteria mean is the business of a higher folder; here they are only text.
"""

from __future__ import annotations

import json
from typing import Any


def one(name: str, operator: str, *values: str) -> str:
    """Criteria of a single filter."""
    return _text([{"filters": [_filter(name, operator, values)]}])


def also(criteria: str, name: str, operator: str, *values: str) -> str:
    """The same criteria and this filter too. Criteria that cannot be read are left as they are, for the page to say so."""
    if not criteria:
        return one(name, operator, *values)
    try:
        groups = json.loads(criteria)["groups"]
        return _text([{"filters": [*group["filters"], _filter(name, operator, values)]} for group in groups])
    except (ValueError, KeyError, TypeError):
        return criteria


def _filter(name: str, operator: str, values: tuple[str, ...]) -> dict[str, Any]:
    return {"property": name, "operator": operator, **({"values": list(values)} if values else {})}


def _text(groups: list[dict[str, Any]]) -> str:
    return json.dumps({"version": 2, "groups": groups}, ensure_ascii=False, separators=(",", ":"))
