"""What travels to a worker says what to ask, and holds nothing to sign in with."""

import json
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from auditor.distribution.unit import EarlierRun, WorkUnit, asked_of, decoded, options_of
from auditor.errors import UsageError
from auditor.fleet import AccountsFile, Fleet, ListedAccount
from auditor.model.capture import Depth
from auditor.model.ids import Cloud
from auditor.provider import CollectOptions, Portion

EXTERNAL = "contract-" + "7731"
ACCOUNT = ListedAccount(
    "111122223333", "shop", ("arn:aws:iam::111122223333:role/Audit",), EXTERNAL, ("eu-west-1",), "audit-profile"
)
OPTIONS = CollectOptions(
    depth=Depth.FULL,
    regions=("eu-west-1", "us-east-1"),
    exclude_regions=("us-east-2",),
    functions=("shop-*",),
    tags=(("team", "a=b"),),
    max_workers=7,
    ca_bundle="/etc/ca.pem",
    settings={"external_id": EXTERNAL, "role_arn": "arn:aws:iam::123456789012:role/Hub", "profile": None},
    stop=Event(),
    tiers=("code",),
    activity_days=30,
    fleet=Fleet(listed=AccountsFile(accounts=(ACCOUNT,))),
)


def unit(options: CollectOptions = OPTIONS, **changes: Any) -> WorkUnit:
    asked = asked_of(Portion("111122223333", options), {"advisories": None, "cache": "/var/cache"})
    whole = WorkUnit(Cloud.AWS, "111122223333", asked, (("function", "shop-*"),), "s3://audits/x", "run", 0)
    return replace(whole, **changes)


def test_a_unit_is_the_same_after_its_journey() -> None:
    sent = unit(attempt=3, earlier=EarlierRun("/srv/earlier", resuming=False, max_age_days=2.5))
    arrived = decoded(sent.encoded())
    assert arrived == sent
    assert arrived.name == sent.name


def test_no_option_is_forgotten() -> None:
    """A new option of a collection has to travel: give it a value above, and see that it arrives."""
    stay = {"stop", "earlier", "enricher"}
    defaults = {field.name for field in fields(OPTIONS) if getattr(OPTIONS, field.name) == field.default}
    assert defaults == stay - {"stop"}


def test_options_are_the_same_on_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITOR_EXTERNAL_ID", EXTERNAL)
    stop = Event()
    there = options_of(decoded(unit().encoded()).asked, stop)
    settings = {"external_id": EXTERNAL, "role_arn": "arn:aws:iam::123456789012:role/Hub"}
    assert there == replace(OPTIONS, stop=stop, settings=settings)


def test_external_ids_do_not_travel() -> None:
    text = unit().encoded()
    assert "arn:aws:iam::111122223333:role/Audit" in text  # it is a unit of that account
    assert EXTERNAL not in text


def test_a_worker_without_the_external_id_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUDITOR_EXTERNAL_ID", raising=False)
    with pytest.raises(UsageError, match="set AUDITOR_EXTERNAL_ID or AUDITOR_ACCOUNTS_FILE in its environment"):
        options_of(unit().asked, Event())


def test_an_accounts_own_external_id_comes_from_the_workers_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    listed = tmp_path / "accounts.toml"
    listed.write_text('[[accounts]]\naccount_id = "111122223333"\nrole = "Audit"\nexternal_id = "its-own"\n')
    monkeypatch.setenv("AUDITOR_EXTERNAL_ID", EXTERNAL)
    monkeypatch.setenv("AUDITOR_ACCOUNTS_FILE", str(listed))
    (account,) = options_of(unit().asked, Event()).fleet.listed.accounts
    assert account.external_id == "its-own"


def test_nothing_is_asked_of_the_environment_where_no_external_id_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITOR_EXTERNAL_ID", EXTERNAL)
    plain = replace(ACCOUNT, external_id=None)
    options = replace(OPTIONS, settings={}, fleet=Fleet(listed=AccountsFile(accounts=(plain,))))
    there = options_of(unit(options).asked, Event())
    assert there.fleet.listed.accounts == (plain,)
    assert there.settings["external_id"] is None


@pytest.mark.parametrize("change", [
    {"depth": Depth.QUICK}, {"regions": ("eu-west-1",)}, {"functions": ()}, {"tags": ()}, {"tiers": ()}, {"activity_days": 7},
    {"settings": {"role_arn": "arn:aws:iam::123456789012:role/Other"}}, {"exclude_regions": ()},
])  # fmt: skip
def test_a_unit_that_asks_something_else_has_another_name(change: Mapping[str, Any]) -> None:
    assert unit(replace(OPTIONS, **change)).name != unit().name


@pytest.mark.parametrize("change", [{"max_workers": 1}, {"ca_bundle": None}, {"stop": Event()}])
def test_how_it_is_asked_changes_no_name(change: Mapping[str, Any]) -> None:
    assert unit(replace(OPTIONS, **change)).name == unit().name


@pytest.mark.parametrize("scope", ["", "../../x", "a/b", "x" * 300, "a.b.json", "ü", "example.com:project"])
def test_a_name_is_a_name_in_every_store(scope: str) -> None:
    name = unit(scope=scope).name
    assert not set(name) & set("/.:~ ")
    assert len(name) < 200
    assert unit(scope=f"{scope}2").name != name


def test_a_unit_is_plain_text() -> None:
    assert set(json.loads(unit().encoded())) == {
        *("cloud", "scope", "asked", "selection", "store", "run", "attempt", "earlier", "tool_version"),
    }
