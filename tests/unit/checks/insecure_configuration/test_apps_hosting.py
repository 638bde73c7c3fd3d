"""How Azure apps are hosted, published and stored: named, with the verdict on each."""

from datetime import date
from typing import Any

import pytest

from auditor.check import Check
from auditor.model.deployment import Deployment, KeyStore, Publishing, StorageAuthentication
from auditor.model.finding import Status
from auditor.model.hosting import HostingKind
from auditor.model.observed import GapReason, Known, not_offered
from auditor.model.severity import Severity
from auditor.model.transport import FileTransfer
from checks.insecure_configuration.bundled_database_on import bundled_database_on
from checks.insecure_configuration.content_share_shared_key import content_share_shared_key
from checks.insecure_configuration.deployment_storage_shared_key import deployment_storage_shared_key
from checks.insecure_configuration.dotnet_in_process import dotnet_in_process
from checks.insecure_configuration.handler_disabled import handler_disabled
from checks.insecure_configuration.host_keys_in_storage import host_keys_in_storage
from checks.insecure_configuration.host_storage_shared_key import host_storage_shared_key
from checks.insecure_configuration.host_version_unsupported import host_version_unsupported
from checks.insecure_configuration.interactive_shell_on import interactive_shell_on
from checks.insecure_configuration.linux_consumption_retired import linux_consumption_retired
from checks.insecure_configuration.mount_shared_key import mount_shared_key
from checks.insecure_configuration.publishing_password_allowed import publishing_password_allowed
from checks.insecure_configuration.remote_debugging_on import remote_debugging_on
from checks.insecure_configuration.slot_swap_moves_secrets import slot_swap_moves_secrets
from checks.insecure_configuration.startup_command_set import startup_command_set
from checks.insecure_configuration.storage_account_not_required import storage_account_not_required
from checks.insecure_configuration.storage_keys_old import storage_keys_old
from checks.insecure_configuration.storage_no_customer_key import storage_no_customer_key
from checks.insecure_configuration.storage_sas_policy_absent import storage_sas_policy_absent
from checks.insecure_configuration.storage_shared_key_allowed import storage_shared_key_allowed
from checks.insecure_configuration.vault_weak import vault_weak
from checks.insecure_configuration.workflow_app_present import workflow_app_present
from tests.unit.checks import azure, gcp
from tests.unit.checks.azure import ACCOUNTS, SETTINGS, SITES, make_azure
from tests.unit.checks.build import Subject, Surroundings, found, only, unknown, verdicts
from tests.unit.checks.gcp import make_gcp
from tests.unit.checks.repairs import repairs

PASS, FAIL, UNKNOWN, ELSEWHERE = Status.PASS, Status.FAIL, Status.UNKNOWN, Status.NOT_APPLICABLE
NONE_HERE = not_offered(SITES, "this hosting has no such thing")
POLICIES = "web:ListPublishingPolicies"
KEY, IDENTITY, REFERENCE = StorageAuthentication.KEY, StorageAuthentication.IDENTITY, StorageAuthentication.REFERENCE


def app(**hosting: Any) -> Subject:
    return make_azure(hosting=Known(azure.hosting(**hosting), SITES))


def service(**hosting: Any) -> Subject:
    return make_gcp(hosting=Known(gcp.hosting(**hosting), gcp.LISTED))


def deployed(**deployment: Any) -> Subject:
    return make_azure(deployment=Known(azure.deployment(**deployment), SITES))


def stored(**storage: Any) -> Subject:
    host = azure.host_storage(**storage)
    return make_azure(storage=Known(azure.storage(host=Known(host, SETTINGS)), SITES))


def behind(*vaults: Any) -> Subject:
    return make_azure(storage=Known(azure.storage(vaults=Known(vaults, "web:GetKeyVaultReferences")), SITES))


def published(scm: Any, ftp: Any, transfer: object = FileTransfer.TLS_ONLY) -> Subject:
    ways = Deployment(publishing=Publishing(management_password=scm, ftp_password=ftp))
    moved = azure.transport(file_transfer=Known(transfer, azure.CONFIG))
    return make_azure(deployment=Known(ways, SITES), transport=Known(moved, SITES))


def switch(check: Check, field: str, bad: Any, good: Any, maker: object = app) -> list:
    """The four verdicts of a check that reads one fact."""
    return [
        (check, "bad", maker(**{field: Known(bad, "answer")}), FAIL),
        (check, "good", maker(**{field: Known(good, "answer")}), PASS),
        (check, "unread", maker(**{field: unknown()}), UNKNOWN),
        (check, "no such thing", maker(**{field: NONE_HERE}), ELSEWHERE),
    ]


