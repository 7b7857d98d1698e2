// The Draw tab: what its buttons do, and how drawing, network and answer hang together.
lab.PENS = { pen_thin: 0.045, pen_medium: 0.07, pen_thick: 0.11 }; // of the sheet's side

lab.startDrawTab = function (element, server) {
  const find = (name) => element.querySelector(`[data-testid=${name}]`);
  const canvas = find("canvas");
  const network = find("network");
  const notice = element.querySelector(".lab-sheet .lab-notice");
  const byHand = matchMedia("(pointer: coarse)").matches; // a phone or a tablet
  let networks = [];
  let model = null; // the server's own choice until the menu is there
  let asked = null; // the request under way
  let trouble = null; // {error, details} of the sentence under the sheet
  let pen = "pen_medium";

  const drawing = lab.createDrawing("lab.drawing");
  const surface = lab.createSurface(canvas, drawing, changed);
  const answer = lab.createAnswer(element.firstElementChild);
  const reader = lab.createReader({
    current,
    ask: (request) => server.read_drawing((asked = request)),
    show: (reply) => {
      showAnswer(reply);
      if (!reply.error) lab.tellReading({ request: asked, reply });
    },
    waiting: (late) => element.firstElementChild.classList.toggle("is-waiting", late),
  });
  const samples = lab.createSamples(element.querySelector(".lab-samples"), {
    ask: (request) => server.read_samples(request),
    model: () => model,
    pick: (ink) => replaceDrawing(lab.SEEN_SIDE, lab.SEEN_SIDE, ink),
  });
  lab.drawing = drawing; // the visitor's digit, for the other tabs
  lab.putOnSheet = replaceDrawing; // ink of one byte a pixel, in base64
  lab.chosenNetwork = () => model; // also while the sheet is blank

  function current() {
    const pixels = surface.pixels();
    return pixels && { kind: "ink", model, ...pixels };
  }

  function changed() {
    if (drawing.isBlank()) {
      reader.forget();
      lab.tellReading(null);
      answer.show(null);
      answer.announce();
    } else reader.want();
  }

  function redrawn() {
    say(null);
    surface.repaint();
    changed();
  }

  function showAnswer(reply) {
    say(reply.error ? reply : null);
    if (reply.error) return;
    answer.show(reply);
    if (!surface.isPenDown()) answer.announce();
  }

  // The one line under the sheet: what is wrong and what to do, else how to begin.
  function say(wrong) {
    trouble = wrong;
    lab.setWord(notice, wrong?.error ?? (byHand ? "touch_hint" : "draw_hint"), wrong?.details);
    notice.classList.toggle("is-wrong", Boolean(wrong));
  }

  function replaceDrawing(width, height, ink) {
    drawing.picture(width, height, ink);
    redrawn();
  }

  async function takePicture(file) {
    let reply;
    try {
      const { width, height, levels } = await lab.readPicture(file);
      const picture = { width, height, pixels: lab.toText(levels) };
      reply = await lab.patiently(server.read_drawing({ kind: "picture", model, ...picture }));
      if (reply.reason === "blank") reply = { error: "picture_blank", details: {} };
      if (!reply.error) replaceDrawing(width, height, reply.ink);
    } catch (error) {
      reply = { error: error.message, details: {} };
    }
    showAnswer(reply);
  }

  function takeFirst(files) {
    if (files?.length) takePicture(files[0]);
  }

  function showPen() {
    const dot = find("pen").querySelector(".lab-dot");
    dot.style.setProperty("--pen", lab.PENS[pen]);
    find("pen").setAttribute("aria-label", lab.say("pen_label", { width: lab.say(pen) }));
  }

  function changePen() {
    const names = Object.keys(lab.PENS);
    pen = names[(names.indexOf(pen) + 1) % names.length];
    surface.setPen(lab.PENS[pen]);
    showPen();
  }

  function showNetworks() {
    network.replaceChildren(
      ...networks.map(({ name, accuracy }) => {
        const known = accuracy === null ? "network_unknown" : "network_accuracy";
        const text = lab.say(known, { name, percent: lab.percent(accuracy ?? 0, 1) });
        return new Option(text, name, false, name === model);
      }),
    );
  }

  async function loadNetworks() {
    const reply = await lab.patiently(server.network_menu({}));
    networks = reply.networks ?? [];
    model = reply.chosen ?? null;
    showNetworks();
    const wrong = [reply, ...networks].find(({ error }) => error);
    if (wrong) say(wrong);
  }

  network.addEventListener("change", () => {
    model = network.value;
    changed();
    samples.reload();
    const { error, details } = networks.find(({ name }) => name === model);
    say(error ? { error, details } : null);
  });
  find("undo").addEventListener("click", () => (drawing.undo(), redrawn()));
  find("clear").addEventListener("click", () => (drawing.clear(), redrawn()));
  find("pen").addEventListener("click", changePen);
  find("more").addEventListener("click", () => samples.load(null));
  for (const [button, input] of [["picture", "file"], ["camera", "photo"]]) {
    find(button).addEventListener("click", () => find(input).click());
    find(input).addEventListener("change", ({ target }) => {
      takeFirst(target.files);
      target.value = ""; // so that the same file can be chosen again
    });
  }
  find("camera").hidden = !byHand;

  const sheet = element.querySelector(".lab-sheet");
  sheet.addEventListener("dragover", (event) => event.preventDefault());
  sheet.addEventListener("drop", (event) => {
    event.preventDefault();
    takeFirst(event.dataTransfer.files);
  });
  document.addEventListener("paste", (event) => {
    if (sheet.offsetParent) takeFirst(event.clipboardData?.files); // not from another tab
  });

  lab.onLanguage(element, () => {
    answer.render();
    answer.announce();
    samples.render();
    showPen();
    showNetworks();
    say(trouble);
  });
  surface.repaint();
  changed();
  loadNetworks();
  samples.load(null);
};
