"""What the page's public events share: an error in the words of whoever called."""

import gradio as gr

from demo.words import language_of, say
from models.errors import LabError


def in_words(error: LabError, request: gr.Request) -> gr.Error:
    """A refusal as a sentence in the language that the caller's headers ask for."""
    language = language_of(request.headers.get("accept-language"))
    return gr.Error(say(error.key, language, **error.details), print_exception=False)
