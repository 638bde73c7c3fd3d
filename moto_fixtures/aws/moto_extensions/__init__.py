"""The completing layer: answers that AWS gives and moto 5.2.5 does not, one module a subject.

Importing the package loads every module, and each registers what it completes.
"""

from importlib import import_module
from pkgutil import iter_modules

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
