"""Turn results and audits into documents."""
