"""Who deals in what others make: traders who carry past a border, recyclers who collect."""
