from datetime import date

import pytest

from auditor.analysis.lifecycle import data_as_of, newest_of_family, runtime_lifecycle, successor
from auditor.model.ids import Cloud


@pytest.mark.parametrize(
    ("identifier", "ends"),
    [
        ("python|3.9", date(2025, 11, 1)),
        ("python|3.13", date(2029, 11, 1)),
        ("node|20", date(2026, 4, 30)),
        ("dotnet|8.0", date(2026, 11, 10)),
        ("dotnet-isolated|10.0", date(2028, 11, 14)),
        ("java|21", date(2028, 10, 1)),
        ("powershell|7.4", date(2026, 11, 10)),
    ],
)
def test_the_day_support_ends(identifier: str, ends: date) -> None:
    found = runtime_lifecycle(Cloud.AZURE, identifier)
    assert found is not None
    assert (found.deprecated_on, found.block_create_on, found.block_update_on) == (ends, None, None)


@pytest.mark.parametrize(
    ("family", "newest"),
    [
        ("python", "python|3.14"),
        ("node", "node|24"),
        ("dotnet-isolated", "dotnet-isolated|10.0"),
        ("java", "java|25"),
        ("powershell", "powershell|7.6"),
    ],
)
def test_the_newest_of_a_family(family: str, newest: str) -> None:
    found = newest_of_family(Cloud.AZURE, family)
    assert found is not None
    assert found.identifier == newest


def test_in_process_net_moves_to_the_isolated_worker() -> None:
    old = runtime_lifecycle(Cloud.AZURE, "dotnet|8.0")
    assert old is not None
    assert successor(Cloud.AZURE, old) == "dotnet-isolated|10.0"


def test_the_table_says_how_old_it_is() -> None:
    assert data_as_of()["azure-runtimes"]["date"] == "2026-11-23"
