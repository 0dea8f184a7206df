"""What pages are sent: plain data of runs and histories, which their templates draw."""
