"""What the page's public events share: an error in the words of whoever called."""

import gradio as gr

from demo.door.answer import NOTED
from demo.door.errors import note_error
from demo.words import language_of, say
from models.errors import LabError


def in_words(error: Exception, request: gr.Request) -> gr.Error:
    """A refusal as a sentence in the language that the caller's headers ask for.

    Anything but a LabError is a fault of ours: the log has it, the caller an apology.
    """
    language = language_of(request.headers.get("accept-language"))
    if isinstance(error, LabError):
        return gr.Error(say(error.key, language, **error.details), print_exception=False)
    key = note_error(error)
    request.request.scope[NOTED] = key
    return gr.Error(say("something_wrong", language), print_exception=False)