ON, OFF = Known(True, POLICIES), Known(False, POLICIES)
NO_STORAGE = make_azure(storage=Known(azure.storage(host=Known(None, SETTINGS)), SITES))
OPEN = azure.vault(weaknesses=Known(("open to all networks", "no purge protection"), "graph:Vaults"))
CASES: list[tuple[Check, str, Subject, Status]] = [
    *switch(remote_debugging_on, "remote_debugging", True, False),
    *switch(interactive_shell_on, "interactive_shell", True, False),
    *switch(interactive_shell_on, "interactive_shell", True, False, maker=service),
    *switch(bundled_database_on, "bundled_database", True, False),
    *switch(startup_command_set, "startup_command", "curl -s https://build.invalid | sh", ""),
    *switch(dotnet_in_process, "in_process", True, False),
    *switch(host_version_unsupported, "host_version", "~3", "~4"),
    (host_version_unsupported, "not set", app(host_version=Known(None, SETTINGS)), FAIL),
    (host_version_unsupported, "pinned", app(host_version=Known("4.21.1", SETTINGS)), FAIL),
    (host_version_unsupported, "newer than us", app(host_version=Known("~5", SETTINGS)), UNKNOWN),
    (host_version_unsupported, "an image", app(container=True), ELSEWHERE),
    (linux_consumption_retired, "on Linux", app(kind=HostingKind.CONSUMPTION), FAIL),
    (linux_consumption_retired, "on Windows", app(kind=HostingKind.CONSUMPTION, system="windows"), PASS),
    (linux_consumption_retired, "Flex", app(kind=HostingKind.FLEX_CONSUMPTION), PASS),
    (linux_consumption_retired, "newer than us", app(kind=HostingKind.UNRECOGNISED), UNKNOWN),
    (linux_consumption_retired, "unread", make_azure(hosting=unknown(SITES)), UNKNOWN),
    (publishing_password_allowed, "both", published(ON, ON), FAIL),
    (publishing_password_allowed, "one of two", published(ON, OFF), FAIL),
    (publishing_password_allowed, "neither", published(OFF, OFF), PASS),
    (publishing_password_allowed, "unread", published(unknown(POLICIES), unknown(POLICIES)), UNKNOWN),
    (publishing_password_allowed, "one off, one unread", published(OFF, unknown(POLICIES)), UNKNOWN),
    (publishing_password_allowed, "off, and no FTP on this plan", published(OFF, NONE_HERE), PASS),
    (publishing_password_allowed, "on Container Apps", published(NONE_HERE, NONE_HERE), ELSEWHERE),
    *switch(slot_swap_moves_secrets, "unsticky_secrets", ("PAYMENT_KEY",), (), maker=deployed),
    *switch(host_keys_in_storage, "key_store", KeyStore.STORAGE, KeyStore.VAULT, maker=deployed),
    (host_keys_in_storage, "files", deployed(key_store=Known(KeyStore.FILES, SETTINGS)), FAIL),
    *switch(host_storage_shared_key, "host_storage", KEY, IDENTITY, maker=deployed),
    (host_storage_shared_key, "by reference", deployed(host_storage=Known(REFERENCE, SETTINGS)), PASS),
    *switch(content_share_shared_key, "content_storage", KEY, None, maker=deployed),
    (content_share_shared_key, "by reference", deployed(content_storage=Known(REFERENCE, SETTINGS)), PASS),
    *switch(deployment_storage_shared_key, "deployment_storage", KEY, IDENTITY, maker=deployed),
    *switch(mount_shared_key, "mounts_with_key", ("templates",), (), maker=deployed),
    *switch(storage_account_not_required, "storage_required", False, True, maker=deployed),
    (handler_disabled, "asleep", make_azure(handlers=Known((azure.http(enabled=False),), "l")), FAIL),
    (handler_disabled, "awake", make_azure(), PASS),
    (handler_disabled, "unread", make_azure(handlers=unknown(azure.FUNCTIONS)), UNKNOWN),
    *switch(storage_shared_key_allowed, "shared_key", True, False, maker=stored),
    (storage_shared_key_allowed, "no account", NO_STORAGE, ELSEWHERE),
    (storage_keys_old, "old", stored(shared_key=Known(True, ACCOUNTS), keys_created=Known("2026-01-02T03:04:05Z", ACCOUNTS)), FAIL),
    (storage_keys_old, "new", stored(shared_key=Known(True, ACCOUNTS)), PASS),
    (storage_keys_old, "not told", stored(shared_key=Known(True, ACCOUNTS), keys_created=Known(None, ACCOUNTS)), UNKNOWN),
    (storage_keys_old, "unread", stored(shared_key=unknown(ACCOUNTS), keys_created=unknown(ACCOUNTS)), UNKNOWN),
    (storage_keys_old, "keys refused", stored(keys_created=Known("2020-01-02", ACCOUNTS)), ELSEWHERE),
    (storage_keys_old, "no account", NO_STORAGE, ELSEWHERE),
    *switch(storage_no_customer_key, "customer_key", False, True, maker=stored),
    (storage_no_customer_key, "no account", NO_STORAGE, ELSEWHERE),
    *switch(storage_sas_policy_absent, "sas_policy", False, True, maker=stored),
    (storage_sas_policy_absent, "no account", NO_STORAGE, ELSEWHERE),
    (vault_weak, "open", behind(OPEN), FAIL),
    (vault_weak, "sound", make_azure(), PASS),
    (vault_weak, "of another subscription", behind(azure.vault(weaknesses=unknown("graph:Vaults"))), UNKNOWN),
    (vault_weak, "references unread", make_azure(storage=Known(azure.storage(vaults=unknown("web:GetKeyVaultReferences")), SITES)), UNKNOWN),
    (vault_weak, "none", behind(), ELSEWHERE),
    (workflow_app_present, "one", azure.scope(guardrails=Known(azure.guardrails(workflows=Known(("/x/sites/approvals",), SITES)), SITES)), FAIL),
    (workflow_app_present, "none", azure.scope(), PASS),
    (workflow_app_present, "unread", azure.scope(guardrails=Known(azure.guardrails(workflows=unknown(SITES)), SITES)), UNKNOWN),
]  # fmt: skip


