"""Fixtures of the tests of bulk annotation."""

from __future__ import annotations

import asyncio

import pytest

from tests.bulk.batch_bench import Direct, bench


@pytest.fixture(scope="session")
def direct(tmp_path_factory: pytest.TempPathFactory) -> Direct:
    """The records of a run without batches, and the bodies of its requests."""

    async def run() -> Direct:
        async with bench(tmp_path_factory.mktemp("direct")) as made:
            return await made.records(), made.stub.direct

    return asyncio.run(run())
