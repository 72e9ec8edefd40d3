"""Lists in and out: an existing project list becomes initiatives, and the portfolio leaves as files."""
