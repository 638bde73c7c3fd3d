"""Of a repair's alternatives, an app of Azure gets the one that its hosting has an object for."""

import pytest

from auditor.engine.remediation_notes import for_hosting
from auditor.model.hosting import HostingKind
from auditor.model.observed import Known
from tests.unit.checks import azure
from tests.unit.checks.build import unknown

RUNTIME = "az set linux  # a Linux app\naz set flex  # Flex Consumption\naz set net  # .NET on Windows"
SCALE = "az first\naz limit plan\naz limit flex  # Flex Consumption"


@pytest.mark.parametrize(
    ("kind", "system", "runtime", "scale"),
    [
        (HostingKind.FLEX_CONSUMPTION, "linux", "az set flex", "az first\naz limit flex"),
        (HostingKind.PREMIUM, "linux", "az set linux", "az first\naz limit plan"),
        (HostingKind.CONSUMPTION, "windows", "az set net", "az first\naz limit plan"),
        (
            HostingKind.PREMIUM,
            None,
            "az set linux  # a Linux app\naz set net  # .NET on Windows",
            "az first\naz limit plan",
        ),
    ],
    ids=["flex", "linux", "windows", "system-not-told"],
)
def test_5_only_the_lines_that_fit_the_hosting_are_printed(
    kind: HostingKind, system: str | None, runtime: str, scale: str
) -> None:
    app = azure.make_azure(hosting=Known(azure.hosting(kind, system=system), azure.SITES))
    assert (for_hosting(app, RUNTIME), for_hosting(app, SCALE)) == (runtime, scale)


def test_5_where_the_hosting_was_not_read_every_alternative_is_printed() -> None:
    app = azure.make_azure(hosting=unknown(azure.SITES))
    assert (for_hosting(app, RUNTIME), for_hosting(app, SCALE)) == (RUNTIME, SCALE)
