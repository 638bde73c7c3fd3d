"""The data of the frameworks: every check and control exists, clouds match, and nothing stands twice."""

import json
import re
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from auditor import plugins
from auditor.check import Check, ProfileLevel
from auditor.compliance import catalogue
from auditor.compliance.catalogue import Framework, Strength, frameworks

CHECKS = {check.id: check for check in plugins.checks()}
DATA = Path(catalogue.__file__).parent / "data"
IDS = Path(__file__).parent / "control_ids"
LISTS = {
    "aws-fsbp": "aws-fsbp-1.0.0",
    "cis-aws-compute-1.1.0": "cis-aws-compute-1.1.0-lambda",
    "csa-ccm-4": "csa-ccm-4.0-partial",
    "csa-serverless-12": "csa-sas-2019",
    "mcsb": "mcsb-v1",
    "mitre-attack": "mitre-attack-19.1-iaas",
    "owasp-serverless-10": "owasp-serverless-2018",
}
"""Where the list of valid ids is not called as the framework is."""

NOT_COUNTED = {
    *("aws-security-hub-other", "cis-aws-compute-1.1.0", "cis-azure-compute-2.0.0", "dora", "hipaa-security-rule"),
    "pci-dss-4.0.1",  # 343 ids, but of headings too
}
LISTED_OTHERWISE = {"csa-ccm-4", "gdpr-art-32", "nis2-art-21"}
"""Whose lists hold a part of the ids, or more than the controls."""

every_framework = pytest.mark.parametrize("framework", frameworks().values(), ids=lambda framework: framework.id)


def valid_ids(framework: Framework) -> set[str]:
    return listed(LISTS.get(framework.id, framework.id))


def listed(name: str) -> set[str]:
    lines = (IDS / f"{name}.txt").read_text("utf-8").splitlines()
    return {line.strip() for line in lines if line.strip() and not line.startswith("#")}


def complaints(framework: Framework, checks: dict[str, Check]) -> list[str]:
    """What is wrong with the links of a framework, given the checks there are."""
    found = []
    for control in framework.controls:
        for link in control.links:
            if link.check not in checks:
                found.append(f"{control.id}: there is no check {link.check}")
            elif beyond := set(link.clouds) - set(checks[link.check].clouds):
                found.append(f"{control.id}: {link.check} does not look at {', '.join(sorted(beyond))}")
    return found


@every_framework
def test_every_check_exists_and_looks_at_the_clouds_of_its_link(framework: Framework) -> None:
    assert complaints(framework, CHECKS) == []


@every_framework
def test_every_control_is_in_the_list_of_the_framework(framework: Framework) -> None:
    assert {control.id for control in framework.controls} <= valid_ids(framework)


@every_framework
def test_the_number_of_all_controls_is_that_of_its_size_and_of_the_list(framework: Framework) -> None:
    total = framework.controls_total
    if total is None:
        assert framework.id in NOT_COUNTED
        return
    assert framework.size.split()[0] == str(total)
    assert total >= len(framework.controls)
    assert framework.id in LISTED_OTHERWISE or total == len(valid_ids(framework))


def test_no_control_of_nist_800_53_is_a_withdrawn_one() -> None:
    withdrawn = listed("nist-800-53-r5-withdrawn")
    assert len(withdrawn) == 182
    assert not {control.id for control in frameworks()["nist-800-53-r5"].controls} & withdrawn


@every_framework
def test_nothing_stands_twice(framework: Framework) -> None:
    ids = [control.id for control in framework.controls]
    assert len(set(ids)) == len(ids)
    for control in framework.controls:
        pairs = [(link.check, cloud) for link in control.links for cloud in link.clouds]
        assert len(set(pairs)) == len(pairs), control.id


@every_framework
def test_every_link_says_why_and_on_whose_word(framework: Framework) -> None:
    for control in framework.controls:
        assert control.title
        assert not control.title.endswith(".")
        assert control.links or control.limit, f"{control.id}: why is it not assessed?"
        assert bool(control.limit) == bool(control.wanted), control.id
        for link in control.links:
            assert link.clouds
            assert link.rationale
            assert link.source


