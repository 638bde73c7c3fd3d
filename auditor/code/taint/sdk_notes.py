"""Notes the calls of AWS's SDKs that are followed."""

import re
from typing import Final

from auditor.code.taint import ir
from auditor.code.taint.members import constant_text
from auditor.code.taint.memory import ApiCall, Arguments
from auditor.code.taint.schemas import Schemas
from auditor.code.taint.values import Shape, Step, Value

_RESOURCE_ARGUMENTS: Final = 12
_COMMAND: Final = re.compile(r"@aws-sdk/(?:client|lib)-([a-z0-9-]+)\.([A-Z]\w+)Command")
_SECOND: Final = re.compile(r"aws-sdk\.([A-Z]\w+)(?:\(\)|\.\w+\(\))\.([a-z]\w+)")
_METHOD: Final = re.compile(r"@aws-sdk/(?:client|lib)-([a-z0-9-]+)\.[A-Z]\w*\(\)\.([a-z]\w+)")
_PYTHON: Final = re.compile(r"aws\.([a-z0-9?-]+)((?:\.[A-Za-z]\w*\(\))*)\.([a-z]\w+)")
_PLUMBING: Final = frozenset(
    {"send", "destroy", "get_waiter", "paginate", "close", "promise", "config", "middlewareStack", "exceptions"}
)


class SdkNotes(Schemas):
    """Calls of AWS's SDKs."""

    def note_api_call(self, called: str, given: Arguments, node: ir.Call) -> None:
        for pattern, language in ((_COMMAND, "js3"), (_METHOD, "js3"), (_SECOND, "js2"), (_PYTHON, "py")):
            found = pattern.fullmatch(called)
            if found is None:
                continue
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
            resource = found.group(2) if pattern is _PYTHON else ""
            name = f"{resource.strip('.').replace('()', '')}.{operation}" if resource else operation
            call = ApiCall(f"{language}:{service}", name, self.file, node.line, self._literals(given))
            self.api_calls[call] = None
            return

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
