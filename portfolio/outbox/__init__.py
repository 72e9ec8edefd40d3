"""Every change is an event, written in the same transaction as the change itself."""
