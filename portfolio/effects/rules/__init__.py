"""The rules about effects: what a goal must say, how measurements are read, when one asks what came of it."""
