"""The folded sections below the Draw tab, each with its handlers, markup, style and script."""
