"""The proof: vectors that pin every requirement, and a runner that puts them to any implementation."""
