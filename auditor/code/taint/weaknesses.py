"""Weaknesses of the handler's code beside what events can do: what it tells of errors, and whom it lets in."""

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from auditor.code.taint import ir
from auditor.code.taint.entries import Entries
from auditor.code.taint.members import constant_text
from auditor.code.taint.memory import Arguments, Snapshot
from auditor.code.taint.values import (
    ANY,
    NO_FACTS,
    Facts,
    Key,
    Scope,
    Shape,
    Source,
    Step,
    Taint,
    Value,
    deep_taints,
)

WEAKNESSES: Final = (
    "authorizer-allows-on-error",
    "authorizer-trusts-spoofable-field",
    "cleartext-endpoint",
    "debug-enabled",
    "event-data-in-module-variable",
    "event-data-in-temporary-file",
    "signature-not-verified",
    "tls-verification-disabled",
    "verbose-error",
)
"""Ids of the rules of weaknesses."""

VERBOSE: Final = "verbose"
ERROR: Final = Source("the exception", ("error",))
TRUSTED: Final = "\0trusted"
"""The class under which is remembered that a decision hangs on a value."""

_ERROR_KEY: Final = frozenset({"error:exception"})
_SPOOFED: Final = re.compile(
    r"event:.*[hH]eaders\.(?:x-forwarded-(?:for|host)|x-real-ip|x-client-ip|true-client-ip|x-original-url|forwarded|via"
    r"|user-agent|referer|referrer|origin|host)(?:\[\])?",
    re.IGNORECASE,
)
"""Headers whose value is the caller's word alone."""

_HEADER: Final = re.compile(r"event:.*[hH]eaders\.[\w-]+(?:\[\])?")
_CLAIMS: Final = frozenset({"true", "1", "yes", "admin", "administrator", "root", "internal", "superuser"})
"""What a caller would claim to be: no key, which nobody could guess."""

_LOOKS: Final = frozenset(
    {"startswith", "startsWith", "endswith", "endsWith", "includes", "indexOf", "match", "fullmatch", "test", "search"}
)
_TRACES: Final = re.compile(r"traceback\.(?:format_exc|format_exception|format_tb|print_exc)|sys\.exc_info")
_TRACING: Final = ("traceback.", "sys.")
_ANSWERING: Final = ("express.", "azure.", "flask.")
_ANSWERS: Final = re.compile(
    r"express\.Response\(\)\.(?:.*\.)?(?:send|json|end|write)|azure\.functions\.HttpResponse"
    r"|flask\.(?:jsonify|make_response|Response)"
)


_AUTHORIZER: Final = re.compile(rb"isAuthorized|policyDocument")
_VERIFYING: Final = re.compile(
    r"verif|decode|introspect|authenticat|authori[sz]e|validate|check_?(?:token|sign|pass)|get_signing_key",
    re.IGNORECASE,
)
"""Names of calls that verify who calls."""


class Weakness(NamedTuple):
    """A weakness at a place."""

    rule: str
    cwe: int
    file: str
    line: int
    what: str
    doubt: int