@pytest.mark.parametrize(("check", "name", "subject", "status"), CASES, ids=[f"{c.id}: {n}" for c, n, _, _ in CASES])
def test_the_verdict(check: Check, name: str, subject: Subject, status: Status) -> None:
    assert verdicts(check, {name: subject}) == {name: status}
    if status is FAIL:
        assert repairs(check, subject)


def test_the_older_versions_of_the_host_end_on_their_day() -> None:
    first = app(host_version=Known("~1", SETTINGS))
    hit = only(host_version_unsupported, first, Surroundings(today=date(2026, 9, 13)))
    ending = "Function app orders uses Functions host version ~1, whose support ends on 14 September 2026"
    assert (hit.message, hit.severity) == (ending, Severity.MEDIUM)
    hit = only(host_version_unsupported, first, Surroundings(today=date(2026, 9, 14)))
    assert (hit.message, hit.severity) == (ending.replace("ends", "ended"), None)


def test_the_in_process_model_ends_on_its_day() -> None:
    inside = app(in_process=Known(True, SETTINGS))
    assert only(dotnet_in_process, inside, Surroundings(today=date(2026, 11, 9))).severity is Severity.MEDIUM
    assert only(dotnet_in_process, inside).severity is None


def test_each_way_of_publishing_is_a_finding() -> None:
    hits = found(publishing_password_allowed, published(ON, ON))
    assert [(hit.locus, hit.severity) for hit in hits] == [("scm", None), ("ftp", None)]
    hit = only(publishing_password_allowed, published(OFF, ON, FileTransfer.DISABLED))
    assert (hit.locus, hit.severity) == ("ftp", Severity.LOW)
    assert hit.message == "Function app orders accepts its publishing password on FTP only"
    assert only(publishing_password_allowed, published(ON, unknown(POLICIES))).locus == "scm"


def test_what_is_weak_about_a_vault_is_named() -> None:
    hit = only(vault_weak, behind(azure.vault(), OPEN))
    weak = "open to all networks, no purge protection"
    assert hit.message == f"Key vault kv-orders of function app orders is weakly protected: {weak}"
    assert hit.severity is None
    mild = azure.vault(weaknesses=Known(("no purge protection",), "graph:Vaults"))
    assert only(vault_weak, behind(mild)).severity is Severity.LOW


def test_old_keys_are_compared_with_the_day_of_the_capture() -> None:
    made = stored(shared_key=Known(True, ACCOUNTS), keys_created=Known("2026-08-25", ACCOUNTS))
    assert verdicts(storage_keys_old, {"ninety days": made}) == {"ninety days": PASS}
    assert verdicts(storage_keys_old, {"a day more": made}, Surroundings(today=date(2026, 11, 24))) == {
        "a day more": FAIL
    }


def test_what_was_not_asked_at_this_depth_is_not_examined() -> None:
    shallow = deployed(mounts_with_key=unknown("web:ListMounts", GapReason.NOT_AT_DEPTH))
    assert verdicts(mount_shared_key, {"quick": shallow}) == {"quick": Status.NOT_EXAMINED}
