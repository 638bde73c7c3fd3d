"""Error answers shaped as the real services shape them, one shape a wire protocol."""

import json
from collections.abc import Mapping
from xml.sax.saxutils import escape

from moto_fixtures.emulation.wire import Answer

_REQUEST_ID = "5d1e8f0a-7b43-4f5c-9a51-0c6f1e2d3b4a"


class ServiceError(Exception):
    """An error a completed operation answers with: the service's code, its message and the HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


def _cbor_text(text: str) -> bytes:
    raw = text.encode()
    size = len(raw)
    head = bytes([0x60 | size]) if size < 24 else b"\x78" + bytes([size]) if size < 256 else None
    return (head or b"\x79" + size.to_bytes(2, "big")) + raw


def cbor_map(members: Mapping[str, str]) -> bytes:
    """A CBOR map of fewer than 24 text members (RFC 8949, definite lengths)."""
    return bytes([0xA0 | len(members)]) + b"".join(_cbor_text(k) + _cbor_text(v) for k, v in members.items())


def error_answer(
    protocol: str, code: str, message: str, status: int = 400, extra: Mapping[str, str] | None = None
) -> Answer:
    """The answer a client of ``protocol`` parses into ``code`` and ``message``."""
    rid = {"x-amzn-requestid": _REQUEST_ID}
    if protocol == "rest-json":
        body = {"message": message, **(extra or {})}
        headers = {"Content-Type": "application/json", "x-amzn-errortype": code, **rid}
        return Answer(status, json.dumps(body).encode(), headers)
    if protocol == "json":
        body = {"__type": code, "message": message}
        return Answer(status, json.dumps(body).encode(), {"Content-Type": "application/x-amz-json-1.1", **rid})
    if protocol == "cbor":
        headers = {"Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor", **rid}
        return Answer(status, cbor_map({"__type": code, "message": message}), headers)
    inner = f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
    if protocol == "ec2":
        xml = f"<Response><Errors><Error>{inner}</Error></Errors><RequestID>{_REQUEST_ID}</RequestID></Response>"
    elif protocol == "rest-xml":
        xml = f"<Error>{inner}<RequestId>{_REQUEST_ID}</RequestId></Error>"
    else:
        xml = (
            f"<ErrorResponse><Error><Type>Sender</Type>{inner}</Error>"
            f"<RequestId>{_REQUEST_ID}</RequestId></ErrorResponse>"
        )
    return Answer(status, f'<?xml version="1.0" encoding="UTF-8"?>\n{xml}'.encode(), {"Content-Type": "text/xml"})
