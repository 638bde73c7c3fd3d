"""Requests and answers as they come over the wire."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote

from moto_fixtures.emulation.wire import Answer, Request

Json = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One request, taken apart. ``parameters`` keep repeated values; header names are in lower case."""

    method: str
    path: str
    parameters: Mapping[str, list[str]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def one(self, name: str, default: str = "") -> str:
        """The last value of a query parameter."""
        values = self.parameters.get(name)
        return values[-1] if values else default

    def many(self, name: str) -> list[str]:
        """Every value of a repeated parameter."""
        return self.parameters.get(name, [])

    @property
    def numeric(self) -> bool:
        """Whether enums are asked for as numbers, as the generated clients do."""
        return "enum-encoding=int" in self.one("$alt")


_HEADERS = {
    "Content-Type": "application/json; charset=UTF-8",
    "Vary": "Origin, X-Origin, Referer",
    "Server": "ESF",
    "Cache-Control": "private",
    "X-Content-Type-Options": "nosniff",
}


def answer(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """A JSON answer with the headers Google's front ends add."""
    return Answer(status, json.dumps(body).encode(), {**_HEADERS, **(headers or {})})


def page_of_html(status: int, title: str) -> Answer:
    """What the front end says of itself, before any service is asked."""
    text = f"<!DOCTYPE html>\n<html lang=en>\n<title>Error {status} ({title})!!1</title>\n<p><b>{status}.</b>\n"
    return Answer(status, text.encode(), {"Content-Type": "text/html; charset=UTF-8"})


def parse(request: Request) -> Call:
    """Takes a request apart."""
    path, _, query = request.target.partition("?")
    parameters = parse_qs(query, keep_blank_values=True)
    return Call(request.method, unquote(path), parameters, request.headers, request.body)
