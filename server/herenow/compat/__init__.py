"""Answers for the SDKs of others: GrowthBook's and OpenFeature's, as they are in the stores."""