class Weaknesses(Entries):
    """Finds weaknesses on the way."""

    def __init__(self, files: Any) -> None:
        super().__init__(files)
        self._decided: dict[Key, tuple[Step, str]] = {}
        self._verified: dict[str, int] = {}
        self._survived: list[tuple[Scope, Snapshot, dict[str, Value]]] = []

    def note(self, rule: str, cwe: int, line: int, what: str, doubt: int = 0) -> None:
        """Note a weakness."""
        self.weaknesses.setdefault((rule, self.file, line), Weakness(rule, cwe, self.file, line, what, doubt))

    def judge_sinks(self, called: str, receiver: Value, given: Arguments, node: ir.Call) -> bool:
        if called.startswith(_ANSWERING) and _ANSWERS.fullmatch(called):
            for value in given.all():
                self._told(value, node.line)
        return super().judge_sinks(called, receiver, given, node)

    def caught(self) -> Value:
        """An exception: told to the caller, it tells of the inside."""
        taint = Taint(ERROR, _ERROR_KEY, _ERROR_KEY, NO_FACTS, self.all_but_verbose, (), 0)
        return Value(taints=(taint,), name="\0error")

    def outside_call(self, target: Value, receiver: Value, name: str, given: Arguments, node: ir.Call) -> Value:
        if target.name.startswith(_TRACING) and _TRACES.fullmatch(target.name):
            return self.caught()._replace(text=True, name="")
        if name in {"toString", "format_exc"} and receiver.name == "\0error":
            return self.caught()._replace(text=True)
        if _VERIFYING.search(target.name or name):
            self._verified[self.file] = node.line
        found = super().outside_call(target, receiver, name, given, node)
        if name in _LOOKS:
            proved = frozenset(fact for value in (receiver, *given.items) for fact in self._hangs(value, node.line))
            return found._replace(true=found.true | proved) if proved else found
        return found

    def load(self, value: Value, name: str, node: ir.Expr) -> Value:
        if value.name == "\0error":
            doubt = 0 if name in {"stack", "__traceback__"} else 1
            kept = value.taints if name in {"stack", "__traceback__", "message", "args", "strerror", "cause"} else ()
            return Value(taints=tuple(one._replace(doubt=one.doubt + doubt) for one in kept), text=True)
        return super().load(value, name, node)

    def returned(self, value: Value, line: int, *, html: bool = False) -> None:
        for thing in value.objs:
            if isinstance(thing, Shape):
                body = thing.members.get("body", thing.members.get("jsonBody"))
                place = thing.lines.get("body")
                if body is not None:
                    file, self.file = self.file, place.file if place is not None else self.file
                    self._told(body, place.line if place is not None else line)
                    self.file = file
        super().returned(value, line, html=html)

    def _told(self, value: Value, line: int) -> None:
        for taint in deep_taints(value):
            if taint.source == ERROR and VERBOSE not in taint.cleared:
                self.note("verbose-error", 209, line, "error returned to the caller", taint.doubt)

    def _try(self, statement: ir.Try, scope: Scope) -> bool:
        before, self._verified = self._verified, {}
        try:
            return super()._try(statement, scope)
        finally:
            self._verified = {**before, **self._verified}

    def failed(self, survived: list[Snapshot], scope: Scope) -> None:
        """Remember what holds after a verification failed and its handler went on, until it is changed."""
        if survived and self._verified and self.says(scope.file, _AUTHORIZER):
            self._survived += [(scope, one, dict(scope.variables)) for one in survived]

    def _after_failure(self, statement: ir.Leave, scope: Scope) -> None:
        """An answer that allows although the verification before it failed."""
        for of, snapshot, then in self._survived:
            if of is not scope or statement.value is None:
                continue
            here = self.snapshot(scope)
            kept = {name: value for name, value in here.variables.items() if then.get(name) is not value}
            self.restore(scope, Snapshot({**snapshot.variables, **kept}, here.cleared))
            value = self.evaluate(statement.value, scope)
            self.restore(scope, here)
            answers = [Value(objs=(one,)) for one in value.objs]
            if answers and all(any(one.const is True for one in _allowing(answer)) for answer in answers):
                self.note(
                    "authorizer-allows-on-error", 636, statement.line, "Allow returned after an exception was handled"
                )

    def _leave(self, statement: ir.Leave, scope: Scope) -> bool:
        if statement.kind == "return" and self._survived:
            self._after_failure(statement, scope)
        falls = super()._leave(statement, scope)
        if statement.kind == "return" and self.frames and self.frames[-1]:
            value = self.frames[-1][-1][0]
            for allowed in _allowing(value):
                if allowed.const is True and "\0handling" in scope.variables:
                    self.note(
                        "authorizer-allows-on-error", 636, statement.line, "Allow returned by an exception handler"
                    )
                self._trusts(allowed)
        return falls

    def _trusts(self, allowed: Value) -> None:
        """Note what a caller could forge and is the reason to let it in, where nothing else from the event is."""
        reasons = {key for key, classes in self.cleared.items() if classes & {ANY, TRUSTED}}
        reasons |= {key for key, cls in allowed.true if cls in {ANY, TRUSTED}}
        forged = [key for key in self._decided if key in reasons]
        others = {
            key for key in reasons if isinstance(key, str) and key.startswith("event:") and _HEADER.fullmatch(key)
        }
        if forged and not others - set(forged):
            (place, field) = self._decided[forged[0]]
            kept, self.file = self.file, place.file
            self.note("authorizer-trusts-spoofable-field", 290, place.line, field, 1)
            self.file = kept

    def _compare(self, expr: ir.Compare, scope: Scope) -> Value:
        found = super()._compare(expr, scope)
        if expr.operator in {"==", "===", "in"} and isinstance(expr.right, ir.Const) and _claims(expr.right.value):
            proved = self._hangs(self.evaluate(expr.left, scope), expr.line, _HEADER)
            return found._replace(true=found.true | proved) if proved else found
        return found

    def looked_at(self, value: Value, line: int) -> None:
        self._hangs(value, line)

    def _hangs(self, value: Value, line: int, headers: re.Pattern[str] = _SPOOFED) -> Facts:
        """What is proved where a decision hangs on a header that its sender may forge."""
        found = set()
        for taint in value.taints:
            for key in taint.own if taint.source.event else ():
                if isinstance(key, str) and headers.fullmatch(key):
                    self._decided.setdefault(key, (Step(self.file, line), f"event.{taint.source.path}"))
                    found.add((key, TRUSTED))
        return frozenset(found)


def _claims(value: object) -> bool:
    return value is True or (isinstance(value, str) and value.lower() in _CLAIMS)


def _allowing(value: Value) -> Iterator[Value]:
    """The members of an authorizer's answer that let the caller in, or may."""
    for thing in value.objs:
        if not isinstance(thing, Shape):
            continue
        allowed = thing.members.get("isAuthorized")
        if allowed is not None and (allowed.const is True or allowed.true):
            yield allowed
        for policy in thing.members["policyDocument"].objs if "policyDocument" in thing.members else ():
            stated = policy.members.get("Statement") if isinstance(policy, Shape) else None
            if stated is not None and _statement_allows(stated):
                yield Value(const=True)


def _statement_allows(value: Value) -> bool:
    for thing in value.objs:
        if isinstance(thing, Shape):
            effect = thing.members.get("Effect")
            if effect is not None and constant_text(effect) == "Allow":
                return True
            if any(_statement_allows(one) for one in thing.members.values() if one.objs):
                return True
    return False
