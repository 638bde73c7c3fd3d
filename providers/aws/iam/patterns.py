"""Values of the policy language: patterns of actions, policy variables, account ids.

Action names ignore case; ARNs and condition values keep it.
"""

from functools import lru_cache

from auditor.model.wildcards import ANY, covers


@lru_cache(maxsize=16_384)
def covers_action(pattern: str, action: str) -> bool:
    """As ``covers``, for action names, whose case does not matter.

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
