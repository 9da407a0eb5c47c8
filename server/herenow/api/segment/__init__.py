"""Segment's protocol: what clients post that are in apps already."""
