"""When to remind whom of what: rules with names, and the words of each."""
