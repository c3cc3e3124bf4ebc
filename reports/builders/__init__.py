"""Reports built from results, audits and the rest."""
