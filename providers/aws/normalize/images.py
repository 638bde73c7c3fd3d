"""Container images in use and the registry repositories they come from."""

import fnmatch
from typing import Any

from auditor.model.code import Image, Repository
from auditor.model.observed import GapReason, Known, Observed, Unknown
from providers.aws.arn import Repository as ImageName
from providers.aws.arn import image_repository
from providers.aws.iam.policy_owner import ResourceKind
from providers.aws.normalize.answers import Answers, known, part_of
from providers.aws.normalize.fields import (
    UnreadableError,
    choice,
    flag,
    items,
    member,
    optional_items,
    optional_member,
    optional_text,
    text,
)
from providers.aws.normalize.get_function import Single
from providers.aws.normalize.keys import Keys
from providers.aws.normalize.policies import policy_of

_FUNCTION = "lambda:GetFunction"
_REPOSITORIES = "ecr:DescribeRepositories"
_POLICY = "ecr:GetRepositoryPolicy"
_LIFECYCLE = "ecr:GetLifecyclePolicy"
_SCANNING = "ecr:GetRegistryScanningConfiguration"

_MUTABILITY = {
    "IMMUTABLE": True,
    "MUTABLE": False,
    "IMMUTABLE_WITH_EXCLUSION": False,  # the tags left out of the rule can still be moved
    "MUTABLE_WITH_EXCLUSION": False,
}
_SCANS = {"SCAN_ON_PUSH": True, "CONTINUOUS_SCAN": True, "MANUAL": False}
_ENCRYPTION = {"AES256": False, "KMS": True, "KMS_DSSE": True}


