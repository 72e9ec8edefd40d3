"""Det här förändras hos oss: what changes at a unit, in plain words, for those who work there."""
