"""What a process that a test starts finds: the product as people install it.

chdb brings pandas and numpy into the environment of the tests. pyarrow loads them where it finds them, which costs every command that
a test types a second.
"""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATH = os.pathsep.join([str(ROOT / "tests" / "absent"), str(ROOT)])
