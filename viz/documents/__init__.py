"""Documents that are laid out here: briefings, slides, handouts, and files to take away."""