class Images:
    """The images of one location's functions."""

    def __init__(self, answers: Answers, partition: str, keys: Keys) -> None:
        self._answers = answers
        self._partition = partition
        self._keys = keys
        self._repositories: dict[str, Observed[Repository | None]] = {}

    def image(self, single: Single, arn: str) -> Image:
        """The image of a function, from its GetFunction."""
        uri = self._uri(single, arn)
        if isinstance(uri, Unknown):
            return Image(uri=uri, digest=self._digest(single, arn), repository=uri)
        name = image_repository(uri.value, self._partition)
        if name is None:
            message = "the image is not in a registry of ours to read"
            repository: Observed[Repository | None] = Unknown(
                self._answers.gap(_REPOSITORIES, GapReason.MALFORMED, message, arn)
            )
        else:
            repository = self._repository(name)
        return Image(uri=uri, digest=self._digest(single, arn), repository=repository)

    def _uri(self, single: Single, arn: str) -> Observed[str]:
        if isinstance(single.image, Unknown):
            return single.image
        if single.image.value is None:
            return Unknown(self._answers.gap(_FUNCTION, GapReason.MALFORMED, "ImageUri is missing", arn))
        return Known(single.image.value, _FUNCTION)

    def _digest(self, single: Single, arn: str) -> Observed[str | None]:
        resolved = single.resolved
        if isinstance(resolved, Unknown):
            return resolved
        digest = (resolved.value or "").rpartition("@")[2]
        if not digest.startswith("sha256:"):
            message = "ResolvedImageUri names no digest"
            return Unknown(self._answers.gap(_FUNCTION, GapReason.MALFORMED, message, arn))
        return Known(digest, _FUNCTION)

    def _repository(self, name: ImageName) -> Observed[Repository | None]:
        found = self._repositories.get(name.arn)
        if found is None:
            found = self._repositories[name.arn] = self._read(name)
        return found

    def _read(self, name: ImageName) -> Observed[Repository | None]:
        body = self._answers.one(_REPOSITORIES, name.arn)
        if isinstance(body, Known):
            found = body.value
            if found is None:
                gone = self._answers.absence(_REPOSITORIES, name.arn, name.account)
                return gone if isinstance(gone, Unknown) else known(None, _REPOSITORIES)
            entry = self._answers.fact(_REPOSITORIES, lambda: _entry(found, name.arn), name.arn)
        else:
            entry = body
        return Known(self._described(name, entry), _REPOSITORIES)

    def _described(self, name: ImageName, entry: Observed[dict[str, Any]]) -> Repository:
        kind = ResourceKind.REPOSITORY
        policy = policy_of(
            self._answers, _POLICY, name.arn, "policyText", partition=self._partition, kind=kind, whole=entry
        )
        lifecycle = part_of(entry, self._answers.one(_LIFECYCLE, name.arn))
        immutable: Observed[bool] = entry if isinstance(entry, Unknown) else self._immutable(name, entry.value)
        return Repository(
            id=name.arn,
            name=name.name,
            account=name.account,
            scan_on_push=self._scanned(name, entry),
            immutable_tags=immutable,
            customer_key=entry if isinstance(entry, Unknown) else self._customer_key(name, entry.value),
            lifecycle=lifecycle if isinstance(lifecycle, Unknown) else known(lifecycle.value is not None, _LIFECYCLE),
            policy=policy,
        )

    def _immutable(self, name: ImageName, entry: dict[str, Any]) -> Observed[bool]:
        return self._answers.fact(_REPOSITORIES, lambda: choice(entry, "imageTagMutability", _MUTABILITY), name.arn)

    def _scanned(self, name: ImageName, entry: Observed[dict[str, Any]]) -> Observed[bool]:
        """Scanned on push by the repository's own setting, or by a rule of the registry."""
        if isinstance(entry, Unknown):
            return entry  # a rule of the registry scans nothing in a repository that is gone
        own = self._own_scan(name, entry.value)
        if isinstance(own, Known) and own.value:
            return own
        if name.account != self._answers.account:
            return own if isinstance(own, Unknown) else self._foreign(name)
        body = self._answers.one(_SCANNING)
        if isinstance(body, Unknown):
            return body
        found = body.value or {}
        ruled = self._answers.fact(_SCANNING, lambda: _rule_scans(found, name.name))
        return own if isinstance(ruled, Known) and not ruled.value and isinstance(own, Unknown) else ruled

    def _own_scan(self, name: ImageName, entry: dict[str, Any]) -> Observed[bool]:
        def read() -> bool:
            scanning = optional_member(entry, "imageScanningConfiguration")  # absent: not set
            return flag(scanning, "scanOnPush") if scanning is not None else False

        return self._answers.fact(_REPOSITORIES, read, name.arn)

    def _foreign(self, name: ImageName) -> Unknown:
        message = "only its owner can read another account's registry settings"
        return Unknown(self._answers.gap(_SCANNING, GapReason.NOT_OFFERED, message, name.arn))

    def _customer_key(self, name: ImageName, entry: dict[str, Any]) -> Observed[bool]:
        def read() -> str | None:
            encryption = optional_member(entry, "encryptionConfiguration")  # absent: AES256
            if encryption is None or not choice(encryption, "encryptionType", _ENCRYPTION):
                return None
            return text(encryption, "kmsKey")

        key = self._answers.fact(_REPOSITORIES, read, name.arn)
        if isinstance(key, Unknown):
            return key
        if key.value is None:
            return known(value=False, source=_REPOSITORIES)
        return self._keys.customer(key.value)


def _entry(body: dict[str, Any], arn: str) -> dict[str, Any]:
    for entry in items(body, "repositories"):
        if text(entry, "repositoryArn") == arn:
            return dict(entry)
    raise UnreadableError("the answer does not hold the repository asked for")


def _rule_scans(body: dict[str, Any], repository: str) -> bool:
    """Whether a rule of the registry scans the repository's images without being asked."""
    configuration = member(body, "scanningConfiguration")
    for rule in optional_items(configuration, "rules"):  # absent: no rule
        scans = choice(rule, "scanFrequency", _SCANS)
        for given in items(rule, "repositoryFilters"):
            wildcard = (optional_text(given, "filterType") or "WILDCARD") == "WILDCARD"
            pattern = text(given, "filter")
            if scans and wildcard and fnmatch.fnmatchcase(repository, pattern if "*" in pattern else f"*{pattern}*"):
                return True
    return False
