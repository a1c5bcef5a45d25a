"""Which tests go to which of the processes that run them."""

from __future__ import annotations

from typing import Final

from xdist.scheduler import LoadScopeScheduling

#: Their tests share a house that takes long to make.
SHARED: Final = ("test_command_line.py", "test_backups.py", "test_crm_sales.py")


class ByHouse(LoadScopeScheduling):  # type: ignore[misc]
    """Tests in a browser go to one process, which fills and serves one Jalon for them; the others go to whoever is free.

    Not by the marks of `--dist loadgroup`: xdist 3.8 hangs a group onto the name of a test, which pytest 9.2 does not let it change.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        if file.endswith("_in_a_browser.py"):
            return "browser"
        return file if file.endswith(SHARED) else nodeid
