"""Runs over several emulated accounts, through real boto3: each as a role of its own, each with its own failures."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from auditor.cli.main import run as main
from auditor.errors import ExitCode, NoScopeError
from auditor.fleet import AccountsFile, Fleet, ListedAccount
from auditor.model.capture import Depth
from auditor.provider import CollectOptions, Target
from moto_fixtures.aws.faults import Fault
from moto_fixtures.aws.server import Server
from moto_fixtures.emulation.faults import Spoil
from providers.aws.provider import AwsProvider
from tests.unit.providers.aws.collector.conftest import Kept
from tests.unit.providers.aws.collector.organization import HOME, HUB, ROLE, client, deploy, founded

Options = Callable[..., CollectOptions]
Run = Callable[[Fleet], Kept]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as started, pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOTO_IAM_LOAD_MANAGED_POLICIES", "false")  # a thousand policies in each of six accounts
        yield started


@pytest.fixture(scope="module")
def ids(server: Server) -> dict[str, str]:
    """The hub, three members with functions, and one that is being closed; two of them in a unit of a unit."""
    found = founded(server, "shop", "pay", "labs", "left")
    organizations = client(server, "organizations")
    root = organizations.list_roots()["Roots"][0]["Id"]
    outer = organizations.create_organizational_unit(ParentId=root, Name="money")["OrganizationalUnit"]["Id"]
    inner = organizations.create_organizational_unit(ParentId=outer, Name="cards")["OrganizationalUnit"]["Id"]
    organizations.move_account(AccountId=found["shop"], SourceParentId=root, DestinationParentId=outer)
    organizations.move_account(AccountId=found["pay"], SourceParentId=root, DestinationParentId=inner)
    organizations.close_account(AccountId=found["left"])
    for name in ("shop", "pay", "labs"):
        deploy(server, found[name], "orders", f"{name}-only")
    deploy(server, HUB, "hub-only")
    return {**found, "outer": outer, "inner": inner}


@pytest.fixture
def asked(
    server: Server, ids: dict[str, str], options: Options, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Fleet], CollectOptions]]:
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    yield lambda fleet: options(Depth.QUICK, regions=(HOME,), settings={"pacing": "off"}, fleet=fleet.checked())
    server.faults.clear()


@pytest.fixture
def run(asked: Callable[[Fleet], CollectOptions], kept: Kept) -> Run:
    def collect(fleet: Fleet) -> Kept:
        AwsProvider().collect(asked(fleet), kept, kept)
        return kept

    return collect


def names(kept: Kept) -> dict[str, list[str]]:
    """The functions that were listed, by account."""
    found: dict[str, list[str]] = {}
    for envelope in kept.of("lambda:ListFunctions"):
        for row in (envelope.body or {}).get("Functions", ()):
            assert row["FunctionArn"].split(":")[4] == envelope.scope
            found.setdefault(envelope.scope, []).append(row["FunctionName"])
    return {account: sorted(rows) for account, rows in found.items()}


def test_an_organization_is_read_account_by_account_as_the_role(run: Run, ids: dict[str, str]) -> None:
    kept = run(Fleet(organization=True, role=ROLE))
    assert names(kept) == {
        HUB: ["hub-only"],
        **{ids[name]: sorted(["orders", f"{name}-only"]) for name in ("shop", "pay", "labs")},
    }
    assert kept.accounts[ids["shop"]] == ("shop", "", "")
    assert kept.accounts[ids["left"]][2] in ("its state is SUSPENDED", "its state is PENDING_CLOSURE")
    assert ids["left"] not in kept.scopes
    roles = {caller.split(":")[4] for caller in kept.callers if f":assumed-role/{ROLE}/" in caller}
    assert roles == {ids[name] for name in ("shop", "pay", "labs")}  # the hub is read as who we are
    assert kept.errors == []


def test_units_choose_the_accounts_below_them(run: Run, ids: dict[str, str]) -> None:
    kept = run(Fleet(organization=True, role=ROLE, units=(ids["outer"],)))
    assert set(names(kept)) == {ids["shop"], ids["pay"]}
    assert {name: unit for name, unit, _ in kept.accounts.values()} == {"shop": ids["outer"], "pay": ids["inner"]}


def test_accounts_that_are_excluded_are_left_out_and_said(run: Run, ids: dict[str, str]) -> None:
    kept = run(Fleet(organization=True, role=ROLE, excluded=(HUB, ids["shop"], ids["labs"])))
    assert set(names(kept)) == {ids["pay"]}
    assert kept.accounts[ids["shop"]][2] == "excluded by the options of the run"


def test_one_accounts_failure_is_its_own_gap(run: Run, server: Server, ids: dict[str, str]) -> None:
    server.faults.add(Fault(Spoil.DENY, service="sts", operation="AssumeRole", resource=f"*{ids['pay']}*"))
    kept = run(Fleet(organization=True, role=ROLE))
    assert set(names(kept)) == {HUB, ids["shop"], ids["labs"]}
    (gap,) = kept.of("sts:AssumeRole")
    assert (gap.scope, str(gap.reason), gap.permission) == (ids["pay"], "DENIED", "sts:AssumeRole")
    assert f"arn:aws:iam::{ids['pay']}:role/{ROLE} cannot be assumed" in gap.message
    (unlisted,) = kept.of("lambda:ListFunctions", ids["pay"])
    assert str(unlisted.reason) == "DENIED"


def test_credentials_of_another_account_read_nothing(run: Run, ids: dict[str, str]) -> None:
    wrong = ListedAccount(ids["pay"], roles=(f"arn:aws:iam::{ids['labs']}:role/{ROLE}",))
    kept = run(Fleet(listed=AccountsFile((wrong,))))
    assert names(kept) == {}
    assert (
        f"The credentials for account {ids['pay']} belong to account {ids['labs']}."
        in kept.of("sts:AssumeRole")[0].message
    )


def test_a_file_names_roles_that_are_assumed_one_from_the_other(run: Run, ids: dict[str, str]) -> None:
    chained = ListedAccount(ids["pay"], "pay", (f"arn:aws:iam::{ids['shop']}:role/Jump", ROLE), "contract-7")
    kept = run(Fleet(listed=AccountsFile((chained,))))
    assert names(kept) == {ids["pay"]: ["orders", "pay-only"]}
    assert [caller for caller in kept.callers if ids["pay"] in caller]


def test_an_organization_that_cannot_be_listed_says_what_to_grant(run: Run, server: Server) -> None:
    server.faults.add(Fault(Spoil.DENY, service="organizations", operation="ListAccounts"))
    with pytest.raises(NoScopeError, match="organizations:ListAccounts is missing, name the accounts with --accounts"):
        run(Fleet(organization=True, role=ROLE))


def test_targets_are_what_a_scan_would_read(
    asked: Callable[[Fleet], CollectOptions], server: Server, ids: dict[str, str]
) -> None:
    server.faults.add(Fault(Spoil.DENY, service="sts", operation="AssumeRole", resource=f"*{ids['pay']}*"))
    found = {target.name: target for target in AwsProvider().targets(asked(Fleet(organization=True, role=ROLE)))}
    assert found["shop"].caller.startswith(f"arn:aws:sts::{ids['shop']}:assumed-role/{ROLE}/")
    assert (found["pay"].permission, found["pay"].caller) == (
        "sts:AssumeRole",
        f"arn:aws:iam::{ids['pay']}:role/{ROLE}",
    )
    assert "AssumeRole" in found["pay"].missing
    assert found["left"].left_out.startswith("its state is ")


def test_targets_without_a_fleet_are_the_credentials_own(asked: Callable[[Fleet], CollectOptions]) -> None:
    (target,) = AwsProvider().targets(asked(Fleet()))
    assert target == Target(HUB, caller=target.caller)


def test_a_scan_reports_which_accounts_it_read_and_which_not(
    asked: Callable[[Fleet], CollectOptions], server: Server, ids: dict[str, str], tmp_path: Path
) -> None:
    server.faults.add(Fault(Spoil.DENY, service="sts", operation="AssumeRole", resource=f"*{ids['pay']}*"))
    fleet = ["--provider", "aws", "--organization", "--org-role-name", ROLE, "--exclude-account", HUB]
    code = main(["scan", *fleet, "--depth", "quick", "-f", HOME, "-M", "json", "-o", str(tmp_path), "--quiet"])
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert code == ExitCode.OK
    assert report["run"]["complete"] is False
    organization = report["run"]["organization"]
    assert (organization["accounts"], organization["unreadable"]) == (3, [f"aws/{ids['pay']}"])
    assert {row["id"] for row in organization["left_out"]} == {f"aws/{HUB}", f"aws/{ids['left']}"}
    assert {row["name"]: row["status"] for row in report["scopes"]} == {
        "shop": "read",
        "pay": "unreadable",
        "labs": "read",
    }
    assert {finding["account"] for finding in report["findings"]} == {ids["shop"], ids["labs"]}


def test_accounts_are_listed_with_what_is_missing(
    asked: Callable[[Fleet], CollectOptions],
    server: Server,
    ids: dict[str, str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    server.faults.add(Fault(Spoil.DENY, service="sts", operation="AssumeRole", resource=f"*{ids['pay']}*"))
    code = main(["accounts", "list", "--provider", "aws", "--organization", "--org-role-name", ROLE])
    lines = " ".join(capsys.readouterr().out.split())
    assert code == ExitCode.INCOMPLETE
    assert f"ready aws/{ids['shop']} shop: as arn:aws:sts::{ids['shop']}:assumed-role/{ROLE}/" in lines
    assert f"missing aws/{ids['pay']} pay: " in lines
    assert "(needs sts:AssumeRole)" in lines
    assert f"left out aws/{ids['left']} left: its state is " in lines
