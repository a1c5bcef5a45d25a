"""What a browser says it is, in words people know: "Firefox on Windows". Pure."""

from __future__ import annotations

# The first word found counts: Edge and Opera also say Chrome, and Chrome also says Safari.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Vivaldi", "Vivaldi"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
    ("curl", "curl"),
    ("python", "Python"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
_HAND_HELD = {"iPhone", "iPad", "Android"}


def browser(agent: str) -> str:
    return _first(_BROWSERS, agent)


def system(agent: str) -> str:
    return _first(_SYSTEMS, agent)


def is_hand_held(agent: str) -> bool:
    return system(agent) in _HAND_HELD


def _first(rows: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((word for sign, word in rows if sign in agent), "")
