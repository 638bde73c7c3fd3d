"""What is inside a deployed package: its components, known vulnerabilities, what its code does with events."""

from enum import StrEnum

from auditor.model.base import frozen
from auditor.model.severity import Confidence, Severity

NOT_ANALYSED = "its code was not analysed: --with-code reads it"
"""What stands in ``code_incomplete`` where only the components are known, from the report of a scanner."""


class ComponentEvidence(StrEnum):
    """How a component was seen, surest first. Only the first two say that its code is in the package."""

    INSTALLED = "installed"
    BINARY = "binary"
    LOCK = "lock"
    DECLARED = "declared"


@frozen
class Component:
    """A third-party library in a package."""

    purl: str
    """Package URL, with the version where it is known."""
    ecosystem: str
    """Ecosystem by its name in OSV: PyPI, npm, Maven, NuGet, Go, RubyGems, Packagist."""
    name: str
    """Name as advisories write it."""
    version: str
    """Version; empty: a scanner names the package without the version that is installed."""
    evidence: ComponentEvidence
    """How it was seen."""
    path: str
    """File of the package, or of a layer, that says so."""


@frozen
class Vulnerability:
    """A published advisory that a component's version falls under."""

    id: str
    """Id of the advisory."""
    aliases: tuple[str, ...]
    """Its other ids, such as CVE numbers."""
    purl: str
    """Package URL of the component."""
    severity: Severity
    """Severity by its CVSS vector, raised where it is exploited or likely to be."""
    score: float | None
    """CVSS base score; null: the advisory gives none."""
    summary: str
    """What it is, in the advisory's words."""
    upgrade: str | None
    """Lowest version that none of the package's advisories is about; null: none is known."""
    exploited: bool
    """Listed by CISA as exploited."""
    epss: float | None
    """Probability of exploitation within 30 days by FIRST; null: not known."""
    malicious: bool
    """The package itself is malicious."""
    scanners: tuple[str, ...]
    """Who says so: auditor, or the scanner whose report was imported."""
    statement: str = ""
    """What an imported VEX document says of it: why it does no harm here, and by whom; empty: nothing."""
    brought_by: str = ""
    """The package to change instead, with its version, as npm audit names it; empty: the package itself."""


@frozen
class CodeStep:
    """One place a value passes on its way from an event to a sink."""

    file: str
    """File in the package."""
    line: int
    """Line, from 1."""
    text: str
    """What happens there, in a few words; never the line itself."""


@frozen
class CodeFinding:
    """A defect in the code of a package."""

    rule: str
    """Id of the rule, such as command-injection."""
    cwe: int
    """CWE number."""
    language: str
    """Language of the file."""
    file: str
    """File in the package."""
    line: int
    """Line of the sink, from 1."""
    handler: str
    """Entry point from which it is reached; empty: none was found."""
    source: str
    """Field that the value is read from, such as event.body."""
    sink: str
    """What it reaches, such as os.system."""
    triggers: tuple[str, ...]
    """Kinds of trigger whose events hold that field; empty: any."""
    steps: tuple[CodeStep, ...]
    """Way from source to sink."""
    confidence: Confidence
    """How sure."""
    digest: str
    """SHA-256 of the line without its indentation: says whether it is the same line in another version."""
    scanner: str = "auditor"
    """Who found it: auditor, or the scanner whose report was imported."""
    also: tuple[str, ...] = ()
    """Who else found it: scanners whose reports were imported."""


@frozen
class ApiUse:
    """A call of a cloud's API that the handler's code makes."""

    call: str
    """The call as the SDK names it, such as dynamodb.GetItem."""
    actions: tuple[str, ...]
    """IAM actions it needs; empty: none is known."""
    resources: tuple[str, ...]
    """Names or ARNs of resources that are literal in the call, as argument=value."""
    file: str
    """File in the package."""
    line: int
    """Line, from 1."""


@frozen
class CodeFacts:
    """What the handler's code does, beside its defects."""

    entries: tuple[str, ...] = ()
    """Functions that events enter through, as file:function."""
    validators: tuple[str, ...] = ()
    """Validation libraries and models that event data passes."""
    api_uses: tuple[ApiUse, ...] = ()
    """Calls of the cloud's API."""
    dynamic: tuple[CodeStep, ...] = ()
    """Calls whose service or operation is decided at run time: what is called is at least the rest."""
    other_uses: tuple[ApiUse, ...] = ()
    """Calls of the cloud's API in functions of the package that no event was seen to reach."""
    more_calls: tuple[str, ...] = ()
    """Why there may be calls besides all of these, a sentence each; empty: there are none."""


@frozen
class CodeAnalysis:
    """What is inside a package."""

    components: tuple[Component, ...]
    """Third-party libraries in it."""
    vulnerabilities: tuple[Vulnerability, ...]
    """Advisories that they fall under."""
    judged: bool
    """The components were compared with advisories."""
    advisories: str
    """Which advisories, and from when."""
    findings: tuple[CodeFinding, ...]
    """Defects in its own code."""
    facts: CodeFacts
    """What else its own code does."""
    incomplete: tuple[str, ...]
    """What was not read or not judged of its components, a sentence each."""
    code_incomplete: tuple[str, ...] = ()
    """What of its own code was not followed, a sentence each."""
    unread: tuple[str, ...] = ()
    """Which files of code or configuration were not read, a sentence for each reason."""
    unsearched: tuple[str, ...] = ()
    """Which files were not searched for credentials, a sentence each."""
    rules: tuple[str, ...] = ()
    """Ids of the rules that its own code was searched by: what another rule would find is not known."""
