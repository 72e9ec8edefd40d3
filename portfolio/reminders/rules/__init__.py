"""What somebody is to be told of, when, and when a letter may leave. Plain Python."""
