"""Messages: what was triggered and waits, what is decided about it, who hands it over, and why.

The rules are the contract's (``herenow_sdk.core.messages``); here is what a server adds: what is kept of a
person, when to look again, and the hand-off. See ``docs/messages.md``.
"""
