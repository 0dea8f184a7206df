"""What end users want, how they adapt, what comes back, and what stops cost."""
