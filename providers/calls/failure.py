"""What every gateway does with a failure, whatever its SDK: one line of text, the seconds to wait, a reason by name."""

import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Final

from auditor.model.observed import GapReason
from providers.calls.reply import AnswerError, DeadlineError, Refusal

_LONGEST: Final = 500
_READ: Final = 20_000
"""Letters of a message that are looked at: what is shown stands at its beginning."""
_PAGE: Final = re.compile(r"<(!doctype|html|head|body|title|center|h[1-6]|p|br|hr|pre|div|span)\b[^>]*>", re.IGNORECASE)
_UNSEEN: Final = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_TITLE: Final = re.compile(r"<title\b.*?</title\s*>(?=.*<h1\b)", re.IGNORECASE | re.DOTALL)
"""The title of a page that says the same in its heading."""
_TAG: Final = re.compile(r"</?[A-Za-z!][^<>]*>")
LONGEST_WAIT: Final = 120.0
"""Seconds to wait at most before another try, whatever the cloud asks for: then it is asked again."""

_OK: Final = 200

_BY_NAME: Final[Mapping[str, GapReason]] = {
    # a body that broke off, or that only the connection's own library could not read
    "DecodeError": GapReason.MALFORMED,
    "IncompleteRead": GapReason.MALFORMED,
    "InvalidHeader": GapReason.MALFORMED,
    # no connection, or one that was lost
    "ConnectionError": GapReason.UNREACHABLE,
    "HTTPError": GapReason.UNREACHABLE,
    "HTTPException": GapReason.UNREACHABLE,
    "OSError": GapReason.UNREACHABLE,
    # what a parser raises for what it cannot read
    "ArithmeticError": GapReason.MALFORMED,
    "AttributeError": GapReason.MALFORMED,
    "LookupError": GapReason.MALFORMED,
    "MemoryError": GapReason.MALFORMED,
    "RecursionError": GapReason.MALFORMED,
    "TypeError": GapReason.MALFORMED,
    "ValueError": GapReason.MALFORMED,
}
"""By the name of a class in the error's ancestry: standard library and urllib3."""

_BY_STATUS: Final[Mapping[int, GapReason]] = {
    401: GapReason.EXPIRED,
    403: GapReason.DENIED,
    429: GapReason.THROTTLED,
    501: GapReason.NOT_OFFERED,
}

_PARSING: Final = frozenset({"AttributeError", "LookupError", "TypeError"})
"""Whose own texts say nothing to anyone who does not have the parser at hand."""

_LINKS: Final = 20
"""Errors of one chain that are looked at; some chains are circles."""

_STANDARD: Final = frozenset({"builtins", "http", "socket", "ssl"})
"""The standard library's modules whose errors say what happened to a connection."""

_TIMEOUTS: Final = frozenset({"TimeoutError", "ConnectTimeoutError", "ReadTimeoutError"})
_BROKEN_OFF: Final = ("IncompleteRead", "Response ended prematurely")


def refusal_of(error: Exception, by_name: Mapping[str, GapReason], timeouts: Iterable[str] = ()) -> Refusal:
    """Why a call has no answer, from what was raised before one was read.

    ``by_name`` are an SDK's own classes, looked up first along the error's ancestry; ``timeouts`` its names of errors
    that cost a whole timeout. Any other error is a SERVICE_ERROR.
    """
    if isinstance(error, AnswerError):
        return Refusal(GapReason.MALFORMED, one_line(str(error)), status=_OK, final=error.final)
    if isinstance(error, DeadlineError):
        return Refusal(GapReason.UNREACHABLE, one_line(str(error)), slow=True)
    names = [kind.__name__ for kind in type(error).__mro__]
    message = one_line(text_of(error) or names[0])
    if any(sign in message for sign in _BROKEN_OFF):
        return Refusal(GapReason.MALFORMED, message)
    known = {**_BY_NAME, **by_name}
    reason = next((known[name] for name in names if name in known), GapReason.SERVICE_ERROR)
    if not _PARSING.isdisjoint(names):
        message = one_line(f"The answer cannot be read ({names[0]}: {message.rstrip('.')}).")
    if reason is GapReason.UNREACHABLE:
        message = one_line(_cause(error) or message)
    return Refusal(reason, message, slow=not _TIMEOUTS.union(timeouts).isdisjoint(names))


def reason_of_status(status: int, *, about_one: bool) -> GapReason:
    """What an answer's status alone says of why it is none. ``about_one``: the call asked about one resource."""
    if status == 404 and about_one:
        return GapReason.NOT_FOUND
    if 200 <= status < 300:
        return GapReason.MALFORMED
    return _BY_STATUS.get(status, GapReason.SERVICE_ERROR)


def text_of(error: BaseException) -> str:
    """The text of an error; of one made of several arguments, which Python would show as a tuple, their texts."""
    parts = error.args
    if len(parts) == 1 and isinstance(parts[0], BaseException):
        return text_of(parts[0])
    if len(parts) < 2 or str(error) != str(parts):
        return str(error)
    texts = (text_of(part) if isinstance(part, BaseException) else part for part in parts)
    return ": ".join(text.rstrip(".") for text in texts if isinstance(text, str) and text)


def _cause(error: BaseException) -> str:
    """What the operating system said at the bottom of an error, which is what the libraries above wrap in names."""
    said = ""
    chain: BaseException | None = error
    for _ in range(_LINKS):
        if chain is None:
            break
        if isinstance(chain, OSError) and type(chain).__module__.partition(".")[0] in _STANDARD:
            said = str(getattr(chain, "verify_message", "") or chain.strerror or str(chain) or said)
        chain = chain.__cause__ or chain.__context__ or _wrapped(chain)
    return said


def _wrapped(error: BaseException) -> BaseException | None:
    """The error that another was made of, where it was not raised from it."""
    made_of = (getattr(error, "inner_exception", None), *error.args)
    return next((part for part in made_of if isinstance(part, BaseException) and part is not error), None)


def retry_after(headers: Mapping[str, object]) -> float:
    """The seconds an answer asks to wait (RFC 9110: a number or a date), within bounds; 0 for anything else.

    ``headers`` may be spelt in any case.
    """
    given = next((str(value) for name, value in headers.items() if str(name).lower() == "retry-after"), "")
    try:
        return bounded(float(given))
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(given)
    except (OverflowError, TypeError, ValueError):
        return 0.0
    at = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return bounded((at - datetime.now(UTC)).total_seconds())


def bounded(seconds: float) -> float:
    """Seconds to wait: never negative, never longer than :data:`LONGEST_WAIT`, 0 for what is no number."""
    return 0.0 if math.isnan(seconds) else min(max(seconds, 0.0), LONGEST_WAIT)


def one_line(text: str) -> str:
    """A message on one line of at most 500 characters, the text of a page where a server on the way sent one."""
    shown = text[:_READ]
    if _PAGE.search(shown):
        shown = unescape(_TAG.sub(" ", _TITLE.sub(" ", _UNSEEN.sub(" ", shown))))
    line = " ".join(shown.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
