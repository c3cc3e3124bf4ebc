"""``python -m workbench``: the command line."""

import os
import sys

import workbench

# Python puts the current directory first, and code that is audited there must never be imported.
if not workbench.__file__.startswith(os.path.join(os.getcwd(), "")):
    sys.path[:] = [entry for entry in sys.path if entry not in ("", os.getcwd())]

from workbench.cli import main

sys.exit(main())
