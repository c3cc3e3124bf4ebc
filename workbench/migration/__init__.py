"""Move a code base to `accelerated`: show, select, write, commit and undo the edits."""
