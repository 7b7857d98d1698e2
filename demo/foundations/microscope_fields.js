// The tiny network's sixteen numbers as fields, and the list of all that is written about them.

// `changed()` after each number that can be taken; what is none gets a sentence below the fields.
lab.createMicroscopeFields = function (root, first, changed) {
  const grid = root.querySelector(".lab-microscope-fields");
  const note = root.querySelector(".lab-microscope-trouble");
  const values = { ...first };
  const inputs = {};
  const wrong = new Set(); // names of fields that hold no number
  const textOf = (value) => String(Number(value.toPrecision(4)));

  function take(name, value) {
    const isGood = Math.abs(value) <= lab.MICROSCOPE_MOST; // NaN is not
    if (isGood) values[name] = value;
    wrong[isGood ? "delete" : "add"](name);
    render();
    if (isGood) changed();
  }

  function field(name) {
    const label = document.createElement("label");
    const text = document.createElement("span");
    const main = document.createElement("input");
    main.type = "text";
    main.inputMode = "text"; // a phone's number pad has no minus
    main.autocomplete = "off";
    main.dataset.testid = `microscope-${name}`;
    text.textContent = lab.microscopeName(name);
    label.append(text, main);
    main.addEventListener("blur", () => heed(name));
    main.addEventListener("keydown", ({ key }) => /^Enter$/.test(key) && heed(name));
    inputs[name] = { main, written: "" };
    return label;
  }

  function heed(name) {
    const { main, written } = inputs[name];
    if (main.value === written) return;
    inputs[name].written = main.value;
    take(name, lab.readNumber(main.value.replace("−", "-")));
  }

  function render() {
    for (const [name, entry] of Object.entries(inputs)) {
      entry.main.setAttribute("aria-invalid", String(wrong.has(name)));
      if (!wrong.has(name)) entry.main.value = entry.written = textOf(values[name]);
    }
    const [name] = wrong;
    const [low, high] = [-lab.MICROSCOPE_MOST, lab.MICROSCOPE_MOST].map(lab.plainNumber);
    const asked = name && lab.say("idea_number", { low, high, value: first[name] });
    note.textContent = name ? `${lab.microscopeName(name)}: ${asked}` : "";
    note.classList.toggle("is-wrong", Boolean(name));
  }

  function set(changes) {
    for (const name of Object.keys(first)) if (name in changes) values[name] = changes[name];
    wrong.clear();
    render();
  }

  function focus(name) {
    inputs[name]?.main.focus();
    inputs[name]?.main.select();
  }

  grid.append(...Object.keys(first).map(field));
  lab.onLanguage(note, render);
  return { values: () => ({ ...values }), set, focus };
};

// Every step in words and numbers, the present one marked; a press on one goes there.
lab.createMicroscopeList = function (box, go) {
  let rows = [];

  function row(step, at) {
    const button = document.createElement("button");
    const code = document.createElement("code");
    button.type = "button";
    button.append(code);
    button.addEventListener("click", () => go(at));
    return { button, code };
  }

  function build(steps) {
    rows = steps.map(row);
    box.replaceChildren();
    steps.forEach(({ phase }, at) => {
      if (phase !== steps[at - 1]?.phase) {
        const head = document.createElement("h4");
        head.dataset.word = `idea_microscope_${phase}`;
        box.append(head);
      }
      box.append(rows[at].button);
    });
    lab.translate(box);
  }

  function show(steps, place) {
    if (rows.length !== steps.length) build(steps);
    steps.forEach(({ lines }, at) => {
      const { button, code } = rows[at];
      const text = lines.join("\n");
      if (code.textContent !== text) code.textContent = text;
      if (at === place) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
      button.classList.toggle("is-ahead", at > place);
    });
    const { offsetTop, offsetHeight } = rows[place].button;
    const middle = offsetTop - (box.clientHeight - Math.min(offsetHeight, 60)) / 2;
    box.scrollTop = middle; // the box alone: the page stays where it is
  }
  return { show };
};
