"""What is found and worth telling, decided once for the pages, the terminal and Python."""
