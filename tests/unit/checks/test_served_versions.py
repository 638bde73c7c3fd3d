"""Versions that aliases serve keep the role and the runtime they were published with (S1)."""

from typing import Any

from auditor.model.finding import Status
from auditor.model.function import Function, ServedVersion
from auditor.model.observed import Known
from auditor.model.severity import Severity
from checks.over_privilege.served_version_role import served_version_role
from checks.third_party_dependency.served_version_runtime import served_version_runtime
from tests.unit.checks.build import LISTED, found, grant, identity, make, only, own_logs, unknown, verdicts
from tests.unit.checks.repairs import repairs

SAME = make().identity.need()
OLD = identity(own_logs("orders"), grant(("s3:*",), ("*",)), name="orders-old")


def serving(*versions: ServedVersion, **changes: Any) -> Function:
    return make(served=Known(versions, LISTED), **changes)


def version(number: str = "3", *through: str, **changes: Any) -> ServedVersion:
    kept: dict[str, Any] = {"runtime": Known("python3.14", LISTED), "identity": Known(SAME, LISTED)}
    return ServedVersion(version=number, through=through or ("live",), **(kept | changes))


def test_s1_a_served_version_with_another_role_is_told_with_what_that_role_may() -> None:
    wide = version(identity=Known(OLD, LISTED))
    subjects = {
        "none served": make(),
        "same role": serving(version()),
        "wide role": serving(wide),
        "another, no wider": serving(version(identity=Known(identity(own_logs("orders"), name="twin"), LISTED))),
        "list unread": make(served=unknown()),
        "role unread": serving(version(identity=unknown())),
        "one unread, one wide": serving(version("2", identity=unknown()), wide),
        "own role unread": serving(wide, identity=unknown()),
    }
    assert verdicts(served_version_role, subjects) == {
        "none served": Status.NOT_APPLICABLE,
        "same role": Status.PASS,
        "wide role": Status.FAIL,
        "another, no wider": Status.FAIL,
        "list unread": Status.UNKNOWN,
        "role unread": Status.UNKNOWN,
        "one unread, one wide": Status.FAIL,
        "own role unread": Status.UNKNOWN,
    }
    hit = only(served_version_role, subjects["wide role"])
    assert hit.message == (
        "Version 3 of function orders, which alias live serves, runs as role orders-old; the function itself runs as"
        " orders-role. That role allows s3:* on every resource through policy orders-access"
    )
    assert [each.detail for each in hit.evidence] == [
        "live -> version 3",
        f"version 3: Role = {OLD.id}",
        OLD.statements[0].need()[1].text,
    ]
    assert (hit.severity, hit.locus) == (Severity.HIGH, "3")
    assert only(served_version_role, subjects["another, no wider"]).severity is None
    assert any("--name live --function-version" in form for form in repairs(served_version_role, subjects["wide role"]))


def test_s1_a_served_version_on_a_deprecated_runtime_is_told() -> None:
    old = version("3", "beta", "live", runtime=Known("nodejs16.x", LISTED))
    subjects = {
        "none served": make(),
        "same runtime": serving(version()),
        "old runtime": serving(old),
        "the function's own is as old": serving(old, runtime=Known("nodejs16.x", LISTED)),
        "an image": serving(version(runtime=Known(None, LISTED))),
        "newer than our table": serving(version(runtime=Known("python9.9", LISTED))),
        "unread": serving(version(runtime=unknown())),
        "one unread, one old": serving(version("2", runtime=unknown()), old),
        "list unread": make(served=unknown()),
    }
    assert verdicts(served_version_runtime, subjects) == {
        "none served": Status.NOT_APPLICABLE,
        "same runtime": Status.PASS,
        "old runtime": Status.FAIL,
        "the function's own is as old": Status.PASS,
        "an image": Status.PASS,
        "newer than our table": Status.UNKNOWN,
        "unread": Status.UNKNOWN,
        "one unread, one old": Status.FAIL,
        "list unread": Status.UNKNOWN,
    }
    (hit,) = found(served_version_runtime, subjects["old runtime"])
    assert hit.message == (
        "Version 3 of function orders, which aliases beta, live serve, runs on nodejs16.x, which was deprecated on"
        " 12 June 2024"
    )
    assert [each.detail for each in hit.evidence] == [
        "beta, live -> version 3",
        "version 3: Runtime = nodejs16.x",
        "Runtime = python3.14 of $LATEST",
    ]
