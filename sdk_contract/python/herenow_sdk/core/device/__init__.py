"""The SDK's own conduct: what it trusts, keeps, asks, sends and forgets.

Everything here is a function of what it is given: bytes received, JSON kept, an instant, a random number.
The host holds the disk, the network, the clock and the keys; a server may call the same functions for its
side of the same rule.
"""
