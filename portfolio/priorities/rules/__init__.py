"""The pure rules of priority: the assessment, the suggested order, and the spread of the members' own orders."""
