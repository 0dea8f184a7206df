"""The world, its tables, and one module per mechanism."""
