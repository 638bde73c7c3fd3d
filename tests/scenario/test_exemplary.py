"""Sound functions with no more than the platform's defaults: every finding they get, named in full."""

from typing import Any

import pytest

from auditor.model.ids import Cloud

DEFAULTS = {
    # what a careful owner may add, and pays or works for
    ("binary-authorization-off", "low"),
    ("build-shared-pool", "low"),
    ("function-no-cmk", "low"),
    ("image-repository-default", "low"),
    # IAM asks every caller: the network would be a second control
    ("ingress-open", "low"),
    # a newer runtime exists; this one is supported
    ("runtime-not-latest", "informational"),
    # the token broker of the same project may act as it
    ("identity-usable-by-others", "informational"),
    # inventories and opinions
    ("iap-off", "medium"),
    ("internet-reachable", "informational"),
    ("trigger-inventory", "informational"),
    ("vpc-none", "informational"),
}
OPINIONS = {"iap-off", "internet-reachable", "trigger-inventory", "vpc-none"}
"""Asked with ``--profile-level strict`` only."""


@pytest.mark.parametrize("name", ["gift-receipts", "receipt-archiver"])
def test_an_exemplary_function_of_google_cloud_gets_no_finding_its_owner_would_call_wrong(
    report: dict[str, Any], name: str
) -> None:
    (row,) = [row for row in report["functions"] if row["cloud"] == Cloud.GCP and row["name"] == name]
    found = {(each["check_id"], each["severity"]) for each in report["findings"] if each["subject_id"] == row["id"]}
    assert found == DEFAULTS
    assert {severity for check, severity in found if check not in OPINIONS} <= {"low", "informational"}
    unsettled = {check for check, status in report["verdicts"][row["id"]].items() if status in ("UNKNOWN", "ERROR")}
    assert unsettled == set()


QUICKSTART = {
    # open to the internet with function keys, as the quickstart leaves it: a login or a firewall is the owner's choice
    ("ingress-open", "medium"),
    ("key-only-auth-public", "medium"),
    ("host-keys-in-storage", "medium"),
    ("no-firewall-in-front", "medium"),
    ("private-endpoint-absent", "medium"),
    # what a careful owner may add, and pays or works for
    ("cipher-suite-weak", "low"),
    ("client-certificate-not-required", "low"),
    ("management-site-open", "low"),
    ("plan-not-zone-redundant", "low"),
    ("storage-account-not-required", "low"),
    ("storage-network-open", "low"),
    ("storage-no-customer-key", "low"),
    ("storage-private-endpoint-absent", "low"),
    ("storage-sas-policy-absent", "low"),
    # a newer runtime exists; this one is supported
    ("runtime-not-latest", "informational"),
    # the release crew holds Contributor on the resource group
    ("code-writable-by-others", "informational"),
    ("host-storage-writable-by-others", "informational"),
    ("identity-usable-by-others", "informational"),
    ("keys-readable-by-others", "informational"),
    # inventories and opinions
    ("internet-reachable", "informational"),
    ("threat-detection-not-covering", "informational"),
    ("trigger-inventory", "informational"),
    ("vpc-none", "informational"),
}


def test_an_exemplary_app_of_azure_gets_nothing_high(report: dict[str, Any]) -> None:
    name = "fhw-gift-wrapping"
    (row,) = [row for row in report["functions"] if row["cloud"] == Cloud.AZURE and row["name"] == name]
    found = {(each["check_id"], each["severity"]) for each in report["findings"] if each["subject_id"] == row["id"]}
    assert found == QUICKSTART
    unsettled = {check for check, status in report["verdicts"][row["id"]].items() if status in ("UNKNOWN", "ERROR")}
    # the settings of another app of the company are withheld: it may share its host id or its storage
    assert unsettled == {"host-id-shared", "host-storage-shared"}


@pytest.mark.parametrize("name", ["gift-registry-api", "gift-wrapper", "gift-reminder"])
def test_an_exemplary_function_of_aws_gets_nothing_above_informational(report: dict[str, Any], name: str) -> None:
    (row,) = [row for row in report["functions"] if row["cloud"] == Cloud.AWS and row["name"] == name]
    strict = {check["id"] for check in report["checks"] if check["profile_level"] == "strict"}
    found = {
        (each["check_id"], each["severity"])
        for each in report["findings"]
        if each["subject_id"] == row["id"] and each["check_id"] not in strict
    }
    assert {check for check, severity in found if severity != "informational"} == set()
    unsettled = {check for check, status in report["verdicts"][row["id"]].items() if status in ("UNKNOWN", "ERROR")}
    assert unsettled == set()
