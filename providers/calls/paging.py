"""Lists that come in pages: every page in order, and an end to those that have none."""

from collections.abc import Callable, Iterator
from typing import Final

from auditor.model.capture import Json
from auditor.model.observed import GapReason
from providers.calls import limits
from providers.calls.reply import Refusal

_ENDLESS: Final = Refusal(GapReason.MALFORMED, "The list does not end: its continuation repeats or is no text.")


def pages(
    ask: Callable[[str], Json | Refusal], continuation: Callable[[Json], Json | Refusal]
) -> Iterator[Json | Refusal]:
    """The pages of a list as they came; a Refusal, if any, is the last.

    ``ask`` makes the call for a continuation ("" for the first page). ``continuation`` reads where a page says the
    list goes on: something empty where it ends, a Refusal where it cannot be followed.
    """
    token, seen = "", set[str]()
    while True:
        answer = ask(token)
        following = "" if isinstance(answer, Refusal) else continuation(answer)
        yield answer
        if isinstance(following, Refusal):
            yield following
            return
        if not following:
            return
        if not isinstance(following, str) or following in seen or len(seen) >= limits.MAX_PAGES:
            yield _ENDLESS
            return
        seen.add(following)
        token = following
