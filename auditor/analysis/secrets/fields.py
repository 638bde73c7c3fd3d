"""Reads the fields of answers that nobody declared: by their names and by the shape they stand in."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from auditor.analysis.secrets.by_name import DETECTOR as BY_NAME
from auditor.analysis.secrets.names import CREDENTIAL, Promise, read_name
from auditor.analysis.secrets.value_shape import Shape, is_made, shape_of
from auditor.analysis.secrets.vocabulary import word_set
from auditor.model.secret import Judgement, SecretVerdict

_SEPARATORS: Final = re.compile(r"[^a-z0-9]")
_SETTINGS: Final = word_set(
    "appsettings applicationsettings connectionstrings environmentvariables buildenvironmentvariables envvars "
    "runtimeenvironmentvariables runtimeenvironmentsecrets stagevariables variables localsettings"
)
_LISTED_SETTINGS: Final = _SETTINGS | word_set("env environment envs parameters settings siteproperties")
_HOLDER_IN_JSON: Final = re.compile(r"\"([A-Za-z_-]{3,40})\\{0,7}\"\s{0,3}:\s{0,3}[\[{]")
_ARGUMENTS: Final = word_set("args argv command commands cmd entrypoint arguments")
_LABELS: Final = ("name", "key", "attribute", "header", "headername", "field", "parameter", "setting", "variable")
_VALUES: Final = word_set("value val text data content values default current raw plaintext stringvalue defaultvalue")


@lru_cache(maxsize=16_384)
def is_telling(name: str) -> bool:
    """Say whether what stands under a name has to be judged: the name promises a credential or a key."""
    return read_name(name).promise in CREDENTIAL | {Promise.KEY}


@lru_cache(maxsize=16_384)
def holds_settings(name: str) -> bool:
    """Say whether a mapping under this name is one of settings to their values (`appSettings`)."""
    return _SEPARATORS.sub("", name.lower()) in _SETTINGS


@lru_cache(maxsize=16_384)
def lists_settings(name: str) -> bool:
    """Say whether records of a name and a value under this name are settings (`env`, `environment`)."""
    return _SEPARATORS.sub("", name.lower()) in _LISTED_SETTINGS


def holds_listed_settings(text: str) -> bool:
    """Say whether a text is JSON in which settings are listed (`{"appSettings": [{"name": …, "value": …}]}`)."""
    return text[:1] in {"{", "["} and any(lists_settings(match.group(1)) for match in _HOLDER_IN_JSON.finditer(text))


@lru_cache(maxsize=16_384)
def holds_arguments(name: str) -> bool:
    """Say whether a list under this name is a command line."""
    return name.lower() in _ARGUMENTS


@lru_cache(maxsize=16_384)
def name_below(outer: str, key: str) -> str:
    """The name under which a field is judged: its own, or that of what it is the value of (`password: {value: …}`)."""
    if not outer or not is_telling(outer) or lists_settings(key) or holds_arguments(key):
        return key
    promise = read_name(key).promise
    return outer if promise is Promise.NOTHING or key.lower() in _VALUES else key


def is_value(key: str) -> bool:
    """Say whether a field of a record holds its value."""
    return key.lower() in _VALUES


def label_of(record: Mapping[object, object]) -> str | None:
    """The name that a record of a name and a value gives its value, or None where it is no such record."""
    if len(record) > 12 or not any(isinstance(key, str) and key.lower() in _VALUES for key in record):
        return None
    named = {key.lower(): label for key, label in record.items() if isinstance(key, str) and isinstance(label, str)}
    return next((named[key] for key in _LABELS if key in named), None)


def gives_away(name: str, text: str, judged: Judgement) -> bool:
    """Say whether a field that nobody declared is a credential, given how its name and value were judged together.

    Under a password's name every such value is. `secret`, `token` and `key` are also what the clouds call the names and
    addresses of such things: under those, only what was made by chance or by a person's rules for passwords is.
    """
    if judged.verdict is not SecretVerdict.SECRET:
        return False
    view = read_name(name)
    if (view.promise is Promise.PASSWORD and view.certain) or judged.detector != BY_NAME:
        return True
    return is_made(text.strip())


def is_chance_made(key: str) -> bool:
    """Say whether a key of a mapping is no name but a run of chance."""
    return shape_of(key) in {Shape.HEX, Shape.RANDOM} and not key.isalpha()
