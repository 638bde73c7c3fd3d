"""Every printed command is one that bash reads as it is meant: nothing redirects, nothing is left to fill."""

import re
import shlex
import subprocess
from collections.abc import Iterable
from typing import Any

import pytest

from tests.commands.printed import TOOLS, Printed, found, lines, templates

_LEFT = re.compile(r"\{[a-z_]+\}|<[A-Za-z]")
_OPERATORS = re.compile(r"[<>|&;()]+")
_MAY = {">", "|", "&&", "|&"}
"""Operators a command may use: what is written to a file the reader names, or handed on."""


def refused(commands: Iterable[Printed]) -> list[str]:
    """Those that bash cannot read. All are read at once, and one by one only where that fails."""
    given = list(commands)
    if _reads("\n".join(command.text for command in given)):
        return []
    return [str(command) for command in given if not _reads(command.text)]


def _reads(script: str) -> bool:
    return subprocess.run(["bash", "-n"], input=script.encode(), capture_output=True, check=False).returncode == 0


def operators(command: Printed) -> list[str]:
    """The shell operators outside quotes and comments."""
    lexer = shlex.shlex(command.text, posix=True, punctuation_chars="<>|&;()")
    lexer.whitespace_split = True
    return [token for token in lexer if _OPERATORS.fullmatch(token) and token not in _MAY]


@pytest.mark.parametrize("command", list(templates()), ids=lambda command: command.origin)
def test_5_the_command_of_every_check_can_be_pasted(command: Printed) -> None:
    assert refused([command]) == []
    assert not _LEFT.search(command.text)
    assert [operators(line) for line in lines(command) if operators(line)] == []
    tools = {line.words[0] for line in lines(command)}
    assert tools <= {*TOOLS.values(), "curl", "dig", "npm", "pip"}, f"begins with {tools}"


def test_5_every_command_of_the_demo_can_be_pasted(report: dict[str, Any]) -> None:
    commands = list(found(report))
    assert len(commands) > 500
    assert refused(commands) == []
    assert [str(command) for command in commands if _LEFT.search(command.text)] == []
    single = [line for command in commands for line in lines(command)]
    assert [str(line) for line in single if operators(line)] == []
