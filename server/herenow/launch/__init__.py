"""The use case that ties the rest: context, profile and serving set to a config."""
