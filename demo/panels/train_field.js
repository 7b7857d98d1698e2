// One setting of the form as a row: its name, its control, and a line for what it means or wants.
lab.settingCount = 0; // of rows, for ids

// `changed(value)` takes what the visitor chose, NaN where no number was typed.
lab.createSetting = function (each, changed) {
  const { field, kind } = each;
  const element = document.createElement("div");
  element.className = `lab-setting is-${kind}`;
  element.dataset.field = field;
  const id = `lab-setting-${(lab.settingCount += 1)}`;
  const label = document.createElement(kind === "list" ? "span" : "label");
  label.id = `${id}-name`;
  if (kind !== "list") label.htmlFor = id;
  const note = document.createElement("p");
  note.className = "lab-setting-note";
  note.id = `${id}-note`;
  const control = lab.settingControls[kind](each, changed);
  control.main.id = id;
  control.main.dataset.testid = `set-${field}`;
  control.main.setAttribute("aria-describedby", note.id);
  if (kind === "list") control.main.setAttribute("aria-labelledby", label.id);
  element.append(label, ...control.parts, note);

  // What stands there is what is trained with, but for what was typed wrong; no recipe yet, no value.
  function render(recipe, trouble) {
    label.textContent = lab.settingName(field);
    element.hidden = Boolean(recipe) && !lab.isOffered(field, recipe);
    if (!recipe || element.hidden) return;
    control.render(recipe, Boolean(trouble));
    const best = JSON.stringify(lab.bestRecipe(recipe)[field]);
    element.classList.toggle("is-changed", JSON.stringify(recipe[field]) !== best);
    note.textContent = trouble ? lab.sayTrouble(trouble) : lab.meaningOf(each, recipe);
    note.classList.toggle("is-wrong", Boolean(trouble));
    control.main.setAttribute("aria-invalid", String(Boolean(trouble)));
  }

  // A fact behind what the setting means, where the line does not say what is wrong.
  function add(fact) {
    if (!note.classList.contains("is-wrong")) note.textContent += ` · ${fact}`;
  }

  return { field, element, render, add };
};

// The line under a control: of a menu's choice, else of the setting itself.
lab.meaningOf = function ({ field, kind }, recipe) {
  if (kind === "menu") return lab.choiceSaid(field, recipe[field])[1];
  const whole = lab.trainMenu.optimizers[recipe.optimizer].whole;
  if (field === "epochs" && whole) return lab.say("train_epochs_whole");
  const [low, high] = kind === "number" ? lab.rangeOf(field, recipe).map(lab.plainNumber) : [];
  return lab.nameAndMeaning(`train_set_${field}`, { low, high })[1];
};

// Each gives {main: what the label names, parts, render(recipe, isWrong)}.
lab.settingControls = {
  menu({ field }, changed) {
    const main = document.createElement("select");
    const frame = document.createElement("span");
    frame.className = "lab-setting-menu";
    frame.append(main);
    main.addEventListener("change", () => changed(main.value));

    function render(recipe) {
      const choices = lab.choicesOf(field, recipe);
      while (main.options.length > choices.length) main.remove(choices.length);
      choices.forEach((choice, at) => {
        main.options[at] ??= new Option();
        main.options[at].value = choice;
        main.options[at].textContent = lab.choiceSaid(field, choice)[0];
      });
      main.value = recipe[field];
    }
    return { main, parts: [frame], render };
  },

  number({ field }, changed) {
    const main = document.createElement("input");
    main.type = "text"; // a number's field can't show 59,000
    main.inputMode = "decimal";
    main.autocomplete = "off";
    let taken = ""; // the text that was heeded last

    function take() {
      if (main.value === taken) return;
      taken = main.value;
      changed(lab.readNumber(taken));
    }

    function render(recipe, isWrong) {
      const isTyping = document.activeElement === main && main.value !== taken;
      if (!isWrong && !isTyping) main.value = taken = lab.plainNumber(recipe[field]);
    }
    // `change` is missed by some browsers once a script has written the value
    main.addEventListener("blur", take);
    main.addEventListener("keydown", ({ key }) => /^Enter$/.test(key) && take());
    return { main, parts: [main], render };
  },

  slider(each, changed) {
    const typed = lab.settingControls.number(each, changed);
    const slider = document.createElement("input");
    slider.type = "range";
    slider.step = 1;
    slider.dataset.testid = `slide-${each.field}`;
    const range = () => lab.trainMenu.ranges[each.field];
    const most = ([low, high]) => Math.round(Math.log10(high / low) * lab.SLIDER_STEPS);
    const at = (value) => Math.round(Math.log10(value / range()[0]) * lab.SLIDER_STEPS);

    // To two digits, so that the steps are numbers which people would type.
    function valueAt(step) {
      const [low, high] = range();
      const value = Number((low * 10 ** (step / lab.SLIDER_STEPS)).toPrecision(2));
      return Math.min(Math.max(value, low), high);
    }

    function render(recipe, isWrong) {
      typed.render(recipe, isWrong);
      slider.max = most(range());
      if (isWrong) return;
      slider.value = at(recipe[each.field]);
      slider.style.setProperty("--filled", slider.value / slider.max);
      slider.setAttribute("aria-label", lab.settingName(each.field));
      slider.setAttribute("aria-valuetext", lab.plainNumber(recipe[each.field]));
    }
    slider.addEventListener("input", () => changed(valueAt(Number(slider.value))));
    return { main: typed.main, parts: [typed.main, slider], render };
  },

  switch({ field }, changed) {
    const main = document.createElement("input");
    main.type = "checkbox";
    main.setAttribute("role", "switch");
    main.addEventListener("change", () => changed(main.checked));
    const render = (recipe) => (main.checked = recipe[field]);
    return { main, parts: [main], render };
  },

  list({ field }, changed) {
    const main = document.createElement("div");
    main.setAttribute("role", "group");
    const chosen = () => [...main.querySelectorAll(":checked")].map(({ value }) => value);
    main.addEventListener("change", () => changed(chosen()));

    function tick(name) {
      const label = document.createElement("label");
      const box = document.createElement("input");
      box.type = "checkbox";
      box.value = name;
      label.append(box, document.createElement("b"), document.createElement("small"));
      return label;
    }

    function render(recipe) {
      const names = lab.trainMenu.augmentations;
      if (!main.children.length) main.append(...names.map(tick));
      for (const label of main.children) {
        const [box, name, meaning] = label.children;
        [name.textContent, meaning.textContent] = lab.choiceSaid(field, box.value);
        box.checked = recipe[field].includes(box.value);
      }
    }
    return { main, parts: [main], render };
  },
};
