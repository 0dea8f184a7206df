"""Who deals in what others make: traders who hoard, recyclers who collect."""
