"""What a list of excluded paths opens: paths on which a sign-in or a certificate is not asked for."""

from collections.abc import Iterator

from auditor.analysis.network_exposure import handler_path, http_handlers, path_excluded
from auditor.model.function import Function
from auditor.model.observed import Gap, Observed, Unanswered, graver

EVERYTHING = "every handler"
_ROOTS = frozenset({"", "api"})
"""The root, and the prefix that every route has unless the app changes it."""


def opened(function: Function, excluded: Observed[tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """Each excluded path that opens something, with what it opens.

    The root and /api open everything, whoever the handlers are; any other path is compared with their routes, and is
    Unanswered where they could not be listed.
    """
    gap: Gap | None = None
    for path in dict.fromkeys(excluded.need()):
        if path.strip().rstrip("*").strip("/").lower() in _ROOTS:
            yield path, EVERYTHING
            continue
        try:
            names = [h.name for h, entry in http_handlers(function) if path_excluded(handler_path(h, entry), (path,))]
        except Unanswered as unanswered:
            gap = graver(gap, unanswered.gap)
            continue
        if names:
            yield path, ", ".join(sorted(names))
    if gap is not None:
        raise Unanswered(gap)
