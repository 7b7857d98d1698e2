// From ink to digit: each step of the way as a picture, and the switch of centring.

// A small 9 in the upper left corner, in one stroke: x and y in turn, in fractions of the sheet.
lab.CORNER_TRIAL = {
  digit: "9",
  width: 0.045, // of the sheet; the thin pen
  points: [
    0.29, 0.06, 0.2, 0.025, 0.11, 0.065, 0.1, 0.145, 0.17, 0.195, 0.26, 0.16, 0.29, 0.06, 0.285,
    0.2, 0.255, 0.375,
  ],
};

lab.startSteps = function (element, server) {
  const root = element.firstElementChild;
  const find = (name) => root.querySelector(`[data-testid=${name}]`);
  const notice = root.querySelector(".lab-notice");
  const strip = lab.createInkStrip(find("strip"));
  let reading = null; // what the answer on the page was given to, null for a blank sheet
  let asked = null; // the request under way
  let trouble = null; // {error, details} in place of the steps

  const reader = lab.createReader({
    current: () => reading?.request,
    ask: (request) => server.steps_of_drawing((asked = request)),
    show: (reply) => {
      trouble = reply.error ? reply : null;
      if (!trouble) strip.show(reply.mass && { request: asked, reply }); // null without ink
      say();
    },
    waiting: (late) => root.classList.toggle("is-waiting", late),
  });

  function show(newest) {
    reading = newest;
    if (reading) reader.want();
    else {
      reader.forget();
      trouble = null;
      strip.show(null);
    }
    render();
  }

  function render() {
    const { centred } = lab;
    find("centring").setAttribute("aria-checked", String(centred));
    lab.setWord(root.querySelector(".lab-switch-state"), centred ? "switch_on" : "switch_off");
    lab.setWord(find("trial"), "trial", lab.CORNER_TRIAL);
    const [digit, sure] = find("steps-answer").children;
    const reply = reading?.reply;
    digit.textContent = reply ? (reply.label ?? "?") : "";
    if (!reply || reply.refused) lab.setWord(sure, null);
    else lab.setWord(sure, "sure", { percent: lab.percent(reply.confidence, 0) });
    strip.render();
    say();
  }

  function say() {
    lab.setWord(notice, ...sentence());
    notice.classList.toggle("is-wrong", Boolean(trouble));
  }

  function sentence() {
    if (trouble) return [trouble.error, trouble.details];
    if (!reading) return ["steps_empty"];
    const usual = lab.isCentred(reading.request) ? "steps_hint" : "steps_straight";
    return lab.isTrialOnSheet() ? lab.judgeTrial(reading) : [usual];
  }

  function setCentred(centred) {
    lab.setCentred(centred);
    render();
  }

  find("centring").addEventListener("click", () => setCentred(!lab.centred));
  find("trial").addEventListener("click", () => {
    setCentred(false);
    lab.strokeOnNewSheet(lab.CORNER_TRIAL.width, lab.CORNER_TRIAL.points);
  });
  lab.createPanel(root, { show, render });
};

lab.isCentred = (request) => request.centred !== false;

lab.isTrialOnSheet = function () {
  const strokes = lab.drawing.strokes();
  return strokes.length === 1 && String(strokes[0].points) === String(lab.CORNER_TRIAL.points);
};

// The key and details of what became of the trial: as the network answered, not as we expect.
lab.judgeTrial = function ({ request, reply }) {
  const { digit } = lab.CORNER_TRIAL;
  const outcome = reply.refused ? "refused" : reply.label === digit ? "right" : "wrong";
  const percent = lab.percent(reply.confidence, 0);
  const place = lab.isCentred(request) ? "centred" : "corner";
  return [`trial_${place}_${outcome}`, { digit, label: reply.label, percent }];
};
