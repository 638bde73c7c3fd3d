"""Members that AWS may leave out of a function's description: the documented default, and nothing more (A11)."""

from typing import Any

import pytest

from auditor.model.code import Package, SnapStart
from auditor.model.function import Function
from auditor.model.observed import GapReason, Known, Unknown
from providers.aws.normalize import normalize
from tests.unit.providers.aws.normalize.capture import capture, config


def orders(**changes: Any) -> Function:
    """The zip function with members replaced (None: left out)."""
    return next(found for found in normalize(capture(config(**changes))).functions if found.name == "orders")


def test_a11_a_runtime_proves_a_zip_package() -> None:
    whole, bare = orders(), orders(PackageType=None)
    assert bare.code.package is Package.ARCHIVE
    assert bare == whole


def test_a11_without_a_package_type_and_a_runtime_nothing_is_concluded() -> None:
    code = orders(PackageType=None, Runtime=None).code
    assert isinstance(code.layers, Unknown)
    assert (code.layers.gap.reason, code.layers.gap.message) == (GapReason.MALFORMED, "PackageType is missing")


@pytest.mark.parametrize("damage", ["Wasm", 7])
def test_a11_a_package_type_that_cannot_be_read_is_no_missing_one(damage: Any) -> None:
    assert isinstance(orders(PackageType=damage).code.layers, Unknown)


def test_a11_a_runtime_that_cannot_be_read_proves_nothing() -> None:
    found = orders(PackageType=None, Runtime=7)
    assert isinstance(found.runtime, Unknown)
    assert isinstance(found.code.layers, Unknown)


def test_a11_the_members_younger_than_lambda_have_their_documented_defaults() -> None:
    names = ("Architectures", "EphemeralStorage", "TracingConfig", "SnapStart", "LoggingConfig", "VpcConfig", "Layers")
    old = orders(**dict.fromkeys(names))
    assert old.architectures == Known(("x86_64",), "lambda:ListFunctions")
    assert old.limits.ephemeral_mb.need() == 512
    assert old.tracing.need() is False
    assert old.code.snapstart.need() == SnapStart(configured=False, active=False)
    assert (old.logging.need().configured, old.logging.need().group_name) == (False, "/aws/lambda/orders")
    assert old.network.need() is None
    assert old.code.layers.need() == ()


def test_a11_snapstart_may_be_told_without_the_state_of_a_version() -> None:
    found = orders(SnapStart={"ApplyOn": "PublishedVersions"})
    assert found.code.snapstart.need() == SnapStart(configured=True, active=False)


@pytest.mark.parametrize("name", ["Timeout", "MemorySize"])
def test_a11_members_that_every_answer_holds_have_no_default(name: str) -> None:
    limits = orders(**{name: None}).limits
    fact = limits.timeout_seconds if name == "Timeout" else limits.memory_mb
    assert isinstance(fact, Unknown)
    assert fact.gap.reason is GapReason.MALFORMED


@pytest.mark.parametrize(
    ("name", "damage"),
    [("Architectures", []), ("EphemeralStorage", {}), ("EphemeralStorage", {"Size": "512"}), ("TracingConfig", {})],
)
def test_a11_a_member_that_is_there_and_says_nothing_is_damage(name: str, damage: Any) -> None:
    found = orders(**{name: damage})
    facts = {
        "Architectures": found.architectures,
        "EphemeralStorage": found.limits.ephemeral_mb,
        "TracingConfig": found.tracing,
    }
    assert isinstance(facts[name], Unknown)
