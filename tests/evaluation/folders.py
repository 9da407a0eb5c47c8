"""Where the development data lies."""

from pathlib import Path

DEVELOPMENT = Path(__file__).parents[3] / "shared" / "data"
