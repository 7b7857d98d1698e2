"""The shared model module: data, networks, training and answers. It knows nothing of the page."""
