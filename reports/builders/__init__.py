"""Build reports from results, audits, profiles, histories and gate verdicts."""
