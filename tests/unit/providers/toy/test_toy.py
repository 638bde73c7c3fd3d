"""A fourth provider needs no copy: the toy cloud is scanned end to end, and gets the denial and damage matrices."""

import io
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from auditor import plugins
from auditor.config import CheckSettings
from auditor.engine.audit import Judging, audit
from auditor.engine.collect import collect
from auditor.engine.evaluate import Results
from auditor.errors import NoScopeError
from auditor.model.capture import Depth
from auditor.model.finding import Status
from auditor.model.observed import Known, Unknown
from auditor.provider import CollectOptions, Operation
from auditor.snapshot.archive import Snapshot
from moto_fixtures.emulation.faults import Spoil
from providers.doctor import NullProgress
from reports.json_report import JsonReporter
from tests.scenario.costs import statuses
from tests.scenario.damage import after_damage, taken_for_complete, unharmed
from tests.scenario.expect import by_name
from tests.scenario.replaying import Replay
from tests.scenario.verdicts import after_denial, calls
from tests.unit.providers.scripted import collect_options
from tests.unit.providers.toy.emulator import Deployed, Fault, ToyCloud
from tests.unit.providers.toy.provider import ToyProvider

TOY = ToyProvider()
FUNCTIONS = {
    "closed": Deployed("python3.14", ("alice",)),
    "nobody": Deployed("python3.14"),
    "open": Deployed("python3.14", ("alice", "*")),
    "secret": Deployed("nodejs24", ("bob",), region="there"),
}
LIST, POLICY = "toy:ListFunctions", "toy:GetPolicy"


@pytest.fixture(scope="module")
def toys() -> Iterator[ToyCloud]:
    with ToyCloud(FUNCTIONS) as cloud, pytest.MonkeyPatch.context() as environment:
        for name, value in cloud.environment.items():
            environment.setenv(name, value)
        yield cloud


