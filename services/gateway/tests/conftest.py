"""What all tests of the gateway share."""

import sys
from pathlib import Path

# Test folders are no packages; their support modules are found from the root.
sys.path.append(str(Path(__file__).parents[3]))
