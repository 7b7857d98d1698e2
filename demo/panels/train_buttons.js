// Train, Pause, One step, Stop, and the learning rate while it runs; what can't be pressed says why.
lab.RATE_RANGE = [1e-6, 10]; // until the menu of the form says otherwise

lab.createTrainButtons = function (root) {
  const place = root.querySelector("[data-testid=train-buttons]") ?? lab.buttonsPlace(root);
  const button = (name, act) => {
    const element = document.createElement("button");
    element.type = "button";
    element.className = "lab-button";
    element.dataset.testid = name;
    element.append(document.createElement("span"));
    element.addEventListener("click", () => {
      if (element.title) return complain(element.title);
      return act();
    });
    place.append(element);
    return element;
  };
  const train = button("train", () => start({}));
  const pause = button("pause", () =>
    lab.steer(lab.runUnderWay()?.state === "paused" ? "resume" : "pause"),
  );
  const step = button("one-step", takeStep);
  const stop = button("stop", () => lab.steer("stop"));
  const notice = document.createElement("p");
  notice.className = "lab-notice";
  notice.dataset.testid = "train-notice";
  notice.setAttribute("role", "status");
  const rate = lab.createRateNow();
  place.append(notice, rate.element);
  let trouble = null; // {error, details} of a start that failed, {text, state} of a press in vain

  async function start(options) {
    trouble = null;
    const started = lab.startRun(lab.recipe ?? { network: "small_cnn" }, options);
    // On a phone the curve is below the button that starts it.
    const stage = root.querySelector(".lab-train-stage");
    if (matchMedia("(max-width: 799px)").matches) lab.bringIntoView(stage);
    try {
      await started;
    } catch (reply) {
      trouble = reply;
      render();
    }
  }

  async function takeStep() {
    const run = lab.runUnderWay();
    if (!run) return start({ isPaused: true });
    if (run.state === "running") await lab.steer("pause");
    return lab.steer("step");
  }

  const stateNow = () => lab.runUnderWay()?.state ?? "none";

  // Said for as long as it is true.
  function complain(text) {
    trouble = { text, state: stateNow() };
    render();
  }

  // Why a button can't be pressed: a key of the words, null where it can be.
  function reasons(run) {
    const waits = lab.isRunStarting() || run?.state === "waiting" ? "train_waits" : null;
    return {
      train: run || lab.isRunStarting() ? "train_busy" : null,
      pause: waits ?? (run ? null : "train_idle"),
      step: waits,
      stop: run ? null : (waits ?? "train_idle"),
    };
  }

  function set(element, word, reason) {
    lab.setWord(element.firstElementChild, word);
    element.title = reason ? lab.say(reason) : "";
    element.setAttribute("aria-disabled", String(Boolean(reason)));
  }

  function sentence(run) {
    const wrong = run?.trouble ?? trouble;
    if (wrong) return wrong.text ?? lab.sayTrouble(wrong);
    if (run?.state !== "waiting" || !run.line) return "";
    return lab.say("train_waiting", { ahead: run.ahead, line: run.line });
  }

  function render() {
    const run = lab.runUnderWay();
    const why = reasons(run);
    if (trouble?.text && trouble.state !== stateNow()) trouble = null;
    set(train, "train_start", why.train);
    set(pause, run?.state === "paused" ? "train_resume" : "train_pause", why.pause);
    set(step, "train_one_step", why.step);
    set(stop, "train_stop", why.stop);
    notice.textContent = sentence(run);
    notice.classList.toggle("is-wrong", Boolean(run?.trouble ?? trouble?.error));
    rate.render(run);
  }

  return { render };
};

// The form leaves a place for the buttons; without one they stand at its end.
lab.buttonsPlace = function (root) {
  const place = document.createElement("div");
  place.dataset.testid = "train-buttons";
  root.querySelector(".lab-train-form").append(place);
  return place;
};

// The learning rate of the run under way: a slider of powers of ten, and a field to type into.
lab.createRateNow = function () {
  const element = document.createElement("div");
  element.className = "lab-rate-now";
  const [label, field, slider] = ["label", "input", "input"].map((tag) =>
    document.createElement(tag),
  );
  field.dataset.testid = "rate-now";
  field.id = "lab-rate-now";
  field.inputMode = "decimal";
  slider.type = "range";
  slider.step = 0.05; // of a power of ten
  slider.dataset.testid = "rate-slider";
  label.htmlFor = field.id;
  element.append(label, slider, field);
  let run = null;
  let moved = null; // the rate while the slider is held

  const range = () => lab.trainMenu?.ranges?.learning_rate ?? lab.RATE_RANGE;
  const current = () => moved ?? run?.rateChanges.at(-1)?.[1] ?? run?.recipe.learning_rate;

  function typed() {
    const [low, high] = range();
    const value = lab.readNumber(field.value);
    const isGood = value >= low && value <= high; // NaN is not
    field.setCustomValidity(isGood ? "" : lab.say("train_rate_range", { low, high }));
    if (isGood) change(value);
    else field.reportValidity();
  }

  function change(rate) {
    moved = null;
    if (run && rate !== current()) lab.steer("rate", { rate });
  }

  function render(under) {
    run = under;
    const isOn = run?.state === "running" || run?.state === "paused";
    element.classList.toggle("is-on", isOn);
    lab.setWord(label, "train_rate_now");
    slider.setAttribute("aria-label", lab.say("train_rate_now"));
    if (!isOn) return;
    const [low, high] = range();
    [slider.min, slider.max] = [Math.log10(low), Math.log10(high)];
    if (moved === null) slider.value = Math.log10(current());
    slider.setAttribute("aria-valuetext", lab.tickNumber(current()));
    if (document.activeElement !== field) field.value = Number(current().toPrecision(3));
  }

  slider.addEventListener("input", () => {
    moved = Number((10 ** slider.valueAsNumber).toPrecision(2));
    render(run);
  });
  slider.addEventListener("change", () => change(moved));
  field.addEventListener("change", typed);
  return { element, render };
};
