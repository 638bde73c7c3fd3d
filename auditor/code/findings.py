"""All analyses of a package's own code, joined."""

from dataclasses import replace
from typing import Final

from auditor.code import taint
from auditor.code.files import PackageFiles
from auditor.code.secrets_in_code import RULE as CREDENTIAL
from auditor.code.secrets_in_code import find_credentials
from auditor.code.source_text import undecodable
from auditor.code.taint import TaintResult
from auditor.code.taint.scan import RULES as FLOWS
from auditor.code.taint.weaknesses import WEAKNESSES

RULES: Final = (*sorted(rule for rule, _ in FLOWS.values()), *WEAKNESSES, CREDENTIAL)
"""Ids of all rules that code is searched by."""


def prepare() -> None:
    """Load catalogues and parsers before the process is confined."""
    taint.prepare()


def analyse(files: PackageFiles, handler: str | None = None) -> TaintResult:
    """Defects of the package's code, and what it does. Pure; bounded; runs nothing."""
    found = taint.analyse(files, handler)
    return replace(
        found,
        findings=(*found.findings, *find_credentials(files)),
        incomplete=(*found.incomplete, *undecodable(files)),
    )
