"""Tests about the house itself: what can be checked by a machine is not left to memory."""
