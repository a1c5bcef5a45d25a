"""`jalon` as a self-hoster has it: python -m benchmarks.as_installed serve ...

The environment of benchmarks has what the tests need, pandas and numpy among it. Packages that use them where they find
them must not find them here, or the memory of the server would be that of the test bench.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Any

ABSENT = {"numpy", "pandas"}


def compiled(environment: Mapping[str, str]) -> None:
    """Compiles every module, as pip does when it installs; quick where that was done."""
    folders = [sysconfig.get_path("purelib"), str(Path(__file__).resolve().parent.parent / "jalon")]
    subprocess.run([sys.executable, "-m", "compileall", "-q", "-j", "2", *folders], env=environment, check=False, capture_output=True)


class NotInstalled(MetaPathFinder):
    def find_spec(self, name: str, path: object = None, target: object = None) -> Any:
        if name.partition(".")[0] in ABSENT:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None


if __name__ == "__main__":
    sys.meta_path.insert(0, NotInstalled())
    from jalon.config.cli import main

    main()
