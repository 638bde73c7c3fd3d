"""What holds for every check: documented, in its place, covering catalogue rows, with fixes that can be filled."""

import ast
import csv
import importlib.util
import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TypeGuard

import pytest

from auditor import plugins
from auditor.check import Check, Subject
from auditor.model.ids import Cloud
from tests import generate

ROOT = Path(__file__).parents[2] / "checks"
CHECKS = plugins.checks()
ALSO_NOW = {
    *("role-admin", "role-service-wildcard", "role-resource-wildcard", "role-passrole-any", "role-shared"),
    *("role-aws-managed-broad", "role-no-log-permission", "timeout-max", "timeout-over-threshold", "memory-max"),
    *("concurrency-unreserved", "public-and-unreserved", "gap-recursion-allowed"),
}
"""Rows of other parts that the AWS part answers as well."""
IDENTITY_NOW = {
    *("az-func-managed-identity-absent", "az-func-identity-admin-role", "az-func-uami-admin-role"),
    *("az-func-identity-wide-scope", "az-func-identity-shared"),
    *("gcp-fn-default-service-account", "gcp-fn-default-sa-editor", "gcp-fn-sa-admin-role", "gcp-fn-basic-roles"),
    "gcp-fn-sa-shared",
}
"""Rows about identities that the parts of Azure and Google Cloud answer as well."""

every_check = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_SHARED = {"name", "id", "location", "account", "partition", "locus", "role", "run_service"}
_OF_AN_ARM_ID = {"group", "app", "slot", "of_slot"}
_RESOURCE = re.compile(r'^resource "(\w+)"', re.MULTILINE)
_CONTROL = re.compile(r"[A-Z][A-Za-z0-9.-]*:[A-Za-z0-9][A-Za-z0-9.()/-]*")


def _rows() -> list[dict[str, str]]:
    with (ROOT / "catalogue.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _asked(cloud: Cloud) -> set[str]:
    """The rows that a check claiming this cloud must answer, or not_covered.toml excuse."""
    if cloud is Cloud.AWS:
        return {row["id"] for row in _rows() if row["part"] in ("aws", "triggers", "detections")} | ALSO_NOW
    return {
        row["id"]
        for row in _rows()
        if row["cloud"] == cloud and (row["part"] == "azure-gcp" or row["id"] in IDENTITY_NOW)
    }


def _covered(cloud: Cloud) -> set[str]:
    """The rows of a cloud named by checks that claim it."""
    of_cloud = {row["id"] for row in _rows() if row["cloud"] == cloud}
    return {row for check in CHECKS if cloud in check.clouds for row in check.covers if row in of_cloud}


def _not_covered() -> dict[str, dict[str, str]]:
    return tomllib.loads((ROOT / "not_covered.toml").read_text(encoding="utf-8"))


def _source(check: Check) -> Path:
    spec = importlib.util.find_spec(check.module)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin)


@every_check
def test_a_check_sits_in_the_folder_of_its_risk_in_a_module_of_its_own_name(check: Check) -> None:
    assert _source(check) == ROOT / check.risk.replace("-", "_") / f"{check.id.replace('-', '_')}.py"


@every_check
def test_a_check_says_what_it_flags_and_why_it_matters(check: Check) -> None:
    assert check.summary.startswith("Flags ")
    assert check.summary.endswith(".")
    assert len(check.why.split()) >= 20
    assert not check.why.endswith(":")


@every_check
def test_the_page_of_a_check_says_what_the_check_says(check: Check) -> None:
    page = ROOT.parent / "docs" / "checks" / f"{check.id}.md"
    assert page.read_text("utf-8") == generate.check_page(check), "run 'make generate'"


@every_check
def test_a_check_has_a_repair_for_each_cloud_it_claims(check: Check) -> None:
    assert check.clouds
    for cloud, fix in check.fix.items():
        assert cloud in Cloud
        assert fix.text.endswith(".")
        assert fix.command or fix.no_command
        assert fix.terraform or fix.no_terraform


