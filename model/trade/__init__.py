"""The month of a tonne: ordered, licensed, rationed, priced, shipped, leaked."""
