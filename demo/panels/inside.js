// Inside the network: its steps, maps and filters, what its answer rests on, and a second network
// on the same drawing.

lab.startInside = function (element, server) {
  const root = element.firstElementChild;
  const find = (name) => root.querySelector(`[data-testid=inside-${name}]`);
  const asks = lab.inside.createAsks(server, () => root.open, render);
  const { state } = asks;
  const menu = find("beside");
  const notice = root.querySelector(".lab-net-notice");
  const steps = lab.inside.createSteps(find("steps"), find("totals"), pickStep);
  const maps = lab.inside.createGrid(find("maps"), "grey");
  const weights = lab.inside.createGrid(find("filters"), "signed");
  const heats = lab.inside.createHeats(find("heats"));
  const showAbout = lab.inside.createAbout(find("about"), pickAbout);
  const sides = ["first", "second"].map((name) => lab.inside.createSide(find(name)));

  // ---- What is pressed ----

  function pickStep(step) {
    state.chosen = { step, of: state.seen.model };
    steps.show(state.seen.steps, step); // at once; its maps follow
    find("step").scrollIntoView({ block: "nearest", behavior: lab.scrolling() });
    asks.want("seen", "second");
  }

  function pickAbout(digit) {
    state.about = digit;
    asks.want("told", "secondTold");
    render();
  }

  find("all").addEventListener("click", () => {
    state.all = !state.all;
    asks.want("seen");
  });
  menu.addEventListener("change", () => {
    state.beside = menu.value;
    asks.outdate("second", "secondTold");
  });

  // ---- What is shown ----

  function render() {
    const { seen, told, second, filters, trouble } = state;
    const wrong = trouble.seen ?? trouble.filters ?? trouble.told;
    const hint = state.reading ? "inside_steps_hint" : "inside_empty";
    lab.setWord(notice, wrong?.error ?? hint, wrong?.details);
    notice.classList.toggle("is-wrong", Boolean(wrong));
    if (seen) showSeen(seen);
    if (filters) showFilters(filters);
    showRests(told, seen);
    showMenu();
    showSides();
  }

  function showSeen({ model, steps: all, step, maps: pictures }) {
    lab.setWord(find("network"), "inside_steps", { network: model });
    steps.show(all, step);
    const shape = step === null ? "–" : lab.inside.shapeOf(all[step]);
    const layers = step === null ? "" : lab.inside.layersOf(all, step);
    lab.setWord(find("step"), step === null ? "inside_no_step" : "inside_maps", { shape, layers });
    find("maps").setAttribute("aria-label", lab.say("inside_maps_label", { shape }));
    lab.setWord(find("maps-note"), ...mapsNote(model, step, all[step], pictures));
    find("maps").hidden = !pictures;
    if (pictures) maps.show(pictures, pictures.count === 1 ? lab.inside.LARGE : lab.inside.SMALL);
    showButton(pictures?.count ?? 0);
  }

  function mapsNote(network, at, step, pictures) {
    if (at === null) return ["inside_no_maps", { network }];
    const [count] = step.shape;
    if (at === 0) return ["inside_pixels_note"];
    if (step.shape.length === 3) {
      const shown = lab.inside.count(Math.min(count, state.all ? count : lab.inside.SOME));
      return ["inside_maps_note", { shown, count: lab.inside.count(count) }];
    }
    const key = pictures.height === 1 ? "inside_ten_note" : "inside_row_note";
    return [key, { count: lab.inside.count(count) }];
  }

  function showButton(count) {
    const button = find("all");
    button.hidden = count <= lab.inside.SOME;
    lab.setWord(button, state.all ? "inside_fewer" : "inside_all", { count });
  }

  function showFilters(filters) {
    const { count, height, width, layer } = filters;
    const key = width === lab.SEEN_SIDE ? "inside_units_note" : "inside_filters_note";
    lab.setWord(find("filters-note"), key, { count, layer, size: `${height} × ${width}` });
    weights.show(filters, sideOf(filters));
  }

  function sideOf({ count, width }) {
    if (width !== lab.SEEN_SIDE) return lab.inside.TINY;
    return count > lab.DIGITS.length ? lab.inside.SMALL : lab.inside.MIDDLE;
  }

  function showRests(told, seen) {
    const label = asks.label();
    root.querySelector(".lab-net").classList.toggle("is-blank", label === null);
    lab.setWord(find("speaks"), "inside_speaks", { label });
    lab.setWord(find("against"), "inside_against", { label });
    showAbout(state.about);
    heats.show(told, seen?.model);
    mark(find("heats"), "told");
  }

  // Dimmed, with a delay in the style sheet, while it belongs to another drawing.
  function mark(place, name) {
    place.classList.toggle("is-waiting", Boolean(state.reading) && !asks.isFresh(name));
  }

  function showMenu() {
    const names = state.menu.networks.map(({ name }) => name);
    if (names.join() !== [...menu.options].map(({ value }) => value).join()) {
      menu.replaceChildren(...names.map((name) => new Option(name, name)));
    }
    menu.value = asks.secondName() ?? "";
  }

  function showSides() {
    const { seen, told, second, secondTold, trouble } = state;
    const isDrawn = Boolean(state.reading);
    const answer = state.reading?.reply;
    find("first").querySelector(".lab-net-name").textContent = seen?.model ?? "";
    sides[0].show({ isDrawn, answer, seen, told });
    const wrong = trouble.second ?? trouble.secondTold;
    sides[1].show({ isDrawn, answer: second?.answer, seen: second, told: secondTold, wrong });
    mark(find("second"), "second");
    mark(find("second").querySelector(".lab-net-heats"), "secondTold");
  }

  // ---- When ----

  function recolour() {
    lab.inside.palettes = {};
    if (root.open) render();
  }

  new MutationObserver(recolour).observe(document.body, { attributeFilter: ["class"] }); // theme
  root.addEventListener("toggle", asks.resume);
  lab.createPanel(root, { show: asks.read, render, digits: true });
};
