"""Where a device is: fences and tiles, what it watches, and what crossing an edge means. Chapter 10."""
