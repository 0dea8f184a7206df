"""Figures that a practitioner would look at first, their targets, and the page that shows both."""
