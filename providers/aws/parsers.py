"""Parsers for the SDK that take nothing for JSON, XML or CBOR but that, and read past damaged members."""

import math
import struct
from typing import Any, Final
from xml.etree.ElementTree import Element

from botocore.parsers import (
    PROTOCOL_PARSERS,
    BaseCBORParser,
    BaseJSONParser,
    BaseXMLResponseParser,
    JSONParser,
    ResponseParserError,
    ResponseParserFactory,
)

from providers.calls import limits
from providers.calls.json_reader import read_json
from providers.calls.reply import AnswerError
from providers.calls.xml_reader import read_xml

_UNREADABLE: Final = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, ResponseParserError)
"""What the SDK's parsers raise for what they cannot read."""


class DamagedMember:
    """For the SDK's parsers: a member that is not of its declared type becomes null, and the rest is still read.

    Of a refusal the status counts, whatever its body is. One function with a broken timeout must not take its whole
    page of functions along. A null is damage to every reader of ours; the broken value itself goes no further, for no
    rule of redaction could name it.
    """

    def _do_error_parse(self, response: Any, shape: Any) -> Any:
        try:
            return super()._do_error_parse(response, shape)  # type: ignore[misc]
        except (AnswerError, *_UNREADABLE):
            return {"Error": {"Code": "", "Message": ""}, "ResponseMetadata": {}}

    def _parse_shape(self, shape: Any, node: Any) -> Any:
        if shape.type_name == "list" and isinstance(node, dict | str) and "location" not in shape.serialization:
            return None  # the SDK would take the keys, or the letters, for items
        try:
            return super()._parse_shape(shape, node)  # type: ignore[misc]
        except _UNREADABLE:
            return None


class StrictJson(DamagedMember):
    """JSON as :mod:`providers.calls.json_reader` reads it.

    The SDK leaves out what it does not know. Where that is all there is, what remains would be taken for "none".
    """

    _names: frozenset[str] = frozenset()
    _error = False

    def _do_parse(self, response: Any, shape: Any) -> Any:
        found = super()._do_parse(response, shape)  # type: ignore[misc]
        members = shape.members.items() if shape is not None and "payload" not in shape.serialization else ()
        known = {member.serialization.get("name", name) for name, member in members}
        if members and self._names and not known & self._names:
            raise AnswerError("The answer holds nothing that belongs to it.")
        if self._error and "error" not in known:  # what the SDK leaves out here is what the answer says
            raise AnswerError("The answer is an error in spite of its status.")
        return found

    def _parse_body_as_json(self, body_contents: bytes) -> Any:
        body = read_json(body_contents) if body_contents else {}
        if not isinstance(body, dict):
            raise AnswerError("The answer is no JSON object.")
        self._names = frozenset(body)
        self._error = body.get("error") is not None
        return body


class StrictJsonRpc(StrictJson):
    """The protocol whose answers are always a JSON object: ``{}`` may say that there is none, no body says nothing."""

    def _do_parse(self, response: Any, shape: Any) -> Any:
        if not response["body"] and shape is not None and shape.members:
            raise AnswerError("The answer is empty.")
        return super()._do_parse(response, shape)


class StrictXml(DamagedMember):
    """XML as :mod:`providers.calls.xml_reader` reads it."""

    def _parse_xml_string_to_dom(self, xml_string: bytes) -> Element:
        return read_xml(xml_string)

    def _parse_shape(self, shape: Any, node: Any) -> Any:
        if isinstance(node, list) and not shape.serialization.get("flattened"):
            raise AnswerError("The answer gives an element twice where one is meant.")
        return super()._parse_shape(shape, node)


class StrictCbor(DamagedMember):
    """CBOR (RFC 8949) within the limits of any answer."""

    _depth = 0
    _values = 0

    def parse_data_item(self, stream: Any) -> Any:
        """Reads the next value."""
        self._depth += 1
        self._values += 1
        if self._depth > limits.MAX_DEPTH:
            raise AnswerError(f"The answer is nested more than {limits.MAX_DEPTH} deep.")
        if self._values > limits.MAX_VALUES:
            raise AnswerError(f"The answer holds more than {limits.MAX_VALUES:,} values.", final=True)
        try:
            return super().parse_data_item(stream)  # type: ignore[misc]
        except (OSError, struct.error, *_UNREADABLE):
            raise AnswerError("The answer is not CBOR.") from None
        finally:
            self._depth -= 1

    def _parse_key_value_pair(self, stream: Any, items: dict[Any, Any]) -> None:
        found: dict[Any, Any] = {}
        super()._parse_key_value_pair(stream, found)  # type: ignore[misc]
        if not items.keys().isdisjoint(found):
            raise AnswerError("The answer gives a key twice in one object.")
        items.update(found)

    def _read_from_stream(self, stream: Any, num_bytes: int) -> bytes:
        if num_bytes > limits.MAX_BYTES:
            raise AnswerError("The answer is not CBOR.")
        body: bytes = super()._read_from_stream(stream, num_bytes)  # type: ignore[misc]
        return body


_STRICT: Final = (
    (BaseCBORParser, StrictCbor),
    (BaseXMLResponseParser, StrictXml),
    (JSONParser, StrictJsonRpc),
    (BaseJSONParser, StrictJson),
)


def _strict(parser: type) -> type:
    kind = next(strict for base, strict in _STRICT if issubclass(parser, base))
    return type(f"Strict{parser.__name__}", (kind, parser), {})


_PARSERS: Final = {protocol: _strict(parser) for protocol, parser in PROTOCOL_PARSERS.items()}


class StrictParsers(ResponseParserFactory):
    """The SDK's parsers, each strict about the body and patient about its members."""

    def create_parser(self, protocol_name: str) -> Any:
        """The parser of a protocol; a new one each time, for it keeps state."""
        return _PARSERS[protocol_name](**self._defaults)


def checked(value: Any) -> Any:
    """A number of an answer. Raises AnswerError for one beyond any range, in whatever format it came."""
    if isinstance(value, float) and not math.isfinite(value):
        raise AnswerError("The answer holds a number beyond any range.")
    if isinstance(value, int) and abs(value) >= 10**limits.MAX_INTEGER_DIGITS:
        raise AnswerError("The answer holds a number beyond any range.")
    return value
