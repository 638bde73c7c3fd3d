"""A worker says why it cannot read a unit, and quotes no answer."""

import json
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from auditor.distribution.unit import WorkUnit, asked_of
from auditor.distribution.worker import UnitError, UnitResult, read, read_unit
from auditor.model.capture import Depth
from auditor.model.ids import Cloud
from auditor.provider import CollectOptions, Portion


@pytest.fixture
def unit(tmp_path: Path) -> WorkUnit:
    options = CollectOptions(
        depth=Depth.QUICK,
        regions=("us-east-1",),
        exclude_regions=(),
        functions=(),
        tags=(),
        max_workers=2,
        ca_bundle=None,
        settings={},
        stop=Event(),
    )
    asked = asked_of(Portion("", options), None)
    return WorkUnit(Cloud.AWS, "", asked, (), str(tmp_path / "store"), "20260101T000000Z-00000000")


def test_another_version_reads_nothing(unit: WorkUnit, tmp_path: Path) -> None:
    result = read(replace(unit, tool_version="0.0.1"), Event())
    assert not result.committed
    assert "install the same on both" in result.refusal
    assert not (tmp_path / "store").exists()


def test_a_worker_without_credentials_says_what_to_set(unit: WorkUnit, tmp_path: Path) -> None:
    result = UnitResult.decoded(read_unit(unit.encoded()))
    assert not result.committed
    assert "No AWS credentials were found" in result.refusal
    assert not (tmp_path / "store").exists()


def test_a_store_that_refuses_is_said(unit: WorkUnit, tmp_path: Path) -> None:
    asked = {**unit.asked, "settings": {"profile": "nobody"}}
    (tmp_path / "store").write_text("in the way")
    assert "profile" in read(replace(unit, asked=asked), Event()).refusal
    with pytest.raises(UnitError, match="A store is a directory, or a URL"):
        read(replace(unit, store="ftp://x/y"), Event())


def test_an_error_of_ours_travels_without_what_it_was_about(unit: WorkUnit) -> None:
    secret = "ghp_" + "x1" * 18
    damaged = json.loads(unit.encoded())
    damaged["asked"]["depth"] = secret
    with pytest.raises(UnitError) as told:
        read_unit(json.dumps(damaged))
    assert "ValueError" in str(told.value)
    assert secret not in str(told.value)
    assert told.value.__suppress_context__
