"""Fetches the source of functions by the signed addresses Google gives, and records what is in it, never it."""

from pathlib import Path
from typing import Final

from auditor.enricher import PACKAGES, EnrichmentError, PackageSource
from auditor.model.capture import Json
from auditor.model.observed import GapReason
from providers.answers.json_paths import text
from providers.calls.download import download
from providers.calls.reply import Refusal
from providers.gcp.collect.function_references import Found
from providers.gcp.collect.project_context import ProjectContext

ADDRESS: Final = "functions:GetDownloadUrl"
SOURCE_CODE: Final = "functions:GetSourceCode"


class Packages:
    """Looks into the sources of a project's functions, where the run asks for it.

    Functions that only Cloud Run knows have no such address: nothing is recorded of them.
    """

    def __init__(self, context: ProjectContext) -> None:
        self._context = context

    @property
    def wanted(self) -> bool:
        """Whether sources are to be looked into."""
        return PACKAGES in self._context.options.tiers

    def read(self, function: Found) -> None:
        """Asks for the address of a function's source, and looks into what is there."""
        context = self._context
        target = context.target(function.region, function.name)
        version = "v1" if function.first else "v2"
        answer = context.gateway.ask(ADDRESS, target, context.request({"version": version, "function": function.name}))
        context.gateway.record(ADDRESS, target, 0, answer)
        found = answer if isinstance(answer, Refusal) else self._inside(function.name, text(answer, "downloadUrl"))
        context.gateway.record(SOURCE_CODE, target, 0, found)

    def _inside(self, name: str, address: str) -> Json | Refusal:
        options = self._context.options
        if options.enricher is None or not address:
            said = "Google gave no address of the source" if options.enricher else "nothing here can look into packages"
            return Refusal(GapReason.NOT_COLLECTED, said)

        def fetch(path: Path, most: int) -> None:
            download(address, path, most, options.stop, options.ca_bundle)

        try:
            return options.enricher.package(PackageSource(name, "", None, fetch))
        except EnrichmentError as why:
            return Refusal(why.reason, why.message)
