"""Policy variables in resources and condition values.

Source: IAM User Guide, "IAM policy elements: Variables and tags": they stand for one value of the request, may have a
default, exist only in documents of version 2012-10-17, and ``${*}``, ``${?}`` and ``${$}`` mean the characters.
"""

import re
from typing import Final

from providers.aws.iam.evaluation.context import RequestContext
from providers.aws.iam.patterns import is_variable

_VARIABLE: Final = re.compile(r"\$\{([^}]*)\}")
_DEFAULTED: Final = re.compile(r"\s*([^,]*?)\s*,\s*'([^']*)'\s*")
STAR: Final = "\ue000"
QUESTION: Final = "\ue001"
_LITERALS: Final = {"*": STAR, "?": QUESTION, "$": "$"}
_ESCAPED: Final = str.maketrans({"*": STAR, "?": QUESTION})


class Unresolved(Exception):  # noqa: N818 - no error: a value that matches nothing
    """A variable has no value in this request, so the text that holds it matches nothing."""


def keys_of(text: str) -> tuple[str, ...]:
    """The context keys that a text's variables name, as it spells them."""
    found = (_split(match.group(1))[0] for match in _VARIABLE.finditer(text))
    return tuple(name for name in found if name not in _LITERALS)


def resolve(text: str, context: RequestContext) -> tuple[str, bool]:
    """The text with every variable replaced, and whether all their values are known.

    Values replace variables literally: an asterisk in one is no wildcard. An unknown value becomes ``*``.

    Raises:
        Unresolved: a variable has no value, or several.
    """
    if not is_variable(text):
        return text, True
    known = True

    def value(match: re.Match[str]) -> str:
        nonlocal known
        name, default = _split(match.group(1))
        if name in _LITERALS:
            return _LITERALS[name]
        state = context.state(name.lower())
        if isinstance(state, tuple):
            if len(state) == 1:
                return state[0].translate(_ESCAPED)
            if default is None or state:
                raise Unresolved(name)
            return default.translate(_ESCAPED)
        known = False
        return "*"

    return _VARIABLE.sub(value, text), known


def escaped(text: str) -> str:
    """A plain text as :func:`resolve` writes the values of variables."""
    return text.translate(_ESCAPED) if "*" in text or "?" in text else text


def unescaped(text: str) -> str:
    """The text as it is compared by operators that know no wildcards."""
    return text.replace(STAR, "*").replace(QUESTION, "?")


def _split(inside: str) -> tuple[str, str | None]:
    defaulted = _DEFAULTED.fullmatch(inside)
    return (defaulted.group(1), defaulted.group(2)) if defaulted else (inside.strip(), None)