@every_check
def test_a_check_names_a_page_of_the_vendor(check: Check) -> None:
    assert check.references, f"{check.id}: add references=, at least the vendor's page about what it flags"


@every_check
def test_controls_are_framework_and_control_and_a_cwe_is_a_number(check: Check) -> None:
    assert [control for control in check.controls if not _CONTROL.fullmatch(control)] == []
    assert len(set(check.controls)) == len(check.controls)
    assert check.cwe is None or check.cwe > 0


@every_check
def test_a_check_covers_rows_of_the_catalogue(check: Check) -> None:
    assert set(check.covers) <= {row["id"] for row in _rows()}


@every_check
def test_every_placeholder_of_a_repair_can_be_filled(check: Check) -> None:
    of_functions = set() if check.subject is Subject.FUNCTION else {"run_service"}
    known = _SHARED - of_functions - ({"partition", "role"} if check.subject is Subject.SCOPE else set())
    for cloud, fix in check.fix.items():
        of_arm = _OF_AN_ARM_ID if cloud is Cloud.AZURE and check.subject is Subject.FUNCTION else set()
        for form in (fix.text, fix.command, fix.terraform):
            assert set(_PLACEHOLDER.findall(form or "")) <= known | of_arm | _values_of_every_hit(check)


@every_check
def test_commands_and_terraform_are_of_the_cloud_they_are_for(check: Check) -> None:
    tools = {Cloud.AWS: "aws", Cloud.AZURE: "az", Cloud.GCP: "gcloud"}
    types = {Cloud.AWS: ("aws_",), Cloud.AZURE: ("azurerm_", "azapi_"), Cloud.GCP: ("google_",)}
    for cloud, fix in check.fix.items():
        for line in (fix.command or "").splitlines():
            words = [word for word in tools.values() if line.startswith(f"{word} ")]
            assert words in ([], [tools[cloud]]), line
        for kind in _RESOURCE.findall(fix.terraform or ""):
            assert kind.startswith(types[cloud]), kind


@every_check
def test_a_check_imports_only_its_contract_the_nouns_and_the_analysis(check: Check) -> None:
    tree = ast.parse(_source(check).read_text(encoding="utf-8"))
    imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    imported |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    allowed = ("auditor.check", "auditor.config", "auditor.model", "auditor.analysis")
    assert [name for name in imported if name.startswith("auditor") and not name.startswith(allowed)] == []
    assert [name for name in imported if name.partition(".")[0] in ("providers", "checks", "reports", "boto3")] == []


def _values_of_every_hit(check: Check) -> set[str]:
    """The keys that each Hit of the check's module sets; those only some set cannot be relied upon.

    A check of several clouds may make the hits of one in a function of its own: there, the keys that each hit of one of
    its functions sets. That those are the right cloud's is proved by what the demo prints.
    """
    tree = ast.parse(_source(check).read_text(encoding="utf-8"))
    named = {
        target.id: _keys(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value, ast.Dict)
    }
    parts = [node for node in tree.body if isinstance(node, ast.FunctionDef)] if len(check.fix) > 1 else [tree]
    groups = [[_given(node, named) for node in ast.walk(part) if _is_hit(node)] for part in parts]
    return set().union(*(set.intersection(*hits) for hits in groups if hits))


