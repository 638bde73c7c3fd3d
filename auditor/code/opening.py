"""Opens what looks into packages, or says what it needs."""

from pathlib import Path

from auditor.enricher import Enricher
from auditor.errors import UsageError


def package_enricher(advisories: str | None, cache: Path | None) -> Enricher:
    """What looks into packages. Raises UsageError where its requirements are not installed."""
    try:
        from auditor.code.advisories.choosing import AdvisorySource  # noqa: PLC0415 - only where packages are read
        from auditor.code.enrichment import PackageEnricher  # noqa: PLC0415 - the same
    except ModuleNotFoundError as missing:
        raise UsageError(
            f"--with-code needs the Python package {missing.name}: pip install 'serverless-auditor[code]'."
        ) from missing
    return PackageEnricher(AdvisorySource(advisories), cache)
