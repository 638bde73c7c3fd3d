"""The sound subjects of the builders offend no default check, so every FAIL a test shows comes from what it changed."""

import importlib
import pkgutil

import pytest

import checks
from auditor.check import Check, ProfileLevel, Subject
from auditor.model.finding import Status
from auditor.model.ids import Cloud
from tests.unit.checks import azure, build, gcp

_FINE = {Status.PASS, Status.NOT_APPLICABLE}
_AROUND = {Cloud.AWS: build.Surroundings(), Cloud.AZURE: azure.AROUND, Cloud.GCP: gcp.AROUND}
_SUBJECTS: dict[Subject, dict[str, build.Subject]] = {
    Subject.FUNCTION: {
        "archive": build.make(),
        "image": build.make_image(),
        "app": azure.make_azure(),
        "slot": azure.make_azure(slot="staging"),
        "second-generation": gcp.make_gcp(),
        "first-generation": gcp.make_gen1(),
        "service": gcp.make_run(),
    },
    Subject.LOCATION: {"aws": build.location(), "azure": azure.location(), "gcp": gcp.location()},
    Subject.SCOPE: {"aws": build.scope(), "azure": azure.scope(), "gcp": gcp.scope()},
}


def _declared() -> list[Check]:
    modules = [importlib.import_module(found.name) for found in pkgutil.walk_packages(checks.__path__, "checks.")]
    return [value for module in modules for value in vars(module).values() if isinstance(value, Check)]


@pytest.mark.parametrize(
    "check", [c for c in _declared() if c.profile_level is ProfileLevel.DEFAULT], ids=lambda c: c.id
)
def test_sound_subjects_pass(check: Check) -> None:
    asked = {name: subject for name, subject in _SUBJECTS[check.subject].items() if subject.cloud in check.clouds}
    judged = {name: build.verdicts(check, {name: of}, _AROUND[of.cloud])[name] for name, of in asked.items()}
    assert {name: status for name, status in judged.items() if status not in _FINE} == {}


def test_ids_are_unique() -> None:
    ids = [check.id for check in _declared()]
    assert sorted(ids) == sorted(set(ids))
