"""Two hundred random changes between two runs: what a revision or a list tells is seen at once, the rest by its age.

The seed is printed; ``INCREMENTAL_SEED`` repeats a run.
"""

import io
import json
import os
import random
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from auditor.cli.main import run
from moto_fixtures.aws.server import Server
from tests.unit.providers.aws.collector.organization import HOME, HUB, client, deploy

CHANGES = 200
FIRST = tuple(f"f{number:02}" for number in range(30))
Report = dict[str, Any]


class Changes:
    """Changes an account at random. ``late`` are the functions of which something changed that only an age covers."""

    def __init__(self, server: Server, chance: random.Random) -> None:
        self._functions = client(server, "lambda")
        self._chance = chance
        self._names = list(FIRST)
        self._open: list[tuple[str, str]] = []
        self._role = self._functions.get_function_configuration(FunctionName=FIRST[0])["Role"]
        self.made: dict[str, int] = {}
        self.late: set[str] = set()

    def make(self) -> None:
        """One change of a random kind."""
        kinds = (
            *((self.policy, self.settings, self.code, self.tags) * 4),
            self.close, self.close, self.version, self.alias, self.alias_policy, self.create, self.delete,
            self.concurrency, self.url,
        )  # fmt: skip
        kind = self._chance.choice(kinds)
        if kind() is not False:
            self.made[kind.__name__] = self.made.get(kind.__name__, 0) + 1

    def policy(self) -> None:
        name, sid = self._name(), self._word()
        whom: dict[str, str] = self._chance.choice(
            (
                {"Principal": "*"},
                {"Principal": "444455556666"},
                {"Principal": "s3.amazonaws.com"},
                {"Principal": "events.amazonaws.com", "SourceArn": f"arn:aws:events:{HOME}:{HUB}:rule/{sid}"},
            )
        )
        self._permit(name, sid, **whom)
        self._open.append((name, sid))

    def close(self) -> bool:
        if self._open:
            name, sid = self._open.pop(self._chance.randrange(len(self._open)))
            self._functions.remove_permission(FunctionName=name, StatementId=sid)
            return True
        return False

    def settings(self) -> None:
        setting: dict[str, Any] = self._chance.choice(
            (
                {"Timeout": self._chance.choice((3, 30, 900))},
                {"MemorySize": self._chance.choice((128, 3008))},
                {"Runtime": self._chance.choice(("python3.8", "python3.13", "nodejs18.x"))},
                {"Environment": {"Variables": {"STAGE": self._word()}}},
                {"TracingConfig": {"Mode": self._chance.choice(("Active", "PassThrough"))}},
            )
        )
        self._functions.update_function_configuration(FunctionName=self._name(), **setting)

    def code(self) -> None:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as packed:
            packed.writestr("index.py", f"# {self._word()}")
        self._functions.update_function_code(FunctionName=self._name(), ZipFile=archive.getvalue())

    def tags(self) -> None:
        arn = f"arn:aws:lambda:{HOME}:{HUB}:function:{self._name()}"
        self._functions.tag_resource(Resource=arn, Tags={"team": self._word()})

    def version(self) -> None:
        self._functions.publish_version(FunctionName=self._name())

    def alias(self) -> None:
        name = self._name()
        version = self._functions.publish_version(FunctionName=name)["Version"]
        self._functions.create_alias(FunctionName=name, Name=self._word(), FunctionVersion=version)

    def alias_policy(self) -> bool:
        name = self._name()
        aliases = self._functions.list_aliases(FunctionName=name)["Aliases"]
        if aliases:
            self._permit(name, self._word(), Qualifier=aliases[0]["Name"], Principal="*")
        return bool(aliases)

    def create(self) -> None:
        name = self._word()
        self._functions.create_function(
            FunctionName=name, Runtime="python3.13", Role=self._role, Handler="index.handler", Code={"ZipFile": b"x"}
        )
        self._names.append(name)

    def delete(self) -> None:
        name = self._name()
        self._functions.delete_function(FunctionName=name)
        self._names.remove(name)
        self._open = [each for each in self._open if each[0] != name]
        self.late.discard(name)

    def concurrency(self) -> None:
        name = self._name()
        self._functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=2)
        self.late.add(name)

    def url(self) -> bool:
        name = self._name()
        if self._functions.list_function_url_configs(FunctionName=name)["FunctionUrlConfigs"]:
            return False
        self._functions.create_function_url_config(FunctionName=name, AuthType="NONE")
        self.late.add(name)
        return True

    def _permit(self, name: str, sid: str, **whom: str) -> None:
        self._functions.add_permission(FunctionName=name, StatementId=sid, Action="lambda:InvokeFunction", **whom)

    def _name(self) -> str:
        return self._chance.choice(self._names)

    def _word(self) -> str:
        return f"w{self._chance.getrandbits(40):010x}"


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as started, pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOTO_IAM_LOAD_MANAGED_POLICIES", "false")
        deploy(started, HUB, *FIRST)
        yield started


@pytest.fixture
def scan(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Report]:
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)

    def scanned(place: str, *more: str) -> Report:
        out = ["-M", "json", "-o", str(tmp_path / place), "--quiet"]
        assert run(["scan", "--provider", "aws", "-f", HOME, *out, *more]) == 0
        report: Report = json.loads((tmp_path / place / "report.json").read_text("utf-8"))
        return report

    return scanned


def said(report: Report, names: set[str]) -> dict[str, Any]:
    """What a report says of everything but these functions, without when it was asked."""
    ids = {row["id"] for row in report["functions"] if row["name"] in names}
    for finding in report["findings"]:
        for row in finding["evidence"]:
            row["detail"] = row["detail"].partition(" (unchanged since ")[0].partition(" (as of ")[0]
    return {
        "verdicts": {subject: row for subject, row in report["verdicts"].items() if subject not in ids},
        "findings": [row for row in report["findings"] if row["function_id"] not in ids],
        "functions": [_row(row) for row in report["functions"] if row["id"] not in ids],
    }


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != "score"}


def test_two_hundred_changes_between_two_runs(scan: Callable[..., Report], server: Server, tmp_path: Path) -> None:
    seed = int(os.environ.get("INCREMENTAL_SEED") or random.SystemRandom().getrandbits(32))
    print(f"INCREMENTAL_SEED={seed}")
    changes = Changes(server, random.Random(seed))
    for _ in range(CHANGES // 4):
        changes.make()  # the earlier run finds an account that is no longer the one that was deployed
    changes.late.clear()
    before = scan("before")
    while sum(changes.made.values()) < CHANGES + CHANGES // 4:
        changes.make()
    incremental = scan("incremental", "--since", str(tmp_path / "before"))
    full = scan("full", "--full")
    assert said(incremental, changes.late) == said(full, changes.late), f"seed {seed}"
    assert said(before, changes.late)["verdicts"] != said(full, changes.late)["verdicts"]
    assert incremental["run"]["carried_over"]["oldest"] == before["started_at"]
    assert not full["run"].get("carried_over")
    aged = scan("aged", "--since", str(tmp_path / "before"), "--max-age", "0")
    assert said(aged, set()) == said(full, set()), f"seed {seed}"
