"""Runs the command line."""

from __future__ import annotations

import sys

from herenow_sdk.conformance.command import main

sys.exit(main())
