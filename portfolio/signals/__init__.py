"""Värt att veta: what somebody has seen outside that the others should know of, told once and to all."""
