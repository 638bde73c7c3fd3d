from datetime import date

import pytest

from auditor.analysis.lifecycle import (
    RuntimeLifecycle,
    data_as_of,
    lifecycle_of,
    newest_of_family,
    runtime_lifecycle,
    spoken,
    successor,
)
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, GapReason, Known, Unanswered, Unknown


def known(identifier: str) -> RuntimeLifecycle:
    found = runtime_lifecycle(Cloud.AWS, identifier)
    assert found is not None
    return found


def test_dates_of_nodejs16() -> None:
    assert known("nodejs16.x") == RuntimeLifecycle(
        identifier="nodejs16.x",
        family="nodejs",
        order=(16, 0, 0),
        deprecated_on=date(2024, 6, 12),
        block_create_on=date(2027, 2, 1),
        block_update_on=date(2027, 3, 3),
    )


@pytest.mark.parametrize(
    ("family", "newest"),
    [
        ("nodejs", "nodejs24.x"),
        ("python", "python3.14"),
        ("java", "java25"),
        ("ruby", "ruby4.0"),
        ("dotnet", "dotnet10"),
        ("provided", "provided.al2023"),
    ],
)
def test_the_newest_has_a_support_date_and_the_highest_number(family: str, newest: str) -> None:
    found = newest_of_family(Cloud.AWS, family)
    assert found is not None
    assert found.identifier == newest


def test_versions_compare_as_numbers() -> None:
    assert known("python3.9").order < known("python3.13").order
    assert known("nodejs8.10").order < known("nodejs10.x").order
    assert known("java8").order < known("java8.al2").order < known("java11").order


def test_go_moves_to_the_bare_operating_system_and_the_last_of_a_family_to_a_choice() -> None:
    assert successor(Cloud.AWS, known("go1.x")) == "provided.al2023"
    assert successor(Cloud.AWS, known("python3.8")) == "python3.14"
    assert successor(Cloud.AWS, known("python3.14")) == "<supported-runtime>"


def test_support_ends_on_the_day_itself() -> None:
    assert not known("dotnet8").deprecated(date(2026, 11, 9))
    assert known("dotnet8").deprecated(date(2026, 11, 10))
    assert not known("python3.15").deprecated(date(2035, 1, 1))


def test_what_the_table_lacks_is_unrecognised_and_an_image_has_no_runtime() -> None:
    assert runtime_lifecycle(Cloud.AWS, "cobol85") is None
    assert runtime_lifecycle(Cloud.GCP, "python3.12") is None
    assert lifecycle_of(Cloud.AWS, Known(None, "lambda:ListFunctions")) is None
    with pytest.raises(Unanswered) as raised:
        lifecycle_of(Cloud.AWS, Known("cobol85", "lambda:ListFunctions"))
    assert raised.value.gap.reason is GapReason.UNRECOGNISED
    with pytest.raises(Unanswered):
        lifecycle_of(Cloud.AWS, Unknown(Gap(GapReason.DENIED, "lambda:ListFunctions")))


def test_the_data_says_how_old_it_is_and_where_it_is_from() -> None:
    assert data_as_of()["aws-runtimes"]["date"] == "2026-11-23"
    assert "docs.aws.amazon.com" in data_as_of()["aws-runtimes"]["source"]


def test_the_other_clouds_have_tables_of_their_own() -> None:
    azure, google = runtime_lifecycle(Cloud.AZURE, "node|22"), runtime_lifecycle(Cloud.GCP, "nodejs22")
    assert azure is not None
    assert google is not None
    assert (azure.deprecated_on, azure.block_update_on) == (date(2027, 4, 30), None)
    assert (google.deprecated_on, google.block_update_on) == (date(2027, 4, 30), date(2027, 10, 31))
    assert "learn.microsoft.com" in data_as_of()["azure-runtimes"]["source"]
    assert successor(Cloud.AZURE, azure) == "node|24"
    assert successor(Cloud.GCP, google) == "nodejs24"


def test_google_runtimes_without_a_date_are_out() -> None:
    found = newest_of_family(Cloud.GCP, "go")
    assert found is not None
    assert (found.identifier, found.deprecated_on) == ("go126", None)


def test_a_date_reads_the_same_in_every_locale() -> None:
    assert spoken(date(2024, 6, 12)) == "12 June 2024"
