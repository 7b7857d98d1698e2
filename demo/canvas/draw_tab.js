// The Draw tab: what its buttons do, and how drawing, network and answer hang together.
lab.PENS = { pen_thin: 0.045, pen_medium: 0.07, pen_thick: 0.11 }; // of the sheet's side

lab.GONE = ["own_network_gone", "taught_gone"]; // what is said of a network that was dropped

lab.startDrawTab = function (element, server) {
  const find = (name) => element.querySelector(`[data-testid=${name}]`);
  const canvas = find("canvas");
  const notice = element.querySelector(".lab-sheet .lab-notice");
  const byHand = matchMedia("(pointer: coarse)").matches; // a phone or a tablet
  const page = lab.randomName(); // of its readings, the newest overtakes those that still wait
  let asked = null; // the request under way
  let trouble = null; // {error, details} of the sentence under the sheet
  let farewell = null; // the same, until the next change, for a network that was lost
  let pen = "pen_medium";
  let isLent = false; // what is seen on the sheet is the lab's own and no visitor's drawing

  const drawing = lab.createDrawing("lab.drawing");
  const surface = lab.createSurface(canvas, drawing, { changed, clear });
  const answer = lab.createAnswer(element.firstElementChild);
  const reader = lab.createReader({
    current,
    ask: (request) => server.read_drawing({ ...(asked = request), page }),
    show: (reply) => {
      showAnswer(reply);
      if (!reply.error && !isLent) lab.tellReading({ request: asked, reply });
    },
    waiting: (late) => element.firstElementChild.classList.toggle("is-waiting", late),
  });
  const networks = lab.createNetworkMenu(find("network"), {
    ask: () => lab.patiently(server.network_menu({})),
    shown: (line) => {
      care.follow(line);
      answer.followNetwork(line);
    },
    chosen: ({ error, details } = {}) => {
      changed();
      samples.reload();
      say(error ? { error, details } : null);
    },
  });
  const care = lab.createCare(element.querySelector(".lab-care"), () => {
    changed();
    samples.reload();
  });
  const samples = lab.createSamples(element.querySelector(".lab-samples"), {
    ask: (request) => server.read_samples({ ...request, care: care.value() }),
    model: networks.chosen,
    pick: (ink) => replaceDrawing(lab.SEEN_SIDE, lab.SEEN_SIDE, ink),
  });
  lab.answered = reader.rest; // so that a panel's requests never keep an answer waiting
  lab.drawing = drawing; // the visitor's digit, for the other tabs
  lab.putOnSheet = replaceDrawing; // ink of one byte a pixel, in base64
  lab.strokeOnNewSheet = (width, points) => {
    drawing.strokeOnNewSheet(width, points);
    redrawn();
  };
  lab.centred = true; // whether the ink is cropped and centred before the network sees it
  lab.setCentred = (centred) => {
    lab.centred = centred;
    element.firstElementChild.classList.toggle("is-uncentred", !centred);
    redrawn();
  };
  lab.putStrokesOnSheet = (strokes) => (drawing.replace(strokes), redrawn());
  lab.networks = networks;
  lab.care = care.value; // the share of real digits that it may lose by refusing
  lab.isOnSheet = (request) => current()?.pixels === request.pixels;
  lab.createAnswerBack(element.querySelector(".lab-back"));

  function current() {
    const pixels = surface.pixels();
    return pixels && requestFor("ink", pixels);
  }

  function requestFor(kind, pixels) {
    const settings = { model: networks.chosen(), care: care.value() };
    return { kind, ...settings, ...(lab.centred ? {} : { centred: false }), ...pixels };
  }

  function changed() {
    farewell = null;
    if (isLent && !drawing.lent()) takeBack();
    if (drawing.isBlank() && !isLent) {
      reader.forget();
      lab.tellReading(null);
      answer.show(null);
      care.show(null);
      announce();
    } else reader.want();
  }

  // Strokes of the lab's own, read on the sheet as a visitor's; none takes them back.
  function lend(strokes) {
    const isFirst = strokes && !isLent;
    drawing.lend(strokes);
    isLent ||= Boolean(strokes);
    if (isFirst) say(null);
    surface.repaint();
    changed();
  }

  function takeBack() {
    isLent = false;
    reader.forget(); // an answer under way is to what was lent
    answer.show(null);
    care.show(null);
    surface.repaint();
    say(trouble);
  }

  // Nobody is told of what they did not draw.
  function announce() {
    if (!isLent) answer.announce();
  }

  function redrawn() {
    say(null);
    surface.repaint();
    reader.forget(); // an answer under way is to another sheet
    changed();
  }

  function clear() {
    drawing.clear();
    redrawn();
  }

  function showAnswer(reply) {
    const isGone = lab.GONE.includes(reply.error) && asked?.model === networks.chosen();
    if (isGone) return leaveNetwork(reply);
    say(reply.error ? reply : farewell);
    if (reply.error) return;
    answer.show(reply);
    care.show(reply);
    if (!surface.isPenDown()) announce();
  }

  // The one line under the sheet: what is wrong and what to do, else how to begin.
  function say(wrong) {
    trouble = wrong;
    const usual = isLent ? "opening_hint" : byHand ? "touch_hint" : "draw_hint";
    const hint = lab.centred ? usual : "uncentred_hint";
    lab.setWord(notice, wrong?.error ?? hint, wrong?.details);
    notice.classList.toggle("is-wrong", Boolean(wrong));
  }

  function replaceDrawing(width, height, ink) {
    drawing.picture(width, height, ink);
    redrawn();
  }

  async function takePicture(file) {
    let reply;
    lab.setWord(notice, "picture_reading"); // a phone's photograph takes a while
    try {
      const { width, height, levels } = await lab.readPicture(file);
      const picture = { width, height, pixels: lab.toText(levels) };
      reply = await lab.patiently(server.read_drawing(requestFor("picture", picture)));
      if (reply.reason === "blank") reply = { error: "picture_blank", details: {} };
      if (!reply.error) {
        lab.lastPicture = { ...picture, ink: reply.ink }; // what it was, and the ink found in it
        replaceDrawing(width, height, reply.ink);
      }
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

  // A network of the visitor's own that the server no longer keeps: the usual one reads on.
  function leaveNetwork(reply) {
    networks.leave();
    samples.reload();
    farewell = reply;
    say(farewell);
    reader.want();
  }

  // Who comes for the first time, and for nothing else, sees a digit that draws itself.
  async function welcome() {
    const isSent = [...new URLSearchParams(location.search).keys()].some((key) => key !== "lang");
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const isNew = () => !drawing.canUndo() && canvas.offsetParent && !networks.isTaught();
    if (isSent || isStill || lab.runGoesOn() || !isNew()) return;
    if ((await lab.comes("opening")) && isNew()) lab.playOpening(sheet, { lend, isLent: () => isLent });
  }

  async function loadNetworks() {
    const reply = await networks.load();
    care.offer(reply.cares, reply.care);
    const wrong = [reply, ...networks.all()].find(({ error }) => error);
    if (wrong) say(wrong);
  }

  find("undo").addEventListener("click", () => (drawing.undo(), redrawn()));
  find("clear").addEventListener("click", clear);
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
    const { files } = event.dataTransfer;
    if (files.length) takeFirst(files);
    else say({ error: "picture_missing", details: {} }); // a word or a link was dropped
  });
  document.addEventListener("paste", (event) => {
    if (sheet.offsetParent) takeFirst(event.clipboardData?.files); // not from another tab
  });

  lab.onLanguage(element, () => {
    answer.render();
    announce();
    samples.render();
    care.render();
    showPen();
    networks.render();
    say(trouble);
  });
  surface.repaint();
  changed();
  loadNetworks().then(welcome);
  samples.load(null);
};
