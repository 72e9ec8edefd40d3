"""What the receiving chefs are asked, and what follows from their answers."""
