// "My digits": the visitor's own set, looked at, taken home, brought back; tested and tuned with.
lab.startOwnDigits = function (element, server) {
  const root = element.firstElementChild;
  const find = (name) => root.querySelector(`[data-testid=${name}]`);
  const notice = find("own_notice");
  let told = null; // [key, details, isWrong] of the line above the pictures
  let shownModel = null; // the network whose readings stand beside the pictures

  const grid = lab.createOwnGrid(find("own_grid"), {
    pick: putBack,
    remove: (drawing) => lab.own.remove(drawing),
  });
  const test = lab.createOwnTest(root, server, (name) => {
    shownModel = name;
    render();
  });
  const tuning = lab.createOwnTuning(root, server);
  lab.createPanel(root, { show: showModel, render, digits: true });

  // The network that reads the sheet, unless a row of the tests was pressed since.
  function showModel() {
    const chosen = lab.networks?.chosen();
    if (chosen && chosen !== showModel.last) shownModel = showModel.last = chosen;
    render();
  }

  function putBack({ strokes, seen }) {
    if (strokes?.length) lab.putStrokesOnSheet(strokes);
    else lab.putOnSheet(lab.SEEN_SIDE, lab.SEEN_SIDE, seen);
  }

  function render() {
    const drawings = lab.own.all();
    const count = drawings.length;
    lab.setWord(root.querySelector(".lab-gist"), count ? "own_gist_some" : "own_gist", { count });
    if (!root.open) return; // a closed panel costs nothing
    const usual = !lab.own.isSaved() ? ["own_unsaved", {}, true] : [count ? "own_hint" : "own_empty"];
    const [key, details, isWrong] = told ?? usual;
    lab.setWord(notice, key, details);
    notice.classList.toggle("is-wrong", Boolean(isWrong));
    for (const name of ["own_save", "own_clear"]) lab.hold(find(name), count ? null : "own_empty");
    lab.hold(find("own_undo"), lab.own.canUndo() ? null : "hold_undo");
    grid.render(drawings, shownModel);
    test.render(shownModel);
    tuning.render();
  }

  async function save() {
    const reply = await lab.patiently(server.pack_own({ digits: lab.ownRequest(lab.own.all()) }));
    if (reply.error) tell(reply.error, reply.details, true);
    else lab.offerFile(reply.file, "application/zip", "my-digits.zip");
  }

  async function load(file) {
    const limit = 2e6; // bytes, as the server has it
    const bytes = file.size <= limit ? new Uint8Array(await file.arrayBuffer()) : null;
    const nothing = { error: "own_file_bad", details: {} };
    const reply = bytes?.length
      ? await lab.patiently(server.unpack_own({ file: lab.toText(bytes) }))
      : nothing;
    if (reply.error) return tell(reply.error, reply.details, true);
    const loaded = reply.digits.map(({ label, pixels }) => ({
      label: String(label), seen: pixels, strokes: null, reads: {},
    }));
    const { count, same, full } = lab.own.load(loaded);
    if (full) tell("own_full", { count: lab.OWN_LIMIT }, true);
    else tell("own_loaded", { count, same });
  }

  function tell(...words) {
    told = words;
    render();
  }

  find("own_save").addEventListener("click", save);
  find("own_load").addEventListener("click", () => find("own_file").click());
  find("own_file").addEventListener("change", ({ target }) => {
    if (target.files.length) load(target.files[0]);
    target.value = ""; // so that the same file can be chosen again
  });
  find("own_clear").addEventListener("click", () => lab.own.clear());
  find("own_undo").addEventListener("click", () => lab.own.undo());
  lab.own.onChange(() => {
    told = null;
    render();
  });
  document.addEventListener("lab-networks", showModel);
  new MutationObserver(render).observe(document.body, { attributeFilter: ["class"] }); // theme
};

// A set as the server takes it.
lab.ownRequest = function (drawings) {
  return drawings.map(({ label, seen }) => ({ label: Number(label), pixels: seen }));
};
