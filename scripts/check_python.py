"""Say plainly that this Python is too old, before a tool says it in its own words."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this is the one file that an older Python has to read
    sys.exit(
        "Truceline needs Python 3.11 or newer; %s is %d.%d. Name another one: make PYTHON=python3.12 demo"  # noqa: UP031
        % (sys.executable, sys.version_info[0], sys.version_info[1])
    )
