"""Public money for plants: programmes, instruments, reserves."""
