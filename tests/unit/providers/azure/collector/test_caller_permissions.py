"""What a caller may do, and what that says of an answer that leaves out what it may not read."""

from typing import Any

import pytest

from auditor.model.observed import GapReason
from providers.azure.collect.caller_permissions import CallerPermissions
from providers.azure.operations import BY_ID
from providers.calls.reply import Refusal
from tests.unit.providers.azure.collector.conftest import entry

VAULTS = "Microsoft.KeyVault/vaults/read"
SITES = "Microsoft.Web/sites/read"
DENIED = Refusal(GapReason.DENIED, "AuthorizationFailed: no")


def rights(*entries: Any, refusal: Refusal | None = None) -> CallerPermissions:
    return CallerPermissions.of([{"value": [*entries]}], refusal)


@pytest.mark.parametrize(
    ("entries", "held"),
    [
        ([entry("*")], True),
        ([entry("*/read")], True),
        ([entry("microsoft.KEYVAULT/*")], True),
        ([entry("Microsoft.KeyVault/*/read")], True),
        ([entry("Microsoft.KeyVault/vaults/read")], True),
        ([entry("Microsoft.KeyVault/vaults/*/read")], False),
        ([entry("Microsoft.KeyVault/vault")], False),
        ([entry("MicrosoftxKeyVault/vaults/read")], False),
        ([entry("Microsoft.Web/*"), entry("*/action")], False),
        ([entry("*", without=["MICROSOFT.keyvault/vaults/read"])], False),
        ([entry("*", without=["Microsoft.KeyVault/*"])], False),
        ([entry("*", without=["Microsoft.KeyVault/vaults/write"])], True),
        # what one entry takes away, another still gives
        ([entry("*", without=["*/read"]), entry("Microsoft.KeyVault/vaults/read")], True),
        ([entry("*/read"), entry("*", without=["*"])], True),
        ([], False),
    ],
)
def test_what_is_held(entries: list[dict[str, Any]], held: bool) -> None:
    assert rights(*entries).holds(VAULTS) is held


def test_data_actions_let_nobody_read_a_resource() -> None:
    assert not rights({**entry(), "dataActions": ["*"]}).holds(VAULTS)


def test_pages_add_up() -> None:
    both = CallerPermissions.of([{"value": [entry(VAULTS)]}, {"value": [entry(SITES)]}], None)
    assert both.holds(VAULTS)
    assert both.holds(SITES)


def test_what_may_be_read_is_believed_rows_or_none() -> None:
    held = rights(entry("*/read"))
    assert held.doubt(BY_ID["graph:Vaults"], returned=True) is None
    assert held.doubt(BY_ID["graph:Vaults"], returned=False) is None


@pytest.mark.parametrize(("returned", "says"), [(True, "there may be more"), (False, "none proves nothing")])
def test_what_may_not_be_read_everywhere_is_denied(returned: bool, says: str) -> None:
    doubt = rights(entry("*/read", without=[VAULTS])).doubt(BY_ID["graph:Vaults"], returned=returned)
    assert doubt is not None
    assert (doubt.permission, doubt.refusal.reason) == (VAULTS, GapReason.DENIED)
    assert doubt.refusal.message.startswith(f"{VAULTS} is not granted on the whole subscription: Resource Graph ")
    assert says in doubt.refusal.message


def test_each_permission_an_answer_needs_counts_and_the_lacked_one_is_named() -> None:
    slots = "Microsoft.Web/sites/slots/read"
    doubt = rights(entry("*/read", without=[slots])).doubt(BY_ID["graph:Sites"], returned=True)
    assert doubt is not None
    assert doubt.permission == slots
    assert rights(entry("*/read", without=[slots])).doubt(BY_ID["web:ListSites"], returned=False) is None


def test_where_permissions_are_not_known_rows_are_believed_and_none_is_not() -> None:
    unknown = CallerPermissions.of([], DENIED)
    assert unknown.doubt(BY_ID["graph:Vaults"], returned=True) is None
    doubt = unknown.doubt(BY_ID["graph:Vaults"], returned=False)
    assert doubt is not None
    assert (doubt.permission, doubt.refusal.reason) == (VAULTS, GapReason.DENIED)
    assert doubt.refusal.message == (
        "Resource Graph returned none, and whether the caller may read them could not be told: AuthorizationFailed: no"
    )


def test_permissions_that_are_not_offered_do_not_make_a_resource_not_offered() -> None:
    unknown = CallerPermissions.of([], Refusal(GapReason.NOT_OFFERED, "InvalidResourceType"))
    doubt = unknown.doubt(BY_ID["graph:Vaults"], returned=False)
    assert doubt is not None
    assert doubt.refusal.reason is GapReason.SERVICE_ERROR


def test_a_list_broken_off_tells_what_it_told() -> None:
    part = rights(entry(VAULTS), refusal=DENIED)
    assert part.doubt(BY_ID["graph:Vaults"], returned=False) is None
    doubt = part.doubt(BY_ID["graph:Plans"], returned=False)
    assert doubt is not None
    assert doubt.permission == "Microsoft.Web/serverfarms/read"


@pytest.mark.parametrize(
    "broken",
    [
        None,
        "x",
        {"actions": None, "notActions": []},
        {"actions": ["*"]},
        {"actions": ["*"], "notActions": "*"},
        {"actions": [7], "notActions": []},
    ],
)
def test_an_entry_that_cannot_be_read_may_have_said_anything(broken: Any) -> None:
    held = rights(broken, entry(SITES))
    assert held.holds(SITES)
    doubt = held.doubt(BY_ID["graph:Vaults"], returned=False)
    assert doubt is not None
    assert doubt.refusal.reason is GapReason.MALFORMED
    assert held.doubt(BY_ID["graph:Vaults"], returned=True) is None
