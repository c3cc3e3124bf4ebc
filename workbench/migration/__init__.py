"""Moving a code base to `accelerated`: shown, asked for, written, committed, and taken back."""