def _is_hit(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Hit"


def _given(hit: ast.Call, named: dict[str, set[str]]) -> set[str]:
    """The keys of a hit's values: written out, named before, made by the analysis, or joined of these."""
    given = [keyword.value for keyword in hit.keywords if keyword.arg == "values"]
    return _resolved(given[0], named) if given else set()


def _resolved(value: ast.expr, named: dict[str, set[str]]) -> set[str]:
    if isinstance(value, ast.Name):
        return named.get(value.id, set())
    if isinstance(value, ast.Call) and isinstance(value.func, (ast.Attribute, ast.Name)):
        called = value.func.attr if isinstance(value.func, ast.Attribute) else value.func.id
        return _made_by_analysis().get(called, set())
    if isinstance(value, ast.BinOp):
        return _resolved(value.left, named) | _resolved(value.right, named)
    if isinstance(value, ast.Dict):
        unpacked = [item for key, item in zip(value.keys, value.values, strict=True) if key is None]
        return _keys(value).union(*(_resolved(item, named) for item in unpacked))
    return set()


@cache
def _made_by_analysis() -> dict[str, set[str]]:
    """The functions of the analysis that return a mapping written out, and its keys."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT.parent / "auditor/analysis").rglob("*.py")]
    return {
        function.name: _keys(node.value)
        for tree in trees
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for node in function.body
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Dict)
    }


def _keys(value: ast.expr) -> set[str]:
    if not isinstance(value, ast.Dict):
        return set()
    return {key.value for key in value.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)}


def test_ids_are_unique() -> None:
    assert [id for id, times in Counter(check.id for check in CHECKS).items() if times > 1] == []


def test_every_module_below_a_risk_declares_a_check() -> None:
    modules = {path for path in ROOT.glob("*/*.py") if path.name != "__init__.py"}
    assert modules - {_source(check) for check in CHECKS} == set()


@pytest.mark.parametrize("cloud", Cloud)
def test_every_row_of_a_cloud_is_covered_or_excused_and_never_both(cloud: Cloud) -> None:
    covered, excused = _covered(cloud), set(_not_covered())
    assert _asked(cloud) - covered - excused == set()
    assert excused & covered == set()


@every_check
def test_a_check_covers_no_row_of_a_cloud_it_does_not_claim(check: Check) -> None:
    clouds = {row["id"]: row["cloud"] for row in _rows()}
    assert [row for row in check.covers if clouds[row] not in check.clouds] == []


def test_excused_rows_exist_have_a_reason_and_are_few() -> None:
    excused = _not_covered()
    assert set(excused) <= set[str]().union(*(_asked(cloud) for cloud in Cloud))
    assert [row for row, entry in excused.items() if len(entry["reason"].split()) < 8] == []
    assert len({row["id"] for row in _rows() if row["part"] == "aws"} & set(excused)) <= 13


@pytest.mark.parametrize(("cloud", "rows", "at_least"), [(Cloud.AZURE, 148, 132), (Cloud.GCP, 87, 78)])
def test_nearly_all_rows_of_the_part_are_covered_by_name(cloud: Cloud, rows: int, at_least: int) -> None:
    part = {row["id"] for row in _rows() if row["cloud"] == cloud and row["part"] == "azure-gcp"}
    assert len(part) == rows
    covered = part & _covered(cloud)
    assert part - covered == part & set(_not_covered())
    assert len(covered) >= at_least, sorted(part - covered)


def test_rows_about_triggers_and_detections_on_aws_are_covered_by_name() -> None:
    part = {row["id"] for row in _rows() if row["cloud"] == Cloud.AWS and row["part"] in ("triggers", "detections")}
    assert len(part) == 110
    covered = part & _covered(Cloud.AWS)
    assert part - covered == part & set(_not_covered())
    assert len(covered) >= 100, sorted(part - covered)


def test_the_plain_identity_rows_are_covered() -> None:
    assert IDENTITY_NOW - _covered(Cloud.AZURE) - _covered(Cloud.GCP) == set()


def test_the_catalogue_is_dated_and_its_rows_unique() -> None:
    rows = _rows()
    assert [id for id, times in Counter(row["id"] for row in rows).items() if times > 1] == []
    assert {row["date"] for row in rows} == {"2026-11-23"}
    assert {row["cloud"] for row in rows} == set(Cloud)
    assert [row["id"] for row in rows if not row["title"]] == []
    assert {row["id"] for row in rows} >= ALSO_NOW | IDENTITY_NOW
