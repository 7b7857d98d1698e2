// What a chapter can be set to: rows of a name and a slider, number, choice or switch.
lab.controlCount = 0; // for ids

// `specs` are {key, kind, value} and {low, high, step or log} or {choices}; isWhole: a log scale of
// whole numbers. The words are idea_CHAPTER_KEY and idea_CHAPTER_KEY_CHOICE. `changed(values)`
// after each change.
lab.createControls = function (place, { chapter, specs, changed }) {
  const values = Object.fromEntries(specs.map(({ key, value }) => [key, value]));
  const rows = specs.map((spec) => row(spec));
  place.append(...rows.map(({ element }) => element));

  function row(spec) {
    const element = document.createElement("div");
    element.className = `lab-setting is-${spec.kind}`;
    const label = document.createElement("label");
    const note = document.createElement("p");
    note.className = "lab-setting-note";
    const control = lab.ideaControls[spec.kind](spec, take, `idea_${chapter}_${spec.key}`);
    control.main.id = `lab-control-${(lab.controlCount += 1)}`;
    control.main.dataset.testid = `${chapter}-${spec.key}`;
    note.id = `${control.main.id}-note`;
    label.htmlFor = control.main.id;
    control.main.setAttribute("aria-describedby", note.id);
    if (control.range) control.range.dataset.testid = `${chapter}-${spec.key}-slide`;
    element.append(label, ...control.parts, note);
    let isWrong = false;

    function take(value) {
      isWrong = !lab.isGoodFor(spec, value);
      if (!isWrong) values[spec.key] = value;
      render();
      if (!isWrong) changed(values);
    }

    function render() {
      label.textContent = lab.say(`idea_${chapter}_${spec.key}`);
      if (!isWrong) control.render(values[spec.key]);
      control.main.setAttribute("aria-invalid", String(isWrong));
      const [low, high, value] = [spec.low, spec.high, spec.value].map(lab.editNumber);
      note.textContent = isWrong ? lab.say("idea_number", { low, high, value }) : "";
      note.classList.toggle("is-wrong", isWrong);
      control.range?.setAttribute("aria-label", label.textContent);
    }

    function reset() {
      isWrong = false;
      render();
    }
    return { key: spec.key, element, render, reset };
  }

  const render = () => rows.forEach((each) => each.render());
  lab.onLanguage(place, render);
  return {
    values: () => ({ ...values }),
    set(changes) {
      Object.assign(values, changes);
      rows.forEach((each) => each.reset());
    },
    render,
  };
};

lab.isGoodFor = function ({ kind, low, high, step, log, isWhole }, value) {
  if (kind !== "slider" && kind !== "number") return true;
  const isCount = isWhole || (!log && step % 1 === 0); // a step of 1 is one of counts
  return value >= low && value <= high && (!isCount || value % 1 === 0); // NaN is not
};

// Each gives {main: what the label names, parts, render(value)}, a slider its range, too.
lab.ideaControls = {
  number(_, take) {
    const main = document.createElement("input");
    main.type = "text";
    main.inputMode = "decimal";
    main.autocomplete = "off";
    let taken = "";
    function heed() {
      if (main.value === taken) return;
      taken = main.value;
      take(lab.readNumber(taken));
    }
    main.addEventListener("blur", heed);
    main.addEventListener("keydown", ({ key }) => /^Enter$/.test(key) && heed());
    const render = (value) => (main.value = taken = lab.editNumber(value));
    return { main, parts: [main], render };
  },

  slider(spec, take) {
    const typed = lab.ideaControls.number(spec, take);
    const range = document.createElement("input");
    const { low, high, step, log, isWhole } = spec;
    range.type = "range";
    range.min = log ? 0 : low;
    range.max = log ? Math.round(Math.log10(high / low) * lab.SLIDER_STEPS) : high;
    range.step = log ? 1 : step;
    const at = (value) => (log ? Math.round(Math.log10(value / low) * lab.SLIDER_STEPS) : value);
    const within = (value) => Math.min(Math.max(value, low), high);
    const round = (value) => (isWhole ? Math.round(value) : value);
    const valueAt = (place) =>
      log ? within(round(Number((low * 10 ** (place / lab.SLIDER_STEPS)).toPrecision(2)))) : place;
    range.addEventListener("input", () => take(valueAt(Number(range.value))));

    function render(value) {
      typed.render(value);
      range.value = at(value);
      range.setAttribute("aria-valuetext", lab.editNumber(value));
    }
    return { main: typed.main, parts: [typed.main, range], render, range };
  },

  choice({ choices }, take, word) {
    const main = document.createElement("select");
    const frame = document.createElement("span");
    frame.className = "lab-setting-menu";
    frame.append(main);
    main.append(...choices.map((choice) => new Option("", choice)));
    main.addEventListener("change", () => take(main.value));

    function render(value) {
      for (const option of main.options) option.textContent = lab.say(`${word}_${option.value}`);
      main.value = value;
    }
    return { main, parts: [frame], render };
  },

  switch(_, take) {
    const main = document.createElement("input");
    main.type = "checkbox";
    main.setAttribute("role", "switch");
    main.addEventListener("change", () => take(main.checked));
    return { main, parts: [main], render: (value) => (main.checked = value) };
  },
};

// As one would type it, to four significant digits: "0.001", "-12.34", "1.2e+12".
lab.editNumber = function (number) {
  if (typeof number !== "number") return "";
  const size = Math.abs(number);
  if (size && (size >= 1e9 || size < 1e-5)) return number.toExponential(1);
  return Number(number.toPrecision(4)).toLocaleString("en", { maximumFractionDigits: 8 });
};
