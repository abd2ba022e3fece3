"""Lets ``python -m roundtable_cli`` stand for ``roundtable``."""

import sys

from roundtable_cli.main import main

sys.exit(main())
