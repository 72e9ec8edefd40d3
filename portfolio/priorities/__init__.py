"""What comes before what: what an initiative gives and asks, a suggested order, and what each member thinks."""
