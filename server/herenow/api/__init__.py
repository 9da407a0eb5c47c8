"""The HTTP planes: sdk, public, admin, ops."""
