"""A run that is killed again and again, at random points: nothing is lost, and only what was being read is asked twice.

The seed is printed. ``DISTRIBUTED_ACCOUNTS=50 DISTRIBUTED_KILLS=20`` makes it an organization, ``KILLS_SEED`` repeats a run.
"""

import os
import random
from pathlib import Path
from typing import Any, Final

from auditor.cli.main import run
from auditor.errors import ExitCode
from moto_fixtures.aws.server import Server
from tests.scenario.distributed.reading import ACCOUNTS, FAILING, command, judged
from tests.scenario.pausing import Paused, started, wait_until

KILLS: Final = int(os.environ.get("DISTRIBUTED_KILLS", "3"))
SIDE_BY_SIDE: Final = 8
"""Accounts that one process reads at once."""


def committed(store: Path) -> set[str]:
    """The accounts of which a shard is in the store."""
    return {path.name.split("-")[1] for path in store.glob("*/commits/*.json")}


def read(server: Server) -> set[str]:
    """The accounts whose functions were asked for since the log was last emptied."""
    return {seen.account for seen in server.requests if seen.service == "lambda"}


def test_a_run_that_is_killed_again_and_again_loses_nothing_and_asks_little_twice(
    server: Server, ids: dict[str, str], undisturbed: dict[str, Any], tmp_path: Path
) -> None:
    seed = int(os.environ.get("KILLS_SEED") or random.SystemRandom().getrandbits(32))
    print(f"KILLS_SEED={seed}")
    chance, answer = random.Random(seed), server.answer
    store, out = tmp_path / "store", tmp_path / "out"
    done: set[str] = set()
    for kill in range(KILLS):
        server.forget_requests()
        left = ACCOUNTS + 1 - len(done)
        paused = Paused.after(server, chance.randint(1, 12 * left + 10))
        began = any(store.glob("*/run.json"))
        process = started(*command(out, *(("--resume", str(store)) if began else ("--store", str(store)))))
        wait_until(lambda: paused.reached.is_set() or process.poll() is not None)  # noqa: B023 - asked in this round
        process.kill()
        said = process.communicate()
        paused.let_go.set()
        server.answer = answer  # type: ignore[method-assign]
        assert not read(server) & done, f"seed {seed}, kill {kill}: what is whole was asked again {said}"
        whole = committed(store) - {ids[FAILING]}
        assert done <= whole
        assert len(read(server) - whole) <= SIDE_BY_SIDE, f"seed {seed}, kill {kill}"
        done = whole
    server.forget_requests()
    began = any(store.glob("*/run.json"))
    assert run(command(out, *(("--resume", str(store)) if began else ("--store", str(store))))) == ExitCode.OK
    assert not read(server) & done, f"seed {seed}"
    assert judged(out) == undisturbed, f"seed {seed}"