@pytest.fixture(autouse=True)
def calm(toys: ToyCloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test leaves faults or a log behind, and none waits out a back-off."""
    monkeypatch.setattr("providers.calls.retry.random.uniform", lambda low, _high: low / 10)
    yield
    toys.faults.clear()
    toys.forget_requests()


def options(depth: Depth = Depth.FULL) -> CollectOptions:
    return collect_options(threading.Event(), depth)


def scanned(root: Path, depth: Depth = Depth.FULL) -> Path:
    collect({TOY.cloud: TOY}, {TOY.cloud: options(depth)}, root, (), NullProgress())
    return root


def verdicts(root: Path, *checks: str) -> dict[str, dict[str, str]]:
    """check → function → status, by way of the whole engine and the report."""
    chosen = tuple(check for check in plugins.checks() if check.id in checks)
    judging = Judging(chosen, CheckSettings(), None, "critical", fail_on_incomplete=False, selection={})
    stream = io.BytesIO()
    JsonReporter().write(audit(Snapshot(root), {TOY.cloud: TOY}, judging), stream)
    return by_name(json.loads(stream.getvalue()), TOY.cloud)


@pytest.fixture(scope="module")
def replay(toys: ToyCloud, tmp_path_factory: pytest.TempPathFactory) -> Replay:
    return Replay.of(scanned(tmp_path_factory.mktemp("toys")), TOY)


@pytest.fixture(scope="module")
def whole(replay: Replay) -> Results:
    return replay.results()


def test_it_is_scanned_end_to_end(toys: ToyCloud, tmp_path: Path) -> None:
    toys.faults.add(Fault(Spoil.DENY, POLICY, "secret"))
    found = verdicts(scanned(tmp_path), "policy-public")
    assert found == {
        "policy-public": {"here/open": "FAIL", "here/closed": "PASS", "here/nobody": "PASS", "there/secret": "UNKNOWN"}
    }


def test_what_is_missing_is_named_with_its_permission(toys: ToyCloud, tmp_path: Path) -> None:
    toys.faults.add(Fault(Spoil.DENY, POLICY))
    results = Replay.of(scanned(tmp_path), TOY).results()
    (key,) = {key for key in results.unknowns if key[0] == "policy-public"}
    assert key[3] == "toy.functions.getPolicy"


def test_every_kind_of_refusal_is_a_gap_with_its_reason(toys: ToyCloud, tmp_path: Path) -> None:
    toys.faults.add(Fault(Spoil.DENY, POLICY, "closed"))
    toys.faults.add(Fault(Spoil.VANISH, POLICY, "nobody"))
    toys.faults.add(Fault(Spoil.SERVER_ERROR, POLICY, "open"))
    toys.faults.add(Fault(Spoil.MALFORMED, POLICY, "secret"))
    replay = Replay.of(scanned(tmp_path), TOY)
    (rows,) = (rows for key, rows in replay.capture.rows.items() if key.operation == POLICY)
    assert {row.subject: str(row.reason) for row in rows} == {
        "closed": "DENIED",
        "nobody": "NOT_FOUND",
        "open": "SERVICE_ERROR",
        "secret": "MALFORMED",
    }


def test_throttling_loses_nothing(toys: ToyCloud, tmp_path: Path) -> None:
    toys.faults.add(Fault(Spoil.THROTTLE, times=3))
    assert "UNKNOWN" not in verdicts(scanned(tmp_path), "policy-public")["policy-public"].values()


def test_a_depth_leaves_out_what_it_never_asks(toys: ToyCloud, tmp_path: Path) -> None:
    found = verdicts(scanned(tmp_path, Depth.QUICK), "policy-public")
    assert set(found["policy-public"].values()) == {"NOT_EXAMINED"}
    assert {call.operation for call in toys.requests} == {LIST}


def test_expired_credentials_open_nothing(toys: ToyCloud, tmp_path: Path) -> None:
    toys.faults.add(Fault(Spoil.EXPIRED_TOKEN))
    with pytest.raises(NoScopeError, match="set TOY_TOKEN"):
        scanned(tmp_path)


def test_doctor_names_what_is_missing(toys: ToyCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    def told() -> list[tuple[str, bool, str | None]]:
        return [(probe.subject, probe.ok, probe.permission) for probe in TOY.doctor(options())]

    assert told() == [(LIST, True, None), (POLICY, True, None)]
    toys.faults.add(Fault(Spoil.DENY, POLICY))
    assert told() == [(LIST, True, None), (POLICY, False, "toy.functions.getPolicy")]
    monkeypatch.delenv("TOY_TOKEN")
    assert told() == [("credentials", False, None)]


every = pytest.mark.parametrize("operation", calls(TOY), ids=lambda operation: operation.id)


@every
def test_s2_s3_every_kind_of_damage_is_a_gap_of_its_answer(replay: Replay, operation: Operation) -> None:
    assert unharmed(replay, operation) == set()


@every
def test_damage_is_never_safety(replay: Replay, whole: Results, operation: Operation) -> None:
    assert after_damage(operation, whole, replay) == []


@every
def test_silence_is_never_safety(replay: Replay, whole: Results, operation: Operation) -> None:
    wrong, denied = after_denial(operation, whole, replay)
    assert wrong == []
    kept = statuses(denied)
    lost = {key for key, was in statuses(whole).items() if was is Status.FAIL and kept.get(key) is not was}
    assert ("gcp/toys/open", "policy-public") in lost


def test_s12_a_list_that_is_cut_short_is_not_complete(replay: Replay) -> None:
    assert taken_for_complete(replay, TOY.operations[0]) == {"nothing"}


def test_the_guide_names_exactly_the_files_there_are() -> None:
    here = Path(__file__).parent
    guide = (here.parents[3] / "providers" / "README.md").read_text("utf-8")
    steps = guide.partition("## How to build a provider")[2].partition("\n## ")[0]
    named = re.findall(r"^\d+\. \*\*`(\w+\.py)`", steps, re.MULTILINE)
    assert sorted(named) == sorted(path.name for path in here.glob("*.py"))


class Careless(ToyProvider):
    """Reads a policy that nobody could tell as one that lets nobody in."""

    def normalize(self, capture: Any) -> Any:
        inventory = super().normalize(capture)
        return replace(inventory, functions=tuple(map(_trusting, inventory.functions)))


def _trusting(function: Any) -> Any:
    (own,) = function.policies.value
    statements = Known((), POLICY) if isinstance(own.statements, Unknown) else own.statements
    return replace(function, policies=Known((replace(own, statements=statements),), LIST))


def test_a_provider_that_takes_silence_for_safety_is_caught(replay: Replay, whole: Results) -> None:
    careless = replace(replay, provider=Careless())
    wrong, _ = after_denial(TOY.operations[1], whole, careless)
    assert any("policy-public" in sentence and "-> PASS" in sentence for sentence in wrong)
