// The test set, opened, for the network that is chosen: figures, table and gallery together.
lab.PIECE_PAUSE = 100; // ms between two pieces of a network that is measured while one waits

lab.startTestSet = function (element, server) {
  const root = element.querySelector("[data-testid=test_set]");
  const find = (selector) => root.querySelector(selector);
  const notice = find(".lab-notice");
  const measured = find(".lab-measured");
  let shown = null; // what the server said last: figures, a share measured, or an error
  let wanted = null; // the network that it was asked about
  const pace = lab.createPace();

  const scores = lab.createScores(find(".lab-scores"));
  const matrix = lab.createMatrix(find("[data-testid=matrix]"), choose);
  const gallery = lab.createGallery(find("[data-testid=gallery]"), {
    ask: (request) => server.images_of_test_set({ model: shown.model, ...request }),
    back: () => choose(null),
  });
  const figures = lab.createReader({
    current: () => (root.open ? { model: (wanted = chosen()) } : null),
    ask: (request) => server.figures_of_test_set(request),
    show: take,
    waiting: (late) => find(".lab-test").classList.toggle("is-waiting", late),
  });

  function chosen() {
    return lab.networks?.chosen() ?? null; // the server's own choice until the menu is there
  }

  function isShown(model) {
    return Boolean(shown?.matrix) && (shown.model === model || shown.network === model);
  }

  // The figures follow the network, not the drawing; a closed panel asks for nothing.
  function follow() {
    if (root.open && !lab.networks?.isTaught() && !isShown(chosen())) figures.want();
  }

  function take(reply) {
    if (reply.matrix && isShown(wanted)) return; // so that the gallery stays as it is
    if (shown?.model !== wanted) pace.forget();
    shown = { ...reply, model: wanted };
    if ("measured" in reply) pace.note(reply.measured);
    gallery.forget();
    render();
    if (reply.matrix) choose(null);
    if ("measured" in reply) setTimeout(figures.want, lab.PIECE_PAUSE);
  }

  // `cell` is [really, read as]; pressed once more, or null, it gives way to all mistakes.
  function choose(cell) {
    const again = cell !== null && String(cell) === String(gallery.cell());
    const next = again ? null : cell;
    matrix.press(next);
    gallery.open(next);
    if (next) lab.bringIntoView(gallery.root);
  }

  // A visitor's own network has not been measured: the shipped one's figures stand here.
  function hint(waits) {
    if (waits) return "test_set_measuring";
    return shown?.model?.startsWith("own:") ? "test_set_own" : "test_set_hint";
  }

  function renderNotice() {
    const waits = shown !== null && "measured" in shown;
    const words = shown?.error
      ? lab.say(shown.error, shown.details)
      : lab.say(hint(waits), { network: shown?.network });
    if (notice.textContent !== words) notice.textContent = words; // what is heard is heard once
    notice.classList.toggle("is-wrong", Boolean(shown?.error));
    measured.hidden = !waits;
    const number = lab.percent(waits ? shown.measured : 0, 0);
    find("[role=progressbar]").setAttribute("aria-valuenow", number);
    find(".lab-measured i").style.width = `${number}%`;
    find(".lab-measured .lab-value").textContent = pace.after(lab.say("percent", { number }));
  }

  function renderGist() {
    if (!shown?.matrix) return lab.setWord(find(".lab-gist"), "test_set_gist");
    const total = shown.matrix.flat().reduce((sum, count) => sum + count, 0);
    const right = shown.matrix.reduce((sum, row, digit) => sum + row[digit], 0);
    lab.setWord(find(".lab-gist"), "test_set_summary", {
      network: shown.network,
      right: lab.wholeNumber(right),
      total: lab.wholeNumber(total),
      wrong: lab.wholeNumber(total - right),
    });
  }

  function render() {
    renderNotice();
    renderGist();
    scores.show(shown?.accuracies ?? null);
    matrix.show(shown?.matrix ?? null);
    gallery.render();
  }

  lab.createPanel(root, { render, digits: true });
  root.addEventListener("toggle", follow);
  lab.onReading(follow); // also told of a blank sheet after the network was changed
};
