"""Notes the calls of AWS's SDKs that are followed."""

import re
from typing import Final

from auditor.code.sdk_actions import method_names
from auditor.code.taint import ir
from auditor.code.taint.members import constant_text
from auditor.code.taint.memory import ApiCall, Arguments
from auditor.code.taint.schemas import Schemas
from auditor.code.taint.values import Shape, Step, Value

_RESOURCE_ARGUMENTS: Final = 12
_PATTERNS: Final = (
    (re.compile(r"@aws-sdk/(?:client|lib)-([a-z0-9-]+)\.([A-Z]\w+)Command"), "js3"),
    (re.compile(r"@aws-sdk/(?:client|lib)-([a-z0-9-]+)\.paginate([A-Z]\w+)"), "js3"),
    (re.compile(r"@aws-sdk/(?:client|lib)-([a-z0-9-]+)\.[A-Z]\w*(?:\.from)?\(\)\.([a-z]\w+)"), "js3"),
    (re.compile(r"@aws-sdk/lib-(storage)\.(Upload)"), "js3"),
    (re.compile(r"aws-sdk\.([A-Z]\w+)(?:\(\)|\.\w+\(\))\.([a-z]\w+)"), "js2"),
    (re.compile(r"aws\.([a-z0-9?-]+)((?:\.[A-Za-z]\w*\(\))*)\.([a-z]\w+)"), "py"),
)
_OF_AN_SDK: Final = ("aws.", "@aws-sdk/", "aws-sdk.")
_NO_CALL: Final = re.compile(
    r"@aws-sdk/(?:(?:client|lib)-[a-z0-9-]+\.(?!waitUntil|waitFor)\w+(?:\.from)?|(?:util|credential|middleware)-.*|types.*"
    r"|.*(?:handler|signer).*|s3-request-presigner.*)|aws-sdk\.(?:\w+|\w+\.\w+)|aws-sdk\.config\..*|.*\.send\(\).*"
    r"|aws-sdk\..*\(\)\.\w+\(\)\..*|aws\.[a-z0-9?-]+(?:\.\w+(?:\(\))?)*\.[A-Z]\w*|aws\..*\.(?!get_queue_by_name|create_)[a-z]\w*\(\)\..*"
)
"""Constructors, and what is done with an answer: none calls AWS."""

_ANSWER: Final = re.compile(r"\.(?!get_paginator|get_waiter|get_queue_by_name|create_)[a-z]\w*\(\)")
"""A call within a name: what follows is done with its answer."""

_PLUMBING: Final = frozenset(
    {"send", "destroy", "done", "get_waiter", "paginate", "close", "promise", "config", "middlewareStack", "exceptions"}
)
_CHOOSING: Final = {
    "getattr": 1, "importlib.import_module": 0, "__import__": 0, "require": 0, "globals": 0, "eval": 0, "exec": 0,
}  # fmt: skip
"""Calls that name what is run, with the place of the name: calls behind them are not seen."""


class SdkNotes(Schemas):
    """Calls of AWS's SDKs."""

    def note_api_call(self, called: str, given: Arguments, node: ir.Call) -> None:
        place = _CHOOSING.get(called)
        if place is not None and constant_text(given.at(place)) is None:
            self.chosen[f"{self.file}:{node.line} chooses at run time what it runs ({called})"] = None
        if not called.startswith(_OF_AN_SDK) or called.startswith("aws.Context()"):
            self._note_unknown_client(called, node.line)
            return
        for pattern, language in _PATTERNS:
            found = pattern.fullmatch(called)
            if found is None:
                continue
            if language == "py" and _ANSWER.search(found.group(2)):
                return
            service, operation = found.group(1), found.group(found.lastindex or 2)
            if operation in _PLUMBING:
                return
            if operation in {"get_paginator", "generate_presigned_url"}:
                operation = constant_text(given.at(0)) or "?"
            if operation == "?":
                self.dynamic_calls[Step(self.file, node.line)] = None
                return
            if service == "?":
                self.dynamic_calls[Step(self.file, node.line)] = None
                return
            resource = found.group(2) if language == "py" else ""
            name = f"{resource.strip('.').replace('()', '')}.{operation}" if resource else operation
            call = ApiCall(f"{language}:{service}", name, self.file, node.line, self._literals(given))
            self.api_calls[call] = None
            return
        if not _NO_CALL.fullmatch(called):
            self.chosen[f"{self.file}:{node.line} calls {called}, whose permissions are not known"] = None

    def _note_unknown_client(self, called: str, line: int) -> None:
        of, _, method = called.rpartition(".")
        if self.language == "python" and of and method in method_names() and ("_" in method or of == "?"):
            self.unknown_clients[f"{self.file}:{line} calls {method} of what may be a client of AWS"] = None

    @staticmethod
    def _literals(given: Arguments) -> tuple[tuple[str, str], ...]:
        """Arguments that are constants: names of tables, buckets, queues."""
        found: dict[str, str] = {}
        members: list[tuple[str, Value]] = [*given.named.items()]
        for value in given.items:
            for thing in value.objs:
                if isinstance(thing, Shape) and thing.kind == "record":
                    members.extend(thing.members.items())
        for name, value in members[:_RESOURCE_ARGUMENTS]:
            if isinstance(value.const, str) and name[:1].isupper():
                found[name] = value.const
        return tuple(sorted(found.items()))
