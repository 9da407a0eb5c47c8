"""Benchmarks: what herenow costs, measured beside its peers and its own figures.

Not tests: pytest collects nothing here and nothing fails for being slow. ``python -m tests.benchmarks``
from the root of the repository runs everything and prints tables; ``docs/benchmarks.md`` tells how it
is measured and what came out.

``synthetic`` makes a catalogue, ``seeding`` publishes it, ``server`` and ``peers`` serve it beside two
bare peers, ``client`` and ``scripts`` ask over real sockets, ``launches``, ``configs``, ``inside`` and
``compiled`` are the measurements, ``report`` the tables.
"""
