"""What phases and impacts are called."""

PHASE_WORDS = {"prepare": "Förbereda", "implement": "Genomföra", "reinforce": "Förstärka"}

IMPACT_WORDS = {0: "Ingen", 1: "Liten", 2: "Märkbar", 3: "Stor", None: "Obedömd"}
