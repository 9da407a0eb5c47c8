"""``herenow demo``: the founding story, played for real on this machine.

``seeding`` fills a store with an example app, ``running`` starts the server beside it, ``playing`` is the
phone, ``telling`` prints what it got and why; ``command`` ties them.
"""
