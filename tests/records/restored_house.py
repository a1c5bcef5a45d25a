"""A house over a restored database, in a process of its own: goes on with the old columns and says what they then hold."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path


def main(columns: Path) -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "jalon.config.settings"
    django.setup()

    from jalon.records import runner
    from jalon.records.log.actions import raise_epoch
    from jalon.records.models import Change
    from jalon.warehouse import current
    from jalon.warehouse.duckdb_engine import DuckDBEngine
    from tests.records.steps import asked, write

    raise_epoch()
    current.install(DuckDBEngine(columns, "Europe/Paris"))
    write({"email": "after@example.com"}, {"email": "before0@example.com", "city": "Nantes"})
    while runner.sync(datetime.now(UTC)):
        pass
    question = "SELECT change_id, property, old, new FROM property_history ORDER BY change_id, property"
    held = asked(question)
    runner.rebuild()
    rebuilt = asked(question)
    current.close()
    print(json.dumps({"lines": Change.objects.count(), "lines_held": len({row[0] for row in held}), "same": held == rebuilt}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
