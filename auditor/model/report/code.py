"""What is inside the package of a function, or in a layer."""

from auditor.model.report.row import Row


class CodeComponentRow(Row):
    """A third-party library in a package."""

    purl: str
    """Package URL, with the version where it is known."""
    evidence: str
    """How it was seen, surest first: `installed`, `binary`, `lock` or `declared`. Only the first two say that its code
    is in the package."""
    advisories: tuple[str, ...]
    """Ids of the advisories that its version falls under; `analysis.vulnerabilities` says more of each."""
    ecosystem: str
    """Ecosystem by its name in OSV: PyPI, npm, Maven, NuGet, Go, RubyGems, Packagist."""
    name: str
    """Name as advisories write it."""
    version: str
    """Version; empty: a scanner names the package without the version that is installed."""
    path: str
    """File of the package, or of a layer, that says so."""


class CodeCallRow(Row):
    """A call of the cloud's API that the code makes: one row for each action and resource."""

    action: str | None
    """IAM action that it needs; null: it is not known which."""
    resource: str | None
    """Name or ARN of the resource that is literal in the call, as argument=value; null: none is."""
    certain: bool
    """An event reaches the call, and its action is known."""
    call: str
    """The call as the SDK names it; what is called, where that is decided at run time."""
    file: str
    """File in the package."""
    line: int
    """Line, from 1."""
