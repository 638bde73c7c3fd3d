"""Weaknesses of the handler's code beside what events can do: what it switches off, tells and trusts."""

import re
from typing import Final, NamedTuple

from auditor.code.taint import ir
from auditor.code.taint.entries import Entries
from auditor.code.taint.members import constant_text
from auditor.code.taint.memory import Arguments
from auditor.code.taint.sinks import member
from auditor.code.taint.values import NO_FACTS, Scope, Shape, Source, Taint, Value, deep_taints

VERBOSE: Final = "verbose"
ERROR: Final = Source("the exception", ("error",))
_ERROR_KEY: Final = frozenset({"error:exception"})
_LOCAL: Final = re.compile(
    r"http://(?:localhost|127\.|0\.0\.0\.0|169\.254\.|\[::1\]|[^/]*\.(?:internal|local|svc)\b|(?:10|192\.168)\."
    r"|[\w-]+(?::\d+)?(?:/|$)|\{)"
)
_SPOOFED: Final = re.compile(
    r"headers\.(?:x-forwarded-for|x-real-ip|user-agent|referer|referrer|origin|host)$", re.IGNORECASE
)
_RUNNING: Final = re.compile(r"(?:flask\.Flask|bottle|fastapi\.FastAPI|uvicorn)(?:\(\))?(?:\.run)?|fastapi\.FastAPI")
_TRACES: Final = re.compile(r"traceback\.(?:format_exc|format_exception|format_tb|print_exc)|sys\.exc_info")
_ANSWERS: Final = re.compile(
    r"express\.Response\(\)\.(?:.*\.)?(?:send|json|end|write)|azure\.functions\.HttpResponse"
    r"|flask\.(?:jsonify|make_response|Response)"
)


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

    trusted: tuple[str, int, str] | None = None

    def note(self, rule: str, cwe: int, line: int, what: str, doubt: int = 0) -> None:
        """Note a weakness."""
        self.weaknesses.setdefault((rule, self.file, line), Weakness(rule, cwe, self.file, line, what, doubt))

    def judge_sinks(self, called: str, receiver: Value, given: Arguments, node: ir.Call) -> bool:
        self._tls(called, given, node.line)
        self._endpoint(called, given, node.line)
        debug = given.named.get("debug")
        if debug is not None and debug.const is True and _RUNNING.fullmatch(called):
            self.note("debug-enabled", 489, node.line, called)
        if _ANSWERS.fullmatch(called):
            for value in given.all():
                self._told(value, node.line)
        return super().judge_sinks(called, receiver, given, node)

    def _tls(self, called: str, given: Arguments, line: int) -> None:
        verify = given.named.get("verify", given.named.get("ssl_verify", given.named.get("verify_ssl")))
        if verify is not None and verify.const is False:
            jwt = called.startswith(("jwt.", "jose."))
            rule, cwe = ("signature-not-verified", 347) if jwt else ("tls-verification-disabled", 295)
            self.note(rule, cwe, line, called)
        for option in ("rejectUnauthorized", "strictSSL"):
            found = member(given, option)
            if found is not None and found.const is False:
                self.note("tls-verification-disabled", 295, line, called)
        if called in {"ssl._create_unverified_context", "ssl._create_stdlib_context"}:
            self.note("tls-verification-disabled", 295, line, called)

    def _endpoint(self, called: str, given: Arguments, line: int) -> None:
        """An address over http that is written in the code."""
        if not any(sink.cls == "ssrf" for sink in self.known.sinks.find(called)):
            return
        for value in (given.at(0), given.at(1), given.named.get("url", given.at(0))):
            text = constant_text(value) or value.lead
            if text.startswith("http://") and len(text) > len("http://") and not _LOCAL.match(text):
                self.note("cleartext-endpoint", 319, line, called)

    def assign(self, where: ir.Target | None, value: Value, scope: Scope, line: int) -> None:
        super().assign(where, value, scope, line)
        if not isinstance(where, ir.Field):
            return
        name = where.name
        off = name in {"check_hostname", "verify"} and value.const is False
        if name == "verify_mode" and value.name.endswith("CERT_NONE"):
            off = True
        if off or (name == "NODE_TLS_REJECT_UNAUTHORIZED" and str(value.const) == "0"):
            self.note("tls-verification-disabled", 295, line, name)
        if name == "debug" and value.const is True and self.evaluate(where.of, scope).name == "flask.Flask()":
            self.note("debug-enabled", 489, line, "flask.Flask().debug")

    def caught(self) -> Value:
        """An exception: told to the caller, it tells of the inside."""
        taint = Taint(ERROR, _ERROR_KEY, _ERROR_KEY, NO_FACTS, self.all_but_verbose, (), 0)
        return Value(taints=(taint,), name="\0error")

    def outside_call(self, target: Value, receiver: Value, name: str, given: Arguments, node: ir.Call) -> Value:
        if _TRACES.fullmatch(target.name):
            return self.caught()._replace(text=True, name="")
        if name in {"toString", "format_exc"} and receiver.name == "\0error":
            return self.caught()._replace(text=True)
        return super().outside_call(target, receiver, name, given, node)

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

    def _leave(self, statement: ir.Leave, scope: Scope) -> bool:
        falls = super()._leave(statement, scope)
        if statement.kind == "return" and self.frames and self.frames[-1]:
            value = self.frames[-1][-1][0]
            if _allows(value):
                if "\0handling" in scope.variables:
                    self.note(
                        "authorizer-allows-on-error", 636, statement.line, "Allow returned by an exception handler"
                    )
                if self.trusted is not None:
                    file, line, field = self.trusted
                    kept, self.file = self.file, file
                    self.note("authorizer-trusts-spoofable-field", 290, line, field, 1)
                    self.file = kept
        return falls

    def looked_at(self, value: Value, line: int) -> None:
        for taint in value.taints:
            if taint.source.event and _SPOOFED.search(taint.source.path):
                self.trusted = (self.file, line, f"event.{taint.source.path}")


def _allows(value: Value) -> bool:
    """Whether this is an authorizer's answer that lets the caller in."""
    for thing in value.objs:
        if not isinstance(thing, Shape):
            continue
        allowed = thing.members.get("isAuthorized")
        if allowed is not None and allowed.const is True:
            return True
        for policy in thing.members["policyDocument"].objs if "policyDocument" in thing.members else ():
            if isinstance(policy, Shape) and "Statement" in policy.members:
                return _statement_allows(policy.members["Statement"])
    return False


def _statement_allows(value: Value) -> bool:
    for thing in value.objs:
        if isinstance(thing, Shape):
            effect = thing.members.get("Effect")
            if effect is not None and effect.const == "Allow":
                return True
            if any(_statement_allows(one) for one in thing.members.values() if one.objs):
                return True
    return False
