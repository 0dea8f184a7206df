"""Programs that write the documentation and name what in it is older than the code. None ships."""
