"""`python -m scripts.generate`."""

import sys

from scripts.generate import main

sys.exit(main())
