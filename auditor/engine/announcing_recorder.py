"""A recorder that also tells a progress display which region answered, and which functions it listed."""

import re
from collections.abc import Collection, Iterator
from typing import Any, Final

from auditor.engine.recorder import CloudRecorder, SnapshotRecorder
from auditor.model.capture import Json
from auditor.model.ids import Cloud
from auditor.provider import Operation, Progress

_FUNCTION: Final = re.compile(
    r"(?::function:|/sites/|/containerapps/|/locations/[^/]+/(?:functions|services)/)[^/:]+\Z", re.IGNORECASE
)
"""How the id of a function ends: ARN, Azure resource id, name of a Cloud Function or Cloud Run service."""
_HOST: Final = re.compile(r"\A//[^/]+/")
_IDS: Final = ("FunctionArn", "id", "name")


class AnnouncingRecorder(CloudRecorder):
    """Records for one cloud. ``listing`` are the operations that list functions."""

    def __init__(self, run: SnapshotRecorder, cloud: Cloud, progress: Progress, listing: Collection[str]) -> None:
        super().__init__(run, cloud)
        self._progress = progress
        self._listing = listing

    def answer(self, operation: Operation, scope: str, location: str, subject: str, page: int, body: Json) -> Json:
        redacted = super().answer(operation, scope, location, subject, page, body)
        self._progress.answered(location, set(functions(redacted)) if operation.id in self._listing else ())
        return redacted


def functions(body: Json) -> Iterator[str]:
    """What a page of a list names functions by: the same for a function however often, and by whatever it is listed."""
    lists = (value for value in body.values() if isinstance(value, list)) if isinstance(body, dict) else ()
    for members in lists:
        for member in members:
            name = _id(member)
            if _FUNCTION.search(name):
                yield _HOST.sub("", name).replace("/services/", "/functions/").lower()


def _id(member: Any) -> str:
    if not isinstance(member, dict):
        return ""
    return next((member[key] for key in _IDS if isinstance(member.get(key), str)), "")
