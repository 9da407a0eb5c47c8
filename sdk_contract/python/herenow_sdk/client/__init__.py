"""The client: a small real SDK around ``herenow_sdk.core``, of the standard library alone.

``Herenow`` is what an app holds. It answers from what is on disk, asks the server in the background, and
never raises into the app. Specification: chapters 3 and 13 to 18.
"""

from herenow_sdk.client.facade import Herenow
from herenow_sdk.client.null import NullHerenow
from herenow_sdk.client.settings import Host, Settings
from herenow_sdk.client.view import Explanation

__all__ = ["Explanation", "Herenow", "Host", "NullHerenow", "Settings"]
