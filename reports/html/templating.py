"""The templates of the reports that are pages: escaped, strict, and with hidden characters made visible."""

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FunctionLoader, StrictUndefined

from reports.html import words
from reports.html.frameworks import status_word


def digest(text: str) -> str:
    """How a content security policy names a script or a style."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def link(**state: Any) -> str:
    """A link into the HTML page: `link(table="findings", risk="exposure")` → "#table=findings&risk=exposure"."""
    return "#" + urlencode({key: value for key, value in state.items() if value})


@cache
def environment(package: str) -> Environment:
    """Jinja over the `templates` of a package, with autoescape and strict undefined.

    Hidden characters are made visible in every printed text.
    """
    folder = files(package).joinpath("templates")

    def source(name: str) -> str | None:
        template = folder.joinpath(name)
        return template.read_text("utf-8") if template.is_file() else None

    made = Environment(
        loader=FunctionLoader(source),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=words.finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        day=words.day,
        moment=words.day_and_time,
        number=words.number,
        plural=words.plural,
        label=words.label,
        money=words.money,
        status=status_word,
        sentence=words.sentence,
        unbroken=words.unbroken,
    )
    made.globals.update(age=words.age, took=words.took, share=words.share, link=link)
    return made
