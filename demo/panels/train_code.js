// This run as code, on the Train tab: of the run in front, or of the recipe as it is set.
lab.startTrainCode = function (element, server) {
  const root = element.querySelector(".lab-code");
  let shown = null; // the settings that the panel was told of last, as text
  const run = () => lab.runInFront ?? null;

  const view = lab.createCodeView(root, {
    name: "train-code",
    words: {
      title: "train_code_title",
      gist: "train_code_gist",
      gistLines: "train_code_gist_lines",
      get hint() {
        return run() ? "train_code_hint_run" : "train_code_hint";
      },
    },
    details: () => ({ number: run()?.number }),
    settings,
    picture: () => ({}),
    show: (asked) => server.show_train_code(asked),
    save: (asked) => server.save_train_file(asked),
  });

  // What the script depends on, null as long as there is no recipe.
  function settings() {
    if (!run()) return lab.recipe ? { recipe: lab.recipe, steps: null } : null;
    const { recipe, rateChanges, ending, total } = run();
    const isCut = ending?.step > 0 && ending.step < total;
    const changes = lab.allRateChanges(recipe.rate_changes, rateChanges);
    return { recipe: { ...recipe, rate_changes: changes }, steps: isCut ? ending.step : null };
  }

  // A run tells of every point that it adds; the script changes with few of them.
  function hear() {
    const now = JSON.stringify([run()?.number, settings()]);
    if (now === shown) return;
    shown = now;
    view.changed();
  }

  lab.onLanguage(root, view.render);
  lab.onRuns(hear);
  lab.onRecipe(hear);
};

// Those that the recipe began with and those made while it ran, the last one of each step, in order.
lab.allRateChanges = function (planned = [], made = []) {
  const byStep = Object.fromEntries([...planned, ...made]); // whole numbers come out in their order
  return Object.entries(byStep).map(([step, rate]) => [Number(step), rate]);
};
