"""The Transfer tab's three sections, a few files each."""
