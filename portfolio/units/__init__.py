"""Förvaltningar, kontor, bolag and stödfunktioner: the tree, dated, with what each unit can carry."""
