"""How much change a unit can carry: load, limits, the gate, ways forward, the load map."""
