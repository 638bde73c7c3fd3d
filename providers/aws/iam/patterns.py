"""Wildcard patterns of the policy language: ``*`` is any run of characters, ``?`` any one of them.

Action names ignore case; ARNs and condition values keep it. Matching takes time proportional to the product
of the lengths, whatever the pattern: policies are hostile input.
"""

from functools import lru_cache

ANY = "*"


def covers(pattern: str, text: str) -> bool:
    """Whether everything that ``text`` (a plain string or a pattern itself) can mean is matched by ``pattern``.

    A ``*`` inside ``text`` is only covered by a ``*`` of the pattern, never by a ``?``.
    """
    at = here = 0
    star, resume = -1, 0
    while here < len(text):
        if at < len(pattern) and pattern[at] == ANY:
            star, resume = at, here
            at += 1
        elif at < len(pattern) and _one(pattern[at], text[here]):
            at += 1
            here += 1
        elif star >= 0:
            resume += 1
            at, here = star + 1, resume
        else:
            return False
    return all(letter == ANY for letter in pattern[at:])


def _one(wanted: str, letter: str) -> bool:
    return letter != ANY and wanted in ("?", letter)


@lru_cache(maxsize=16_384)
def covers_action(pattern: str, action: str) -> bool:
    """As :func:`covers`, for action names, whose case does not matter.

    Remembered: ten thousand policies ask the same few hundred questions.
    """
    return covers(pattern.lower(), action.lower())


def is_variable(text: str) -> bool:
    """Whether the value holds a policy variable, whose content the caller may decide."""
    return "${" in text


def is_fixed(text: str) -> bool:
    """Whether a value means exactly one string: no wildcard, no policy variable, not empty."""
    return bool(text) and not is_variable(text) and ANY not in text and "?" not in text


def is_account(text: str) -> bool:
    """Whether the text is an account id: twelve digits."""
    return len(text) == 12 and text.isascii() and text.isdigit()
