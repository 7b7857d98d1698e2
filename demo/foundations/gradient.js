// The chapter `gradient`: a place on a surface, the arrow there and its two sides.
// Where the point stands on each surface at first: on a slope, with room for the arrow.
lab.GRADIENT_PLACES = {
  valley: [-2, 0.6],
  saddle: [1.2, 0.8],
  rosenbrock: [-0.6, 1.4],
  hollows: [-0.6, -1],
  points: [0, 1],
};

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
      if (shown()) lab.paintGradient(context, at, style, [asked.x, asked.y], asker.reply(), names());
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

  const names = () => (state.surface.is_mean ? ["w", "b"] : ["x", "y"]);

  // A gradient on another surface is not drawn on this one.
  const shown = () => asked?.surface === state.kind;

  function settings() {
    if (!state.point) return null;
    const [x, y] = state.point;
    return { surface: state.kind, x, y };
  }

  function open(surface, kind) {
    Object.assign(state, { surface, kind, point: [...lab.GRADIENT_PLACES[kind]] });
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
    ["x", "y"].forEach((axis, at) => {
      for (const place of root.querySelectorAll(`[data-axis=${axis}]`)) place.textContent = names()[at];
      const [slope, value] = [told[`along_${axis}`], told[at ? "x" : "y"]];
      const details = { axis: names()[at], other: names()[1 - at], value, slope };
      lab.setWord(find(`cut-${axis}-said`), "idea_gradient_cut", details);
      lab.describe(find(`cut-${axis}`), find(`cut-${axis}-said`).textContent);
      const here = [asked[axis], reply.height, reply[`along_${axis}`]];
      cuts[at].show(reply[`cut_${axis}`], state.surface[axis], here);
    });
  }

  for (const button of root.querySelectorAll("[data-try]")) {
    button.addEventListener("click", () => {
      if (!state.surface) return;
      state.point = [...(state.surface.flat[button.dataset.try] ?? lab.GRADIENT_PLACES[state.kind])];
      put();
      changed();
    });
  }
  lab.onLanguage(root, render);
  menu.start();
};
