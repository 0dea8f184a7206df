"""Random damage and random input, seeded: what is noticed, what is harmless, what gets through."""
