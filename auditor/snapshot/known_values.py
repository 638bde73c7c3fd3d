"""The values met so far in one run, so that none of them is written later in another place. Memory only."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from auditor.analysis.secrets.value_heuristics import word_share
from auditor.analysis.secrets.value_shape import is_weak

DETECTOR: Final = "variable"
"""What placeholders of known values are called."""

SHORTEST_SECRET: Final = 5
"""Characters of the shortest secret that is looked for elsewhere; shorter ones turn up by chance."""
_INSIDE: Final = 8
"""Characters of a secret, or of a part of one, that is taken out of the middle of other text."""
_GRAM: Final = 5
_STRIDE: Final = _INSIDE - _GRAM + 1
# The clouds' own words. Were they replaced, a variable `DB_PASSWORD=NONE` could hide an endpoint's auth type.
_VOCABULARY: Final = re.compile(
    r"(?:nodejs|python|java|ruby|go|dotnet|dotnetcore|provided|php|node)[\d.]{0,6}x?(?:\.al2(?:023)?)?|[A-Z][a-z]+(?:[A-Z][a-z]+)*"
    r"|[A-Z]+(?:_[A-Z]+)*|[a-z]{1,4}|[a-z]{2}(?:-[a-z]+){1,3}-\d|\d{1,12}|[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?|\$LATEST|x86_64|arm64"
    r"|[a-z0-9-]{2,30}:[A-Za-z*]{1,60}"
)
_PLAIN: Final = re.compile(r"[a-z]+(?:[-_. ][a-z]+){0,6}|[A-Z]?[a-z]+|[A-Z]+")
# How the clouds name a resource in full: ARNs, ids of Azure's Resource Manager, Google's resource names.
_IDENTITY: Final = re.compile(
    r"arn:aws[a-z-]{0,20}:[a-z0-9-]{1,40}:[a-z0-9-]{0,40}:[0-9a-z]{0,14}:[^\s\"'<>]{1,1024}"
    r"|/subscriptions/[0-9a-f-]{36}(?:/[^\s\"'<>?&=/]{1,200}){0,30}"
    r"|(?://[a-z]{1,40}\.googleapis\.com/)?(?:projects|folders|organizations)/[a-z0-9.:-]{1,60}(?:/[^\s\"'<>?&=/]{1,300}){1,12}",
    re.IGNORECASE,
)
_TELLING_SYMBOLS: Final = frozenset("!@#$%^&*+~")
_EDGE: Final = re.compile(r"[^\s\"'`,;()\[\]{}<>=!?|]+")
_WORD: Final = re.compile(r"\w")

Span = tuple[int, int, str]


class KnownValues:
    """Remembers secrets and unlisted values, and finds them in other strings."""

    def __init__(self) -> None:
        """Begin with none."""
        self.secrets = 0
        """How many secrets were met: a text that was looked through before another came has to be again."""
        self._exact: set[str] = set()
        self._words: set[str] = set()
        self._inside: dict[str, tuple[tuple[str, int], ...]] = {}
        self._fragments: dict[str, tuple[tuple[str, int], ...]] = {}
        self._clear: set[str] = set()
        self._spaced: dict[str, tuple[str, ...]] = {}

    def remember_secret(self, value: str, parts: Iterable[str]) -> None:
        """Remember a value that is a credential, or whose `parts` are."""
        bare = value.strip()
        if len(bare) < SHORTEST_SECRET or bare in self._exact or _VOCABULARY.fullmatch(bare):
            return
        self._exact.add(bare)
        for part in parts:
            self._remember_part(part.strip())
        self.secrets += 1

    def _remember_part(self, part: str) -> None:
        if len(part) < SHORTEST_SECRET or _VOCABULARY.fullmatch(part):
            return
        if len(part) < _INSIDE or _PLAIN.fullmatch(part):
            if not is_weak(part):
                self._words.add(part)
            return
        for offset in range(_STRIDE):
            self._index(self._inside, part, offset, _GRAM)
        for offset in {*range(0, len(part) - _INSIDE + 1, _INSIDE), len(part) - _INSIDE}:
            if not _is_common(part[offset : offset + _INSIDE]):
                self._index(self._fragments, part, offset, _INSIDE)

    @staticmethod
    def _index(index: dict[str, tuple[tuple[str, int], ...]], part: str, offset: int, size: int) -> None:
        gram = part[offset : offset + size]
        known = index.get(gram, ())
        if (part, offset) not in known:
            index[gram] = (*known, (part, offset))

    def remember_clear(self, value: str) -> None:
        """Remember a value that nobody declared to be kept."""
        bare = value.strip()
        if len(bare) >= _INSIDE and bare not in self._clear:
            self._clear.add(bare)
            if not _EDGE.fullmatch(bare):
                self._spaced[bare[:_INSIDE]] = (*self._spaced.get(bare[:_INSIDE], ()), bare)

    def is_secret(self, text: str) -> bool:
        """Say whether a text is a remembered secret and nothing else."""
        return text in self._exact

    def spans(self, text: str) -> Iterator[Span]:
        """Yield where remembered secrets stand in a field of an answer; the identity of resources stays."""
        if not self._exact or len(text) < SHORTEST_SECRET or _IDENTITY.fullmatch(text):
            return
        if self._inside:
            yield from self._inside_of(text)
        if self._words and " " in text:
            yield from self._whole(text, self._words)

    def spans_of_message(self, text: str) -> Iterator[Span]:
        """Yield what a message must not say: secrets and parts of them, to the border of the word; clear values.

        A clear value goes only where it is a word of its own, outside the identities of resources.
        """
        if self._inside:
            for start, end, detector in (*self._inside_of(text), *self._parts_of(text)):
                yield (*_to_border(text, start, end), detector)
        yield from self._whole(text, self._words)
        if self._clear:
            identities = [match.span() for match in _IDENTITY.finditer(text)]
            for start, end, detector in (*self._whole(text, self._clear), *self._longer(text)):
                if not any(first <= start < last for first, last in identities):
                    yield start, end, detector

    def _inside_of(self, text: str) -> Iterator[Span]:
        for place in range(0, len(text) - _GRAM + 1, _STRIDE):
            for part, offset in self._inside.get(text[place : place + _GRAM], ()):
                start = place - offset
                if start >= 0 and text.startswith(part, start):
                    yield start, start + len(part), DETECTOR

    def _parts_of(self, text: str) -> Iterator[Span]:
        """Fragments of eight characters and more: the head or tail of a secret, or fifteen from its middle."""
        for place in range(len(text) - _INSIDE + 1):
            for part, offset in self._fragments.get(text[place : place + _INSIDE], ()):
                yield (*_grown(text, place, part, offset), DETECTOR)

    @staticmethod
    def _whole(text: str, known: set[str]) -> Iterator[Span]:
        for match in _EDGE.finditer(text):
            for word, shift in _cores(match.group()):
                if word in known:
                    yield match.start() + shift, match.start() + shift + len(word), DETECTOR
                    break

    def _longer(self, text: str) -> Iterator[Span]:
        """Clear values that hold blanks or quotes, which no word of a text equals."""
        for start in range(len(text) - _INSIDE + 1) if self._spaced else ():
            for value in self._spaced.get(text[start : start + _INSIDE], ()):
                end = start + len(value)
                if text.startswith(value, start) and _stands_alone(text, start, end):
                    yield start, end, DETECTOR


def _cores(word: str) -> Iterator[tuple[str, int]]:
    """A word as it stands, without the full stop after it, and what follows its last colon."""
    yield word, 0
    bare = word.rstrip(".:")
    yield bare, 0
    _, colon, tail = bare.rpartition(":")
    if colon and not tail.startswith("/"):
        yield tail, len(bare) - len(tail)


def _is_common(gram: str) -> bool:
    """Say whether a piece of a secret is one that other texts hold too: words, the scheme and host of an address."""
    letters = sum(map(str.isalpha, gram))
    if letters < 2 or letters == len(gram):
        return letters < 2 or word_share(gram) >= 0.5 or gram.islower() or gram.isupper()
    return not any(map(str.isdigit, gram)) and _TELLING_SYMBOLS.isdisjoint(gram)


def _grown(text: str, place: int, part: str, offset: int) -> tuple[int, int]:
    start, end = place, place + _INSIDE
    first, last = offset, offset + _INSIDE
    while start > 0 and first > 0 and text[start - 1] == part[first - 1]:
        start, first = start - 1, first - 1
    while end < len(text) and last < len(part) and text[end] == part[last]:
        end, last = end + 1, last + 1
    return start, end


def _to_border(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a span to whole words, so that nothing is cut inside of one."""
    while start > 0 and _WORD.match(text, start) and _WORD.match(text, start - 1):
        start -= 1
    while end < len(text) and _WORD.match(text, end - 1) and _WORD.match(text, end):
        end += 1
    return start, end


def _stands_alone(text: str, start: int, end: int) -> bool:
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return not (before.isalnum() or before in "-_/.") and not (after.isalnum() or after in "-_/")
