"""What the kommundirektör looks at first: the load of all units. Reads what the nouns below know, writes nothing."""
