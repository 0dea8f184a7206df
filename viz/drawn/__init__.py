"""What each page draws, as plain values made from finished results."""
