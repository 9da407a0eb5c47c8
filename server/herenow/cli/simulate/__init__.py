"""``herenow simulate``: made-up people live on an app, and what was learned of them is told.

``staging`` puts up the server and reads the app as people find it; ``command`` lets them live and tells.
"""
