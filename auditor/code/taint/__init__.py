"""Follows values from events to the calls in which they do harm, in Python, JavaScript and TypeScript."""

from auditor.code.taint.scan import TaintResult, analyse, prepare

__all__ = ["TaintResult", "analyse", "prepare"]
