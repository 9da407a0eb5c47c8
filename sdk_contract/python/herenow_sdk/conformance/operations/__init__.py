"""What a vector's operation does, answered by the reference; a module for each chapter."""
