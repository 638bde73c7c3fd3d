"""The sound subjects of the builder offend no default check, so every FAIL a test shows comes from what it changed."""

import importlib
import pkgutil

import pytest

import checks
from auditor.check import Check, ProfileLevel, Subject
from auditor.model.finding import Status
from tests.unit.checks.build import make, make_image, place, scope, verdicts

_FINE = {Status.PASS, Status.NOT_APPLICABLE}
_SUBJECTS = {
    Subject.FUNCTION: {"archive": make(), "image": make_image()},
    Subject.LOCATION: {"place": place()},
    Subject.SCOPE: {"scope": scope()},
}


def _declared() -> list[Check]:
    modules = [importlib.import_module(found.name) for found in pkgutil.walk_packages(checks.__path__, "checks.")]
    return [value for module in modules for value in vars(module).values() if isinstance(value, Check)]


@pytest.mark.parametrize(
    "check", [c for c in _declared() if c.profile_level is ProfileLevel.DEFAULT], ids=lambda c: c.id
)
def test_sound_subjects_pass(check: Check) -> None:
    assert {name: s for name, s in verdicts(check, _SUBJECTS[check.subject]).items() if s not in _FINE} == {}


def test_ids_are_unique() -> None:
    ids = [check.id for check in _declared()]
    assert sorted(ids) == sorted(set(ids))
