"""Senders that are killed, stopped and told to stop: no letter is lost, and none is sent twice without need."""
