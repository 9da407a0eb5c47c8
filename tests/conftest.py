"""What every test shares: how deep properties are tried."""

from tests import depth

depth.register()
