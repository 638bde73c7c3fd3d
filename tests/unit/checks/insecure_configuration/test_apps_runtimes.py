"""Runtimes of Azure apps and Google functions, as the cloud dates them and as our table does."""

from datetime import date

import pytest

from auditor.analysis.lifecycle import support_of
from auditor.check import Check
from auditor.model.finding import Status
from auditor.model.lifecycle import Support
from auditor.model.observed import GapReason, Known
from checks.third_party_dependency.runtime_deprecated import runtime_deprecated
from checks.third_party_dependency.runtime_near_eol import runtime_near_eol
from checks.third_party_dependency.runtime_not_latest import runtime_not_latest
from checks.third_party_dependency.runtime_update_blocked import runtime_update_blocked
from tests.unit.checks.azure import CONFIG, make_azure
from tests.unit.checks.build import Subject, make, only, unknown, verdicts
from tests.unit.checks.gcp import LISTED, make_gcp
from tests.unit.checks.repairs import repairs

PASS, FAIL, UNKNOWN, ELSEWHERE = Status.PASS, Status.FAIL, Status.UNKNOWN, Status.NOT_APPLICABLE
STACKS = "web:ListFunctionAppStacks"
RUNTIMES = "functions:ListRuntimes"
NOTHING = Known(None, STACKS)
DENIED = unknown(STACKS)


def app(runtime: str | None, support: object = NOTHING) -> Subject:
    return make_azure(runtime=Known(runtime, CONFIG), support=support)


def function(runtime: str, support: object = NOTHING) -> Subject:
    return make_gcp(runtime=Known(runtime, LISTED), support=support)


def says(ends: str | None = None, blocked: str | None = None, *, ended: bool = False) -> Known[Support]:
    return Known(Support(deprecated_on=ends, decommissioned_on=blocked, ended=ended), STACKS)


CASES: list[tuple[Check, str, Subject, Status]] = [
    (runtime_deprecated, "table: node 18", app("node|18"), FAIL),
    (runtime_deprecated, "table: in-process .NET 8", app("dotnet|8.0"), FAIL),
    (runtime_deprecated, "table: .NET 6 on Windows", app("dotnet-isolated|6.0"), FAIL),
    (runtime_deprecated, "table: .NET Framework", app("dotnet-isolated|4.8"), PASS),
    (runtime_deprecated, "table: python 3.13", app("python|3.13"), PASS),
    (runtime_deprecated, "table: nodejs20", function("nodejs20"), FAIL),
    (runtime_deprecated, "table: go126, not dated", function("go126"), PASS),
    (runtime_deprecated, "the cloud: over", app("python|3.13", says("2026-11-22")), FAIL),
    (runtime_deprecated, "the cloud: today", function("python313", says("2026-11-23")), FAIL),
    (runtime_deprecated, "the cloud: extended", app("node|20", says("2027-04-30")), PASS),
    (runtime_deprecated, "the cloud: over, not dated", function("python313", says(ended=True)), FAIL),
    (runtime_deprecated, "the cloud: not dated, table is", app("node|18", says()), FAIL),
    (runtime_deprecated, "only the cloud knows it", app("python|3.99", says("2031-01-01")), PASS),
    (runtime_deprecated, "nobody knows it", app("python|3.99"), UNKNOWN),
    (runtime_deprecated, "the cloud not asked at this depth", app("python|3.13", unknown(STACKS, GapReason.NOT_AT_DEPTH)), PASS),
    (runtime_deprecated, "the cloud denied, table proves it", app("node|18", DENIED), FAIL),
    (runtime_deprecated, "the cloud denied, table does not", app("python|3.13", DENIED), UNKNOWN),
    (runtime_deprecated, "the cloud denied, nobody knows it", app("python|3.99", DENIED), UNKNOWN),
    (runtime_deprecated, "runtime unread", make_azure(runtime=unknown(CONFIG)), UNKNOWN),
    (runtime_deprecated, "image", app(None), ELSEWHERE),
    (runtime_deprecated, "custom handler", app("custom"), ELSEWHERE),
    (runtime_near_eol, "the cloud: in a month", app("python|3.13", says("2026-12-23")), FAIL),
    (runtime_near_eol, "the cloud: in years", app("python|3.13", says("2029-10-31")), PASS),
    (runtime_near_eol, "over already", app("node|18"), PASS),
    (runtime_near_eol, "table: php82", function("php82"), FAIL),
    (runtime_near_eol, "the cloud denied", function("php83", DENIED), UNKNOWN),
    (runtime_near_eol, "image", app(None), ELSEWHERE),
    (runtime_update_blocked, "table: python39", function("python39"), FAIL),
    (runtime_update_blocked, "the cloud: blocked", function("python313", says("2025-01-01", "2026-01-01")), FAIL),
    (runtime_update_blocked, "deprecated, not blocked", function("python310"), PASS),
    (runtime_update_blocked, "the cloud denied", function("python310", DENIED), UNKNOWN),
    (runtime_not_latest, "python 3.12", app("python|3.12", says("2028-10-31")), FAIL),
    (runtime_not_latest, "python 3.14", app("python|3.14"), PASS),
    (runtime_not_latest, "newer than our table", app("python|3.99", says("2031-01-01")), PASS),
    (runtime_not_latest, "python312", function("python312"), FAIL),
    (runtime_not_latest, "newer than our table, google", function("python315", says("2031-01-01")), PASS),
    (runtime_not_latest, "over already", app("node|18"), PASS),
    (runtime_not_latest, "nobody knows it", function("cobol85"), UNKNOWN),
]  # fmt: skip


