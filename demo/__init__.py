"""The page: everything a visitor sees. The only package that imports gradio."""
