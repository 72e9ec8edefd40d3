"""A change from idea to effect: statuses, plans, impacts, decisions, rank."""
