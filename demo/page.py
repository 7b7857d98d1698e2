"""The page: its head, its tabs, and the server that offers it."""

import os
import threading
from argparse import Namespace
from contextlib import suppress
from functools import cache
from pathlib import Path

import gradio as gr
import torch
from starlette.middleware import Middleware

from demo import denoise_tab, draw_tab, heap, shipped, train_live, train_tab, transfer_tab
from demo.bundles import all_scripts, document_head
from demo.door.connections import Places, guard
from demo.door.door import Rules, around
from demo.door.errors import HANDLERS
from demo.door.hosts import hosts_of
from demo.door.log import hush_libraries, note
from demo.door.values import offered_by
from demo.door.visitors import Visitors
from demo.first_script import FirstScript
from demo.panels import amiss, purpose
from demo.path import path
from demo.readers import DEFAULT_READER, reader
from demo.routes import ROUTES
from demo.theme import build_theme
from demo.tidy import tidied
from demo.uploads import LIFE, SWEEP_EVERY, Uploads, own_uploads
from demo.whole_page import check_scripts
from demo.words import DEFAULT_LANGUAGE, WORDS, say
from models import checkpoint
from models.errors import LabError
from models.sweep import sweep

FOLDER = Path(__file__).resolve().parent
PICTURE_LIMIT = "20mb"  # an upload; a phone's photograph has 3 to 8
SESSIONS = 300  # whose events gradio remembers, at 0.1 MB each
TABS = (
    "tab_draw",
    "tab_denoise",
    "tab_train",
    "tab_transfer",
)  # word keys, in the order of the tabs
# For the first look; gradio knows the browser's language only, `label_tabs` follows the switch.
TRANSLATE = gr.I18n(**{name: {key: table[key] for key in TABS} for name, table in WORDS.items()})


def label_tabs(language: str) -> list[dict]:
    """The tabs renamed into another language, when the switch in the head is pressed."""
    known = language if isinstance(language, str) and language in WORDS else DEFAULT_LANGUAGE
    return [gr.update(label=say(key, known)) for key in TABS]


def build_page() -> gr.Blocks:
    with gr.Blocks(
        title=say("lab_name"),
        analytics_enabled=False,  # gradio looks up foreign hosts at the start otherwise
        fill_width=True,
        delete_cache=(SWEEP_EVERY, LIFE),
    ) as page:
        head = gr.HTML(
            html_template=(FOLDER / "head.html").read_text(encoding="utf-8"),
            js_on_load=(FOLDER / "head.js").read_text(encoding="utf-8"),
            apply_default_css=False,
            elem_classes="lab-bare",
        )
        with gr.Tabs(elem_classes="lab-tabs"):
            with gr.Tab(TRANSLATE("tab_draw")) as draw:
                amiss.build("draw")
                purpose.build("draw")
                draw_tab.build()
            with gr.Tab(TRANSLATE("tab_denoise"), render_children=True) as denoise:
                amiss.build("denoise")
                purpose.build("denoise")
                denoise_tab.build()
            with gr.Tab(TRANSLATE("tab_train"), render_children=True) as train:
                amiss.build("train")
                purpose.build("train")
                train_tab.build()
            with gr.Tab(TRANSLATE("tab_transfer"), render_children=True) as transfer:
                amiss.build("transfer")
                purpose.build("transfer")
                transfer_tab.build()

        path.build()

        tabs = [draw, denoise, train, transfer]
        head.language(label_tabs, head, tabs, queue=False, api_visibility="private")
    return page


def open_page(options: Namespace) -> tuple[gr.Blocks, str]:
    """Offers the page in the background; gives it and its address. `options`: demo/options.py."""
    torch.set_num_threads(1)  # two threads on busy cores spin on barriers and are slower than one
    heap.keep_small()
    keep_from_proxies(options.host)
    be_as_elsewhere()
    train_live.JOBS.slots = options.max_jobs
    check_scripts(all_scripts())
    sweep(checkpoint.FOLDER)
    uploads = own_uploads()  # before gradio's components ask where they lie
    uploads.sweep_now_and_then()
    page = build_page()
    rules = rules_of(options, page, uploads)
    _, address, _ = page.launch(
        server_name=options.host,
        server_port=options.port,
        auth=options.accounts and options.accounts.admit,
        theme=build_theme(),
        head=document_head(),
        i18n=TRANSLATE,
        max_file_size=PICTURE_LIMIT,
        footer_links=[],
        enable_monitoring=False,
        run_history=False,
        ssr_mode=False,
        quiet=True,
        prevent_thread_lock=True,
        state_session_capacity=SESSIONS,
        app_kwargs={
            "routes": ROUTES,  # before gradio's own, which take all else
            "exception_handlers": HANDLERS,
            "middleware": [Middleware(FirstScript)],
            "lifespan": tidied(page, around(rules)),
        },
        _frontend=False,  # no trial request, which a busy machine fails after 3 s
    )
    hush_libraries()  # which set their own logs up as they start
    guard(page.server, Places(), rules.refusals)
    has_accounts = options.accounts is not None
    limits = {"max_jobs": options.max_jobs, "max_visitors": options.max_visitors}
    note("start", port=options.port, **limits, accounts=has_accounts)
    return page, address


def rules_of(options: Namespace, page: gr.Blocks, uploads: Uploads) -> Rules:
    """What the door is told."""
    return Rules(
        hosts=hosts_of(options.host, options.allow_host, os.environ),
        offered=cache(lambda: offered_by(page.config)),  # which gradio makes as it opens the page
        visitors=Visitors(options.max_visitors),
        is_space=bool(os.environ.get("SPACE_ID")),
        has_room=uploads.has_room,
    )


def keep_from_proxies(host: str) -> None:
    """Gradio asks its own server whether it is up; a proxy for the web would not find it."""
    exempt = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
    names = [exempt, "127.0.0.1", "localhost", host]
    os.environ["no_proxy"] = os.environ["NO_PROXY"] = ",".join(filter(None, names))


def be_as_elsewhere() -> None:
    """On a Space gradio would take no direct calls of events, and reload files that change."""
    os.environ.pop("SYSTEM", None)  # by which gradio knows a Space


def warm_up() -> None:
    """Loads the default reader before the first visitor asks.

    Makes ready for trainings and looks at all files of the lab after it, in the background.
    """
    with suppress(LabError):  # said with the others
        reader(DEFAULT_READER)
    train_live.warm_up()
    threading.Thread(target=tell_amiss, daemon=True).start()


def tell_amiss() -> None:
    """Says in the log which files are missing or damaged, and what mends them."""
    for file in shipped.amiss():
        note("amiss", file=file["file"], missing=file["missing"], mend=file["command"])
