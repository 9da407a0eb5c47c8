"""Messages to many at once: when they speak, and the runs that reach everybody."""
