"""How a world begins: the balanced books of a start become firms, needs, offers and links."""
