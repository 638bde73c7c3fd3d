"""Finds what code switches off or leaves out: verification of certificates and signatures, TLS, terse errors."""

import re
from collections.abc import Iterator
from typing import Final

from auditor.code.taint import ir
from auditor.code.taint.expressions import HOLE
from auditor.code.taint.members import constant_text
from auditor.code.taint.memory import Arguments
from auditor.code.taint.values import Closure, Scope, Shape, Value
from auditor.code.taint.weaknesses import Weaknesses

TLS: Final = "tls-verification-disabled"
_OFF: Final = frozenset(
    {
        "rejectUnauthorized",
        "sslValidate",
        "ssl_verify",
        "strictSSL",
        "validate_certs",
        "verify",
        "verify_certs",
        "verify_ssl",
    }
)
_ON: Final = frozenset(
    {"tlsAllowInvalidCertificates", "tlsInsecure", "trustServerCertificate", "tlsAllowInvalidHostnames"}
)
_CERTIFICATES: Final = frozenset({"cert_reqs", "ssl_cert_reqs"})
_REQUESTING: Final = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "request"})
_CONTEXTS: Final = frozenset({"ssl._create_unverified_context", "ssl._create_stdlib_context"})
_VARIABLES: Final = frozenset({"NODE_TLS_REJECT_UNAUTHORIZED", "PYTHONHTTPSVERIFY"})
_TOKENS: Final = ("jwt.", "jose.", "jsonwebtoken.", "fast-jwt.", "authlib.")
_UNVERIFIED: Final = re.compile(r"jose\.jwt\.get_unverified_claims|jwt\.get_unverified_claims")
_DEEPEST: Final = 3
_LOCAL: Final = re.compile(
    r"http://(?:localhost|127\.|0\.0\.0\.0|169\.254\.|\[|[^/]*\.(?:internal|local|svc|localdomain|test)\b"
    r"|(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.|[\w-]+(?::\d+)?(?:/|$)|\{)"
)
_ADDRESSED: Final = ("url", "uri", "baseURL", "base_url", "baseUrl", "endpoint_url", "endpoint")
_RUNNING: Final = re.compile(
    r"(?:flask\.Flask|bottle|fastapi\.FastAPI|starlette\.applications\.Starlette|uvicorn|quart\.Quart)(?:\(\))?(?:\.run)?"
    r"|aws_lambda_powertools\.event_handler\..*Resolver"
)
_APPLICATIONS: Final = re.compile(r"(?:flask\.Flask|chalice\.Chalice|fastapi\.FastAPI|quart\.Quart)\(\)(?:\.config)?")
_STACKS: Final = ("includeStacktraceInErrorResponses", "debug")
_APOLLO: Final = re.compile(r"(?:@apollo/server|apollo-server[a-z-]*)\.ApolloServer")


