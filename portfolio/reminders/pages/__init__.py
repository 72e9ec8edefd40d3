"""One's own letters, the link that ends the veckobrev, and the municipality's rules."""

from portfolio.reminders.pages import mine, rules_set, unsubscribing
from portfolio.reminders.pages.blueprint import reminders

__all__ = ["mine", "reminders", "rules_set", "unsubscribing"]
