"""From declarations to the model: every name is declared, then every mention of one is bound."""
