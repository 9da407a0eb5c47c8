"""Offers given to people: promised when shown, used once, returned when they end unused.

``terms`` reads what ``offers.json`` says, ``codes`` is the pool of single-use codes, ``promised`` what is
kept of one promise, ``promises`` makes, frees, uses and returns them, ``appointments`` says when one ends,
``counts`` how many there are.
"""
