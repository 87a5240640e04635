"""How we touch the world: each implements a stage's ports or the record's; none knows another."""
