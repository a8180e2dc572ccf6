"""`python -m tests.standins`: writes the table of servers into docs/servers.md."""

from __future__ import annotations

import asyncio
import sys

from tests.standins.seeds import recorded_answers
from tests.standins.table import rows, write


async def main() -> None:
    """Put the seeds through every stand-in."""
    found = await rows(await recorded_answers())
    write(found)
    sys.stdout.write("".join(found))


asyncio.run(main())