@every_framework
def test_every_source_is_used_and_the_file_is_called_as_the_framework(framework: Framework) -> None:
    raw: dict[str, Any] = json.loads((DATA / f"{framework.id}.json").read_text("utf-8"))
    assert set(raw["sources"]) == {link["source"] for control in raw["controls"] for link in control["links"]}
    assert set(raw) == {*Framework.__dataclass_fields__, "sources"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", framework.as_of)
    assert framework.url.startswith("https://")


def test_a_link_to_a_check_that_was_renamed_or_dropped_is_complained_of() -> None:
    without = {name: check for name, check in CHECKS.items() if name != "runtime-deprecated"}
    fsbp = frameworks()["aws-fsbp"]
    assert complaints(fsbp, without) == ["Lambda.2: there is no check runtime-deprecated"]


def test_no_check_of_ours_names_a_control_itself() -> None:
    assert [check.id for check in CHECKS.values() if check.controls] == []


NEVER_FULL = (
    "nist-800-53-r5",
    "nist-csf-2.0",
    "pci-dss-4.0.1",
    "soc2-tsc-2017",
    "iso-27001-2022",
    "hipaa-security-rule",
)


@pytest.mark.parametrize("name", NEVER_FULL)
def test_a_scan_never_satisfies_what_is_mostly_organisation(name: str) -> None:
    strengths = {link.strength for control in frameworks()[name].controls for link in control.links}
    assert Strength.FULL not in strengths


@pytest.mark.parametrize("name", [*NEVER_FULL, "csa-ccm-4", "nist-csf-2.0", "gdpr-art-32", "nis2-art-21", "dora"])
def test_an_opinion_that_we_link_by_judgement_alone_is_only_supporting(name: str) -> None:
    too_strong = [
        (control.id, link.check)
        for control in frameworks()[name].controls
        for link in control.links
        if link.strength.decides
        and link.basis is catalogue.Basis.JUDGEMENT
        and CHECKS[link.check].profile_level is ProfileLevel.STRICT
    ]
    assert too_strong == []


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        ("env-kms-rotation-off", "aws-security-hub-other:KMS.4", "aws-fsbp:KMS.4"),
        ("tags-missing", "aws-security-hub-other:Lambda.6", "aws-fsbp:Lambda.6"),
        ("tracing-off", "aws-security-hub-other:Lambda.7", "aws-fsbp:Lambda.7"),
        ("vpc-none", "aws-security-hub-other:Lambda.3", "aws-fsbp:Lambda.3"),
        ("insights-absent", "cis-azure-foundations-3.0.0:6.3.1", "cis-azure-compute-2.0.0:2.3.17"),
        ("storage-shared-key-allowed", "cis-azure-foundations-6.0.0:9.3.1.3", "cis-azure-foundations-3.0.0:4.16"),
        ("storage-cross-tenant-copies", "cis-azure-foundations-3.0.0:4.16", None),
        ("vault-weak", "cis-azure-foundations-3.0.0:3.3.5", "cis-azure-foundations-3.0.0:3.3"),
        ("role-trust-wide", None, "cis-aws-compute-1.0.0:4.10"),
        ("log-level-hides-errors", "mitre-attack:T1685.002", "mitre-attack:T1562.008"),
        ("diagnostics-absent", "csa-serverless-12:SAS-5", "csa-serverless-12:SAS-6"),
        ("package-from-url", "csa-serverless-12:SAS-6", "csa-serverless-12:SAS-5"),
        ("dangling-hostname", None, "nist-800-53-r5:SC-20"),
    ],
)
def test_controls_that_are_easily_confused(check: str, right: str | None, wrong: str | None) -> None:
    linked = {
        f"{framework.id}:{control.id}"
        for framework in frameworks().values()
        for control in framework.controls
        for link in control.links
        if link.check == check
    }
    assert right is None or right in linked
    assert wrong not in linked


def test_a_framework_of_several_versions_says_so_in_its_ids() -> None:
    by_title = sorted(frameworks().values(), key=lambda framework: framework.title)
    for _, group in groupby(by_title, key=lambda framework: framework.title):
        versions = list(group)
        assert len(versions) == 1 or all(each.id.endswith(f"-{each.version}") for each in versions)
