"""The door: what every request passes before gradio sees it, and every answer on its way out."""
