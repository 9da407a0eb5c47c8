"""Beacons: what devices tell, judged one by one, stored durably before it is acknowledged, counted once."""
