"""Letters on their way: what mail servers do to them, what crashes do, and what administrators see of it."""
