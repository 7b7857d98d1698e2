"""One family of errors: a key for the page's word tables, and a plain English sentence."""


class LabError(Exception):
    """Something a person can mend.

    `key` names the sentence in the page's word tables and `details` fills its gaps; `str(error)`
    is the same sentence in English, for the command line.
    """

    def __init__(self, key: str, sentence: str, **details: object) -> None:
        super().__init__(sentence.format(**details))
        self.key = key
        self.details = details
