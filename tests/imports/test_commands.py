"""`jalon import` and `jalon export`, in a home of their own, as somebody types them, without a server and beside one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.browser import serving
from tests.spawned import PATH

ROWS = "E-mail;Prénom;Ville;Anniversaire\nann@a.fr;Ann;Paris;31/12/1990\nbob@b.fr;Bob;Lyon;bientôt\ncid@c.fr;Cid;Paris;13/01/1980\n"


def jalon(home: Path, *arguments: str) -> tuple[int, Any, str]:
    """The exit code, what `--json` printed, and what was said on stderr."""
    environment = {**os.environ, "JALON_HOME": str(home), "PYTHONPATH": PATH}
    for name in ("DJANGO_SETTINGS_MODULE", "SECRET_KEY"):
        environment.pop(name, None)
    done = subprocess.run([sys.executable, "-m", "jalon", *arguments, "--json"], env=environment, capture_output=True, text=True, cwd=home)
    return done.returncode, json.loads(done.stdout) if done.stdout.strip() else None, done.stderr


def bring_in_and_take_out(home: Path) -> None:
    file = home / "contacts.csv"
    file.write_text(ROWS)
    _, tried, _ = jalon(home, "import", str(file), "--dry-run")
    assert (tried["created"], tried["refused"]) == (2, 1)
    code, done, said = jalon(home, "import", "contacts.csv", "--object", "contact", "--match", "email", "--map", "Ville=city")
    assert (code, done["created"], done["refused"], done["state"]) == (0, 2, 1, "done"), said
    assert "bob@b.fr;Bob" not in (refused := (home / "contacts-refused.csv").read_text("utf-8-sig"))
    assert "bob@b.fr,Bob,Lyon,bientôt,3,Anniversaire: “bientôt” is not a date." in refused
    criteria = '{"groups": [{"filters": [{"property": "city", "operator": "equal", "values": ["Paris"]}]}]}'
    code, taken, said = jalon(
        home, "export", "contact", "--columns", "email,birthday", "--sort", "email", "--values", "-o", "out.csv", "--criteria", criteria
    )
    assert (code, taken) == (0, {"file": str(home / "out.csv"), "format": "csv", "rows": 2}), said
    rows = (home / "out.csv").read_text().splitlines()
    assert [row.split(",", 1)[1] for row in rows] == ["email,birthday", "ann@a.fr,1990-12-31", "cid@c.fr,1980-01-13"]
    assert jalon(home, "import", "out.csv")[1]["unchanged"] == 2


@pytest.mark.slow
def test_a_file_goes_in_and_out_without_a_server(tmp_path: Path) -> None:
    bring_in_and_take_out(tmp_path)
    code, _, said = jalon(tmp_path, "import", "contacts.csv", "--map", "Ville", "--match", "shoe size")
    assert (code, "does not say which property" in said) == (2, True)
    assert "There is no object type “foo”" in jalon(tmp_path, "export", "foo", "-o", "x.csv")[2]


@pytest.mark.slow
def test_a_file_goes_in_and_out_beside_a_running_server(tmp_path: Path) -> None:
    with serving(tmp_path):
        bring_in_and_take_out(tmp_path)
