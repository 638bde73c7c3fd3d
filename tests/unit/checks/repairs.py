"""What a reader sees of a fix once a hit has filled it: no placeholder may be left over."""

import re

from auditor.check import Check, Context, Hit
from auditor.engine.remediation import fill
from tests.unit.checks.build import Subject, found

_LEFT_OVER = re.compile(r"\{[a-z_]+\}")


def repairs(check: Check, subject: Subject, *hits: Hit, context: Context | None = None) -> list[str]:
    """The filled commands and Terraform of every hit; fails where a placeholder was not filled."""
    forms = [
        form
        for hit in hits or found(check, subject, context)
        for form in fill(check.fix[subject.cloud], subject, hit).values()
        if form is not None
    ]
    assert forms
    assert not [form for form in forms if _LEFT_OVER.search(form)]
    return forms