class SwitchedOff(Weaknesses):
    """Finds what is switched off."""

    branches = 0
    """Conditions that what is followed hangs on."""

    def _if(self, statement: ir.If, scope: Scope) -> bool:
        self.branches += 1
        try:
            return super()._if(statement, scope)
        finally:
            self.branches -= 1

    def judge_sinks(self, called: str, receiver: Value, given: Arguments, node: ir.Call) -> bool:
        options = dict(_options(given)) if given.named or any(one.objs for one in given.items) else {}
        if called in _CONTEXTS:
            self.note(TLS, 295, node.line, called)
        if options:
            self._verification(called, options, node.line)
            self._debugging(called, options, node.line)
        if called.startswith(_TOKENS):
            self._tokens(called, options, node.line)
        if called == "errorhandler" and not self.branches:
            self.note("debug-enabled", 489, node.line, called)
        self._endpoint(called, given, options, node.line)
        return super().judge_sinks(called, receiver, given, node)

    def _verification(self, called: str, options: dict[str, Value], line: int) -> None:
        named = options.keys()
        off = any(options[name].const is False for name in _OFF & named)
        off = off or any(options[name].const is True for name in _ON & named)
        off = off or any(_no_certificate(options[name]) for name in _CERTIFICATES & named)
        off = off or ("ssl" in named and called.startswith("aiohttp.") and options["ssl"].const is False)
        off = off or ("checkServerIdentity" in named and _accepts_all(options["checkServerIdentity"]))
        unknown = off and called.startswith("?.") and called.rsplit(".", 1)[-1] not in _REQUESTING
        if off and not unknown and not called.startswith(_TOKENS):
            self.note(TLS, 295, line, called)

    def _tokens(self, called: str, options: dict[str, Value], line: int) -> None:
        """Tokens that are read without a look at their signature."""
        if _UNVERIFIED.fullmatch(called):
            self.note("signature-not-verified", 347, line, called, 1)
        off = any(options[name].const is False for name in ("verify", "verify_signature") if name in options)
        algorithms = options.get("algorithms", options.get("algorithm", Value()))
        named = [
            algorithms,
            *(one for thing in algorithms.objs if isinstance(thing, Shape) for one in thing.members.values()),
        ]
        if off or any((constant_text(one) or "").lower() == "none" for one in named):
            self.note("signature-not-verified", 347, line, called)

    def _endpoint(self, called: str, given: Arguments, options: dict[str, Value], line: int) -> None:
        """An address over http that is written in the code."""
        if not any(sink.cls == "ssrf" for sink in self.known.sinks.find(called)):
            return
        for value in (given.at(0), given.at(1), *(options[name] for name in _ADDRESSED if name in options)):
            text = constant_text(value) or value.lead
            rest = text.removeprefix("http://")
            if rest and rest != text and not rest.startswith(HOLE) and not _LOCAL.match(text):
                self.note("cleartext-endpoint", 319, line, called)

    def _debugging(self, called: str, options: dict[str, Value], line: int) -> None:
        debug = options.get("debug")
        if debug is not None and debug.const is True and _RUNNING.fullmatch(called):
            self.note("debug-enabled", 489, line, called)
        stacks = any(options[name].const is True for name in _STACKS if name in options)
        if stacks and _APOLLO.fullmatch(called):
            self.note("debug-enabled", 489, line, called)

    def assign(self, where: ir.Target | None, value: Value, scope: Scope, line: int) -> None:
        super().assign(where, value, scope, line)
        if isinstance(where, ir.Field):
            self._set(where, value, scope, line)

    def _set(self, where: ir.Field, value: Value, scope: Scope, line: int) -> None:
        if self._stops_verifying(where, value, scope):
            self.note(TLS, 295, line, where.name)
        elif where.name in {"debug", "DEBUG"} and value.const is True:
            of = self.evaluate(where.of, scope).name
            if _APPLICATIONS.fullmatch(of):
                self.note("debug-enabled", 489, line, f"{of}.{where.name}")

    def _stops_verifying(self, where: ir.Field, value: Value, scope: Scope) -> bool:
        name = where.name
        if name in {"check_hostname", "verify"}:
            return value.const is False and not self.evaluate(where.of, scope).objs
        if name == "verify_mode":
            return value.name.endswith("CERT_NONE")
        if name == "_create_default_https_context":
            return value.name in _CONTEXTS
        return name in _VARIABLES and str(value.const) == "0"


def _options(given: Arguments, depth: int = _DEEPEST) -> Iterator[tuple[str, Value]]:
    """Arguments by keyword, and the members of option objects and of those within them; the outermost comes last."""
    waiting = [(one, depth) for one in (*given.items, *given.named.values()) if one.objs]
    found: list[tuple[str, Value]] = []
    while waiting:
        value, left = waiting.pop()
        for thing in value.objs:
            if isinstance(thing, Shape) and thing.kind == "record":
                found[:0] = thing.members.items()
                waiting.extend((one, left - 1) for one in thing.members.values() if one.objs and left)
    yield from found
    yield from given.named.items()


def _no_certificate(value: Value) -> bool:
    return value.const in ("CERT_NONE", "none") or value.name.endswith("CERT_NONE")


def _accepts_all(value: Value) -> bool:
    """Whether a function that is to check a certificate never refuses one."""
    for thing in value.objs:
        if isinstance(thing, Closure):
            body = thing.function.body()
            left = [one for one in body if isinstance(one, ir.Leave)]
            if len(body) == len(left) and all(one.kind == "return" and _nothing(one.value) for one in left):
                return True
    return False


def _nothing(expr: ir.Expr | None) -> bool:
    return expr is None or isinstance(expr, ir.Const) or (isinstance(expr, ir.Name) and expr.name == "undefined")
