// The set as a file: a ZIP of the drawings and of the head that they taught, saved and loaded.
lab.LARGEST_SYMBOLS = 12e6; // bytes, as the server has it

lab.createSymbolFiles = function (root, server, { set, list, head }) {
  const find = (name) => root.querySelector(`[data-testid=symbols-${name}]`);
  const wrongFile = { error: "symbols_file_bad", details: {} };

  // The head is taught anew for it.
  async function save() {
    const asked = { ...lab.symbolsRequest(set.all()), head: head() };
    lab.hold(find("save"), "hold_busy");
    list.say("code_saving");
    const reply = await lab.patiently(server.pack_symbols(asked));
    list.forget();
    list.render();
    render();
    if (reply.error) return list.tell(reply);
    lab.offerFile(reply.file, "application/zip", "my-symbols.zip");
  }

  // A file holds no symbol without a drawing, and no fewer than two.
  function render() {
    const drawn = set.all().filter(({ drawings }) => drawings.length);
    const fewest = lab.FEWEST_SYMBOLS;
    lab.hold(find("save"), drawn.length < fewest ? "symbols_save_why" : null, { fewest });
  }

  // What was there comes back by undo.
  async function load(file) {
    const bytes = file.size <= lab.LARGEST_SYMBOLS ? new Uint8Array(await file.arrayBuffer()) : [];
    const asking = bytes.length ? server.unpack_symbols({ file: lab.toText(bytes) }) : wrongFile;
    const reply = await lab.patiently(Promise.resolve(asking));
    if (reply.error) return list.tell(reply);
    const symbols = reply.names.map((name, at) => ({
      name,
      drawings: reply.examples[at].map((seen) => ({ seen, strokes: null })),
    }));
    set.replace(symbols);
    const count = reply.examples.flat().length;
    list.say("symbols_loaded", { symbols: symbols.length, count });
  }

  find("save").addEventListener("click", save);
  find("load").addEventListener("click", () => find("file").click());
  find("file").addEventListener("change", ({ target }) => {
    if (target.files.length) load(target.files[0]);
    target.value = ""; // so that the same file can be chosen again
  });
  return { render };
};
