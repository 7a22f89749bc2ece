"""Runs a module that imports Django's rows: `python -m benchmarks._with_django benchmarks.fill_gate 500 http://…`.

Django must be set up before such a module is imported at all.
"""

from __future__ import annotations

import runpy
import sys

import django


def main() -> None:
    django.setup()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
