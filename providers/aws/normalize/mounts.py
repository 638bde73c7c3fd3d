"""Shared file systems mounted into functions."""

from typing import Any

from auditor.model.capture import Json
from auditor.model.function import Mount
from auditor.model.observed import GapReason, Known, Observed, Unknown
from providers.aws.iam.policy_owner import ResourceKind
from providers.aws.normalize.answers import Answers, known
from providers.aws.normalize.fields import (
    UnreadableError,
    flag,
    items,
    member,
    optional_items,
    required,
    text,
)
from providers.aws.normalize.policies import judge, public
from providers.aws.normalize.references import arn_account

_LISTED = "lambda:ListFunctions"
_POINTS = "elasticfilesystem:DescribeAccessPoints"
_SYSTEMS = "elasticfilesystem:DescribeFileSystems"
_POLICY = "elasticfilesystem:DescribeFileSystemPolicy"


class Mounts:
    """The mounts of one location's functions."""

    def __init__(self, answers: Answers, partition: str) -> None:
        self._answers = answers
        self._partition = partition
        self._mounts: dict[tuple[str, str], Mount] = {}

    def mounts(self, config: dict[str, Any], arn: str) -> Observed[tuple[Mount, ...]]:
        """What a listed function mounts."""
        return self._answers.fact(
            _LISTED,
            lambda: tuple(self._mount(body) for body in optional_items(config, "FileSystemConfigs")),  # absent: none
            arn,
        )

    def _mount(self, body: Json) -> Mount:
        key = (text(body, "Arn"), text(body, "LocalMountPath"))
        found = self._mounts.get(key)
        if found is None:
            found = self._mounts[key] = self._read(*key)
        return found

    def _read(self, arn: str, path: str) -> Mount:
        point = self._entry(_POINTS, "AccessPoints", "AccessPointArn", arn, arn)
        if isinstance(point, Unknown):
            return _unread(arn, path, point, point)
        body = point.value
        if body is None:
            exists = self._answers.absence(_POINTS, arn, arn_account(arn))
            gone = Unknown(self._answers.gap(_POINTS, GapReason.NOT_FOUND, "it does not exist", arn))
            return _unread(arn, path, exists if isinstance(exists, Unknown) else gone, exists)
        fact = self._answers.fact
        system = fact(_POINTS, lambda: text(body, "FileSystemId"), arn)
        return Mount(
            id=arn,
            path=path,
            exists=known(value=True, source=_POINTS),
            root_directory=fact(_POINTS, lambda: text(member(body, "RootDirectory"), "Path"), arn),
            posix_user=fact(_POINTS, lambda: "PosixUser" in body, arn),  # absent: callers choose their own
            encrypted=system if isinstance(system, Unknown) else self._encrypted(system.value),
            open_policy=system if isinstance(system, Unknown) else self._open(system.value),
        )

    def _encrypted(self, system: str) -> Observed[bool]:
        entry = self._entry(_SYSTEMS, "FileSystems", "FileSystemId", system, system)
        if isinstance(entry, Unknown):
            return entry
        body = entry.value
        if body is None:
            return Unknown(self._answers.gap(_SYSTEMS, GapReason.NOT_FOUND, "it does not exist", system))
        return self._answers.fact(_SYSTEMS, lambda: flag(body, "Encrypted"), system)

    def _open(self, system: str) -> Observed[bool | None]:
        body = self._answers.one(_POLICY, system)
        if isinstance(body, Unknown):
            return body
        found = body.value
        if found is None:
            return known(None, _POLICY)
        kind = ResourceKind.FILE_SYSTEM
        return self._answers.fact(
            _POLICY, lambda: public(judge(required(found, "Policy"), self._answers, self._partition, kind)), system
        )

    def _entry(self, operation: str, key: str, name: str, wanted: str, subject: str) -> Observed[dict[str, Any] | None]:
        """The entry of that name, asked for by itself or among others; None where it does not exist."""
        by_itself = self._answers.bodies(operation)
        asked = subject if subject in by_itself or "" not in by_itself else ""
        pages = self._answers.readable(by_itself.all(asked), lambda body: items(body, key))
        entries = [entry for page in pages.items for entry in page]
        named = self._answers.fact(operation, lambda: _named(entries, name, wanted), wanted)
        if isinstance(named, Known) and named.value is None and pages.gap is not None:
            return Unknown(pages.gap)
        return named


def _named(entries: list[Any], name: str, wanted: str) -> dict[str, Any] | None:
    damaged: UnreadableError | None = None
    for entry in entries:
        try:
            if text(entry, name) == wanted:
                return dict(entry)
        except UnreadableError as error:
            damaged = damaged or error
    if damaged is not None:
        raise damaged
    return None


def _unread(arn: str, path: str, why: Unknown, exists: Observed[bool]) -> Mount:
    return Mount(
        id=arn,
        path=path,
        exists=exists,
        root_directory=why,
        posix_user=why,
        encrypted=why,
        open_policy=why,
    )
