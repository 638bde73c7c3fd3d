"""The values met so far in one run, so that none of them is written later in another place. Memory only."""

import json
import re
from collections.abc import Callable
from typing import Final
from urllib.parse import quote

MARK: Final = "[redacted:variable]"
"""What stands in messages, where nothing is told apart by it and of most values only a part was met."""
_GRAM: Final = 8
_PREFIX: Final = 5
# The clouds' own words. Were they replaced, a variable `DB_PASSWORD=NONE` could hide an endpoint's auth type.
_VOCABULARY: Final = re.compile(
    r"(?:nodejs|python|java|ruby|go|dotnet|dotnetcore|provided|php|node)[\d.]{0,6}x?(?:\.al2(?:023)?)?|[A-Z][a-z]+(?:[A-Z][a-z]+)*"
    r"|[A-Z]+(?:_[A-Z]+)*|[a-z]{1,4}|[a-z]{2}(?:-[a-z]+){1,3}-\d|\d{1,12}|[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?|\$LATEST|x86_64|arm64"
    r"|[a-z0-9-]{2,30}:[A-Za-z*]{1,60}"
)
_PLAIN: Final = re.compile(r"[a-z]+(?:[-_ ][a-z]+){0,4}")
# The beginning of a plain value that other texts share for good reason: a scheme, a word.
_SHARED_PREFIX: Final = re.compile(r"[A-Za-z]+[-_:/.]{0,3}|[a-z]{2}-[a-z]{4,9}-?\d?|https?://[\w.-]{0,12}|/[a-z]+/?")
_UNQUOTED: Final = re.compile(r"[A-Za-z0-9_.~-]*")
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+]{1,20}:/{0,2}|-{5}[A-Z -]{0,40}")
# How the clouds name a resource in full: ARNs, ids of Azure's Resource Manager, Google's resource names.
_IDENTITY: Final = re.compile(
    r"arn:aws[a-z-]{0,20}:[a-z0-9-]{1,40}:[a-z0-9-]{0,40}:[0-9a-z]{0,14}:[^\s\"'<>]{1,1024}"
    r"|/subscriptions/[0-9a-f-]{36}(?:/[^\s\"'<>?&=/]{1,200}){0,30}"
    r"|(?://[a-z]{1,40}\.googleapis\.com/)?(?:projects|folders|organizations)/[a-z0-9.:-]{1,60}(?:/[^\s\"'<>?&=/]{1,300}){1,12}",
    re.IGNORECASE,
)


def _written_forms(value: str) -> set[str]:
    """The ways a value is spelt when a program quotes it: as it is, in JSON, in a traceback, in a URL."""
    if _UNQUOTED.fullmatch(value):
        return {value}
    return {
        value,
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        repr(value)[1:-1],
        quote(value, safe=""),
    }


class SeenValues:
    """Remembers secrets and unlisted values, and takes them out of other strings."""

    def __init__(self, mark: Callable[[str], str]) -> None:
        """Take what makes the mark of a secret that turns up in a field."""
        self._mark = mark
        self._exact: set[str] = set()
        self._words: set[str] = set()
        self._strong: dict[str, set[str]] = {}
        self._any: dict[str, dict[str, bool]] = {}

    def remember(self, value: str, *, secret: bool) -> None:
        """Remember one value: a secret of five characters and more, any other of eight and more."""
        bare = value.strip()
        if len(bare) < (_PREFIX if secret else _GRAM):
            return
        for form in _written_forms(bare):
            bucket = self._any.setdefault(form[:_PREFIX], {})
            bucket[form] = bucket.get(form, False) or secret
            if secret and not _VOCABULARY.fullmatch(form):
                self._remember_secret(form)

    def _remember_secret(self, form: str) -> None:
        self._exact.add(form)
        if len(form) < _GRAM or _PLAIN.fullmatch(form):
            self._words.add(form)
        else:
            self._strong.setdefault(form[:_GRAM], set()).add(form)

    def clean(self, text: str) -> str:
        """Take remembered secrets out of a field of an answer; the identity of resources (ARNs, ids) stays."""
        if len(text) < _PREFIX or not self._exact:
            return text
        if text in self._exact:
            return self._mark(text)
        if self._strong and len(text) >= _GRAM and not _IDENTITY.fullmatch(text):
            text = self._cut_strong(text)
        if self._words and " " in text:
            text = self._cut_words(text)
        return text

    def _cut_strong(self, text: str) -> str:
        strong = self._strong
        place = 0
        last = len(text) - _GRAM
        while place <= last:
            values = strong.get(text[place : place + _GRAM])
            if values:
                hit = max((value for value in values if text.startswith(value, place)), key=len, default="")
                if hit:
                    mark = self._mark(hit)
                    text = text[:place] + mark + text[place + len(hit) :]
                    place += len(mark) - 1
                    last = len(text) - _GRAM
            place += 1
        return text

    def _cut_words(self, text: str) -> str:
        """Weak secrets (plain words) go from prose only, as whole words: inside names they are not told apart."""
        return " ".join(self._cut_word(part) for part in text.split(" "))

    def _cut_word(self, part: str) -> str:
        core = part.strip("\"'`.,;:()[]{}<>=!?")
        tail = re.split(r"[=:]", core)[-1] if core not in self._words else core
        return part.replace(tail, self._mark(tail)) if tail in self._words else part

    def clean_message(self, text: str, sweep: Callable[[str], str]) -> str:
        """Clean a message or log line: whole values, then what `sweep` knows, then prefixes over four characters."""
        whole = self._cut(text, whole=True)
        return self._cut(sweep(whole), whole=False)

    def _cut(self, text: str, *, whole: bool) -> str:
        parts: list[str] = []
        start = place = 0
        while place <= len(text) - _PREFIX:
            bucket = self._any.get(text[place : place + _PREFIX])
            size = (_whole if whole else _prefix)(text, place, bucket) if bucket else 0
            if size:
                parts.append(text[start:place])
                parts.append(MARK)
                place += size
                start = place
            else:
                place += 1
        parts.append(text[start:])
        return "".join(parts)


def _whole(text: str, place: int, bucket: dict[str, bool]) -> int:
    return max((len(value) for value in bucket if text.startswith(value, place)), default=0)


def _prefix(text: str, place: int, bucket: dict[str, bool]) -> int:
    longest = 0
    for value, secret in bucket.items():
        size = _PREFIX
        limit = min(len(value), len(text) - place)
        while size < limit and value[size] == text[place + size]:
            size += 1
        shared = size < len(value) and (_SCHEME if secret else _SHARED_PREFIX).fullmatch(value[:size])
        if size > longest and not shared:
            longest = size
    return longest
