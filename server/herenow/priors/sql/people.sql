SELECT count(DISTINCT who) FROM events
