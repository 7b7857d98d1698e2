"""The book's path: its ideas and programs in their order, each with its place in the lab."""
