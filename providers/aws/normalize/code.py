"""What functions run: package, layers, image, signing, patching, scanner coverage."""

from typing import Any

from auditor.model.capture import Json
from auditor.model.code import Code, Image, Package, Patching, ScanCoverage, SnapStart
from auditor.model.environment import EncryptionKey
from auditor.model.observed import Observed, Unknown
from providers.answers.fields import day
from providers.answers.unread import unread, unread_code
from providers.aws.normalize.answers import Answers, known
from providers.aws.normalize.fields import (
    choice,
    filled_text,
    member,
    optional_items,
    optional_member,
    optional_text,
    text,
)
from providers.aws.normalize.get_function import Single
from providers.aws.normalize.images import Images
from providers.aws.normalize.keys import Keys
from providers.aws.normalize.layers import Layers
from providers.aws.normalize.packages import Packages
from providers.aws.normalize.references import qualified
from providers.aws.normalize.signing import Signings

_LISTED = "lambda:ListFunctions"
_CODE = "lambda:GetFunctionCode"
_PATCHING = "lambda:GetRuntimeManagementConfig"
_COVERAGE = "inspector2:ListCoverage"

_PACKAGES = {"Zip": Package.ARCHIVE, "Image": Package.IMAGE}
_PATCHES = {"Auto": Patching.AUTOMATIC, "FunctionUpdate": Patching.ON_UPDATE, "Manual": Patching.MANUAL}
_STATUSES = {"ACTIVE": True, "INACTIVE": False}
_APPLIES = {"PublishedVersions": True, "None": False}
_OPTIMISED = {"On": True, "Off": False}

_NOT_SNAPPED = SnapStart(configured=False, active=False)


class Codes:
    """The code of one location's functions."""

    def __init__(self, answers: Answers, partition: str, keys: Keys) -> None:
        self._answers = answers
        self._keys = keys
        self._layers = Layers(answers, partition)
        self._signings = Signings(answers)
        self._analyses = Packages(answers, _CODE)
        self._images = Images(answers, partition, keys)
        self._patching = answers.subjects(_PATCHING, lambda body: choice(body, "UpdateRuntimeOn", _PATCHES))
        listing = answers.pages(_COVERAGE, "coveredResources")
        named = answers.readable(listing, lambda body: (qualified(text(body, "resourceId"))[0], body))
        self._covered: dict[str, Json] = {}
        for arn, body in named.items:
            if arn not in self._covered or body.get("scanType") == "PACKAGE":
                self._covered[arn] = body
        self._coverage_gap = named.gap

    def package(self, config: dict[str, Any], arn: str) -> Observed[Package]:
        """How the code is delivered."""
        return self._answers.fact(_LISTED, lambda: _package(config), arn)

    def code(self, config: dict[str, Any], arn: str, single: Single) -> Code:
        """The code of a listed function; without a readable PackageType nothing is concluded from it."""
        fact = self._answers.fact
        package = self.package(config, arn)
        if isinstance(package, Unknown):
            return unread_package(package, guess(config))
        image = package.value is Package.IMAGE
        return Code(
            package=package.value,
            sha256=fact(_LISTED, lambda: text(config, "CodeSha256"), arn),
            layers=fact(
                _LISTED,
                lambda: tuple(
                    self._layers.layer(text(layer, "Arn")) for layer in optional_items(config, "Layers")
                ),  # absent: no layers
                arn,
            ),
            signing=self._signings.signing(arn),
            artifact_signed=fact(_LISTED, lambda: filled_text(config, "SigningJobArn"), arn),  # absent: not signed
            image=self._images.image(single, arn) if image else None,
            patching=known(None, _LISTED) if image else self._patched(arn),
            snapstart=fact(_LISTED, lambda: _snapstart(config), arn),
            source_key=known(None, _LISTED) if image else self._source_key(single),
            scan=self._scan(arn),
            analysis=self._analyses.needed(arn),
        )

    def _patched(self, arn: str) -> Observed[Patching | None]:
        return self._patching.one(arn)

    def _source_key(self, single: Single) -> Observed[EncryptionKey | None]:
        return single.source_key.map(lambda key: self._keys.key(key) if key else None)

    def _scan(self, arn: str) -> Observed[ScanCoverage | None]:
        body = self._covered.get(arn)
        if body is not None:
            return self._answers.fact(_COVERAGE, lambda: _coverage(body), arn)
        return Unknown(self._coverage_gap) if self._coverage_gap is not None else known(None, _COVERAGE)


def _package(config: dict[str, Any]) -> Package:
    """The package; where it is left out, as answers of older emulators and recordings do, a Runtime proves an archive.

    Lambda API reference, CreateFunction: Runtime "is required if the deployment package is a .zip file archive" and
    "specifying a runtime results in an error if you're deploying a function using a container image" (as of 2026-11).
    The lack of a Runtime proves nothing: a customer-managed runtime is named elsewhere.
    """
    if "PackageType" not in config and "Runtime" in config:
        text(config, "Runtime")
        return Package.ARCHIVE
    return choice(config, "PackageType", _PACKAGES)


def guess(config: dict[str, Any]) -> Package:
    """The package of a function whose PackageType cannot be read: only archives name a runtime."""
    return Package.ARCHIVE if isinstance(config.get("Runtime"), str) else Package.IMAGE


def unread_package(why: Unknown, package: Package) -> Code:
    """The code of a function of which nothing can be concluded."""
    return unread_code(why, package=package, image=unread(Image, why) if package is Package.IMAGE else None)


def _snapstart(config: dict[str, Any]) -> SnapStart:
    body = optional_member(config, "SnapStart")  # absent: the runtime does not have it
    if body is None:
        return _NOT_SNAPPED
    # OptimizationStatus is of one version: answers about a bare function may leave it out
    optimised = choice(body, "OptimizationStatus", _OPTIMISED) if "OptimizationStatus" in body else False
    return SnapStart(configured=choice(body, "ApplyOn", _APPLIES), active=optimised)


def _coverage(body: Json) -> ScanCoverage:
    status = member(body, "scanStatus")
    scanned = optional_text(body, "lastScannedAt")  # absent: never scanned
    return ScanCoverage(
        active=choice(status, "statusCode", _STATUSES),
        reason=text(status, "reason"),
        scanned_at=day(scanned, "lastScannedAt") if scanned is not None else None,
    )
