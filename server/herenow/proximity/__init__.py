"""Places by the million: an index of fences, tiles of them for devices, and plans for thin clients.

Every decision is the evaluator's (``herenow_sdk.core.place``); what is here finds the few fences it has to
be asked about.
"""
