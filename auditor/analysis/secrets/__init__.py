"""Judges configuration values and sweeps free text: which of them are credentials."""

from auditor.analysis.secrets.judge import judge
from auditor.analysis.secrets.sweep import sweep

__all__ = ["judge", "sweep"]
