// The chapter `gradient`: a place on a surface, the arrow there and its two sides.
lab.startGradientChapter = function (root, server) {
  const find = (name) => root.querySelector(`[data-testid=gradient-${name}]`);
  const state = { surface: null, kind: null, point: null };
  let asked = null; // what the newest reply is to
  const view = lab.createSurfaceView(find("surface"), {
    name: "gradient",
    moved: (point) => {
      state.point = point;
      put();
      changed();
    },
    paint: (context, at, style) => {
      if (shown()) lab.paintGradient(context, at, style, [asked.x, asked.y], asker.reply());
    },
  });
  const cuts = ["x", "y"].map((axis) => lab.createCut(find(`cut-${axis}`)));
  const menu = lab.createSurfaceMenu(find("kind"), server, {
    first: "hollows",
    changed: open,
    failed: (reply) => lab.setTrouble(root, reply),
  });
  const asker = lab.createAsker(root, {
    ask: (settings) => server.find_gradient(settings),
    settings: () => settings(),
    show: (_, settings) => {
      asked = settings;
      view.paint();
      render();
    },
  });
  const code = lab.createIdeaCode(root, server, () => settings());

  // A gradient on another surface is not drawn on this one.
  const shown = () => asked?.surface === state.kind;

  function settings() {
    if (!state.point) return null;
    const [x, y] = state.point;
    return { surface: state.kind, x, y };
  }

  function open(surface, kind) {
    Object.assign(state, { surface, kind, point: [...surface.start] });
    for (const button of root.querySelectorAll("[data-try]")) {
      button.hidden = !(button.dataset.try in surface.flat) && button.dataset.try !== "start";
    }
    view.show(surface);
    put();
    changed();
  }

  function put() {
    if (!state.point) return;
    const [x, y] = state.point.map(lab.slopeNumber);
    view.put(state.point, lab.say("idea_gradient_point", { x, y }));
  }

  function changed() {
    asker.want();
    code.changed();
  }

  function render() {
    put();
    if (!asked || !shown()) return;
    const reply = asker.reply();
    const told = { x: lab.slopeNumber(asked.x), y: lab.slopeNumber(asked.y) };
    for (const key of ["height", "along_x", "along_y", "length"]) {
      told[key] = lab.slopeNumber(reply[key]);
      find(key).textContent = told[key];
    }
    const said = {
      slope: "idea_gradient_at_slope",
      minimum: "idea_gradient_at_minimum",
      saddle: "idea_gradient_at_saddle",
      maximum: "idea_gradient_at_maximum",
    };
    lab.setWord(find("said"), said[reply.kind], told);
    view.label(lab.say("idea_gradient_map", { surface: menu.name(), ...told }));
    const names = state.surface.is_mean ? ["w", "b"] : ["x", "y"];
    ["x", "y"].forEach((axis, at) => {
      const [slope, value] = [told[`along_${axis}`], told[at ? "x" : "y"]];
      const details = { axis: names[at], other: names[1 - at], value, slope };
      lab.setWord(find(`cut-${axis}-said`), "idea_gradient_cut", details);
      find(`cut-${axis}`).setAttribute("aria-label", find(`cut-${axis}-said`).textContent);
      const here = [asked[axis], reply.height, reply[`along_${axis}`]];
      cuts[at].show(reply[`cut_${axis}`], state.surface[axis], here);
    });
  }

  for (const button of root.querySelectorAll("[data-try]")) {
    button.addEventListener("click", () => {
      const { start, flat } = state.surface ?? {};
      if (!start) return;
      state.point = [...(flat[button.dataset.try] ?? start)];
      put();
      changed();
    });
  }
  lab.onLanguage(root, render);
  menu.start();
};

// Four digits; what is smaller than a picture can show is 0.
lab.slopeNumber = (value) =>
  Math.abs(value) < 5e-5 ? "0" : lab.editNumber(value).replace("-", "−");