@pytest.mark.parametrize(("check", "name", "subject", "status"), CASES, ids=[f"{c.id}: {n}" for c, n, _, _ in CASES])
def test_the_verdict(check: Check, name: str, subject: Subject, status: Status) -> None:
    assert verdicts(check, {name: subject}) == {name: status}
    if status is FAIL:
        assert repairs(check, subject)


def test_the_finding_cites_the_answer_that_gave_the_date() -> None:
    hit = only(runtime_deprecated, app("python|3.13", says("2026-11-22")))
    assert hit.message == "Runtime python|3.13 of function orders was deprecated on 22 November 2026"
    assert [item.source for item in hit.evidence] == [CONFIG, STACKS]
    assert [item.source for item in only(runtime_deprecated, app("node|18")).evidence] == [CONFIG]


def test_a_runtime_that_ended_before_its_date_says_so() -> None:
    hit = only(runtime_deprecated, function("python313", says("2030-01-01", ended=True)))
    assert hit.message == "Runtime python313 of function orders is deprecated, according to the provider"


@pytest.mark.parametrize(
    ("subject", "newest"),
    [
        (app("node|18"), "node|24"),
        (app("dotnet|8.0"), "dotnet-isolated|10.0"),
        (app("powershell|7.4"), "powershell|7.6"),
        (function("nodejs18"), "nodejs24"),
        (function("go123"), "go126"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_repair_names_the_newest_of_the_family(subject: Subject, newest: str) -> None:
    assert only(runtime_deprecated, subject).values["newest"] == newest


def test_a_runtime_only_the_cloud_knows_is_read_from_its_name() -> None:
    for made, family, order in (
        (app("dotnet-isolated|11.0", says("2030-11-14")), "dotnet-isolated", (11, 0)),
        (function("python315", says("2031-10-01")), "python", (3, 15)),
        (function("nodejs26", says("2029-04-30")), "nodejs", (26,)),
    ):
        found = support_of(made)  # type: ignore[arg-type]
        assert found is not None
        assert (found.family, found.order) == (family, order)


def test_amazon_has_our_table_alone() -> None:
    found = support_of(make())
    assert found is not None
    assert (found.source, found.doubt) == ("", None)


def test_the_table_of_azure_ends_with_the_month() -> None:
    found = support_of(app("python|3.11"))  # type: ignore[arg-type]
    assert found is not None
    assert found.deprecated_on == date(2027, 11, 1)
