// Data, model, optimise, save: once through all four, each with what came of it.

// `loading` gives how the images come, as the batch below is set.
lab.createDataSteps = function (place, server, { loading, count, changed }) {
  const figure = (step) => place.querySelector(`[data-step=${step}] p`);
  const specs = [
    { key: "learning_rate", kind: "slider", low: 1e-4, high: 1, log: true, value: 0.003 },
  ];
  const set = place.querySelector(".lab-data-set");
  const controls = lab.createControls(set, { chapter: "data", specs, changed: want });
  const asker = lab.createAsker(place, {
    ask: (asked) => server.take_four_steps(asked),
    settings,
    show,
  });
  let start = 0; // added to the seed: each press begins from other weights

  function settings() {
    const given = loading();
    return given && { ...given, seed: (given.seed + start) % 2 ** 31, ...controls.values() };
  }

  function want() {
    asker.want();
    changed();
  }

  function show() {
    render();
    count();
  }

  function render() {
    const reply = asker.reply();
    if (!reply) return;
    const { images, numbers, losses, tested, bytes } = reply;
    const [before, after] = [reply.before, reply.after].map((share) => lab.percent(share, 1));
    const [first, last] = [losses[0], losses.at(-1)].map(lab.shortNumber);
    const batches = losses.length;
    lab.setWord(figure("data"), "idea_data_step_data_is", { images, batches });
    lab.setWord(figure("model"), "idea_data_step_model_is", { numbers, tested, before });
    lab.setWord(figure("optimise"), "idea_data_step_optimise_is", { first, last, before, after });
    lab.setWord(figure("save"), reply.same ? "idea_data_step_save_is" : "something_wrong", { bytes });
    drawLosses(losses);
  }

  function drawLosses(losses) {
    const svg = place.querySelector("svg");
    const most = Math.max(...losses);
    const { width, height } = lab.boxOf(svg);
    if (!width) return;
    const across = (at) => 4 + ((width - 8) * at) / Math.max(losses.length - 1, 1);
    const down = (loss) => 4 + (height - 8) * (1 - loss / most);
    const places = losses.map((loss, at) => `${across(at).toFixed(1)} ${down(loss).toFixed(1)}`);
    const end = { cx: across(losses.length - 1), cy: down(losses.at(-1)), r: 3.5 };
    const path = lab.svg("path", { d: `M${places.join("L")}` });
    svg.replaceChildren(path, lab.svg("circle", end));
    lab.describe(svg, figure("optimise").textContent);
  }

  place.querySelector("[data-testid=data-run]").addEventListener("click", () => {
    start += 1;
    want();
  });
  lab.onLanguage(place, render);
  return { want, settings };
};
