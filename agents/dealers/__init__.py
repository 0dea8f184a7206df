"""Who deals in what others make: traders who carry goods past a border, recyclers who collect."""
