"""The picture of the whole: the load map. Reads, never writes."""
