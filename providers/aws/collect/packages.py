"""Fetches the code of functions and layers by the signed addresses AWS gives, and records what is in it, never it."""

import base64
import binascii
from functools import partial
from typing import Any, Final

from auditor.enricher import PACKAGES, EnrichmentError, PackageSource
from auditor.model.observed import GapReason
from providers.answers.json_paths import text
from providers.aws.collect.region_context import RegionContext
from providers.calls.download import download
from providers.calls.reply import Refusal

FUNCTION_CODE: Final = "lambda:GetFunctionCode"
LAYER_CODE: Final = "lambda:GetLayerVersionCode"
_DIGEST_BYTES: Final = 32


class Packages:
    """Looks into the packages of a region, where the run asks for it."""

    def __init__(self, context: RegionContext) -> None:
        self._context = context

    @property
    def wanted(self) -> bool:
        """Whether packages are to be looked into."""
        return PACKAGES in self._context.options.tiers

    def function(self, arn: str, answer: Any) -> None:
        """The package of a function, by the answer of GetFunction."""
        if isinstance(answer, Refusal):
            self._context.record(FUNCTION_CODE, arn, answer)
        elif text(answer, "Code", "ImageUri"):
            image = "the package is a container image, whose layers are not read"
            self._context.record(FUNCTION_CODE, arn, Refusal(GapReason.NOT_IN_TIER, image))
        else:
            digest = text(answer, "Configuration", "CodeSha256")
            handler = text(answer, "Configuration", "Handler") or None
            self._examine(FUNCTION_CODE, arn, text(answer, "Code", "Location"), digest, handler)

    def layer(self, arn: str, answer: Any) -> None:
        """The content of a layer version, by the answer of GetLayerVersion."""
        if isinstance(answer, Refusal):
            self._context.record(LAYER_CODE, arn, answer)
        else:
            location, digest = text(answer, "Content", "Location"), text(answer, "Content", "CodeSha256")
            self._examine(LAYER_CODE, arn, location, digest, None)

    def _examine(self, operation: str, arn: str, address: str, digest: str, handler: str | None) -> None:
        options = self._context.options
        if options.enricher is None or not address:
            said = "AWS gave no address of the package" if options.enricher else "nothing here can look into packages"
            self._context.record(operation, arn, Refusal(GapReason.NOT_COLLECTED, said))
            return
        try:
            fetch = partial(_fetch, address, options.stop, options.ca_bundle)
            body: Any = options.enricher.package(PackageSource(arn, hexadecimal(digest), handler, fetch))
        except EnrichmentError as why:
            body = Refusal(why.reason, why.message)
        self._context.record(operation, arn, body)


def _fetch(address: str, stop: Any, ca_bundle: str | None, path: Any, most: int) -> None:
    download(address, path, most, stop, ca_bundle)


def hexadecimal(digest: str) -> str:
    """A base64 SHA-256 in hexadecimal; "" for what is none."""
    try:
        raw = base64.b64decode(digest, validate=True)
    except (ValueError, binascii.Error):
        return ""
    return raw.hex() if len(raw) == _DIGEST_BYTES else ""
