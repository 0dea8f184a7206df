"""The server: who is let in, to what, and the worker processes that run worlds for its pages."""
