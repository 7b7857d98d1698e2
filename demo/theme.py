"""The look of the page as tokens: one table of colours for gradio's theme and our style sheets."""

import gradio as gr

# name: (light, dark). style.css and canvas.css know them as --lab-NAME.
COLOURS = {
    "paper": ("#faf9f5", "#0f1420"),  # the desk
    "panel": ("#ffffff", "#171e2d"),  # a card on it
    "sheet": ("#fdfdfb", "#1b1b1b"),  # what one draws on
    "ink": ("#16202e", "#e8ecf3"),
    "soft": ("#5b6675", "#9aa6b8"),
    "line": ("#e4e1d8", "#2a3346"),
    "edge": ("#8a8f98", "#6b778c"),  # frames of controls: 3 : 1 against the panel
    "track": ("#f1eee6", "#1f283a"),  # the empty part of a bar
    "accent": ("#d9480f", "#ff9560"),  # the likeliest answer, the run in front
    "accent_text": ("#b93c0a", "#ff9560"),  # the accent as text: 4.5 : 1 on paper and panel
    "second": ("#0b7285", "#4cc3d4"),  # everything else that is a value
}
FONTS = (
    "system-ui",
    "-apple-system",
    "Segoe UI",
    "Roboto",
    "Helvetica Neue",
    "Arial",
    "PingFang SC",
    "Microsoft YaHei",
    "Noto Sans SC",
    "Noto Sans CJK SC",
    "sans-serif",
)
MONO_FONTS = ("ui-monospace", "SF Mono", "Consolas", "DejaVu Sans Mono", "monospace")
# gradio's own variable: our colour
GRADIO_VARIABLES = {
    "body_background_fill": "paper",
    "background_fill_primary": "panel",
    "background_fill_secondary": "paper",
    "block_background_fill": "panel",
    "body_text_color": "ink",
    "body_text_color_subdued": "soft",
    "block_label_text_color": "soft",
    "border_color_primary": "line",
    "block_border_color": "line",
    "color_accent": "accent_text",
    "link_text_color": "second",
}


def build_theme() -> gr.themes.Base:
    """The system's fonts only, so that no font is fetched from anywhere."""
    theme = gr.themes.Base(
        font=[gr.themes.Font(name) for name in FONTS],
        font_mono=[gr.themes.Font(name) for name in MONO_FONTS],
    )
    for name, (light, dark) in COLOURS.items():
        setattr(theme, f"lab_{name}", light)
        setattr(theme, f"lab_{name}_dark", dark)
    for variable, name in GRADIO_VARIABLES.items():
        light, dark = COLOURS[name]
        setattr(theme, variable, light)
        setattr(theme, f"{variable}_dark", dark)
    theme.section_header_text_size = "16px"  # the names of the tabs
    return theme
