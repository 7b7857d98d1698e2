// The recipe of the Train tab: what is chosen, and the form that it is chosen with.
lab.recipe = null; // a whole one, the last that was right
lab.recipeHearers = new Set();
lab.trainMenuReady = new Promise((resolve) => (lab.trainMenuIsReady = resolve));

// Calls `listener` with lab.recipe at once, if there is one, and after every change.
lab.onRecipe = function (listener) {
  lab.recipeHearers.add(listener);
  if (lab.recipe) listener(lab.recipe);
};

// Lays changes over the recipe, or over the best one of the network that they name. What is wrong
// is left out and told under its field; gives {field: {error, details}} of it.
lab.setRecipe = function (changes) {
  if (!lab.trainMenu) {
    lab.trainMenuReady.then(() => lab.setRecipe(changes));
    return {};
  }
  const { recipe, troubles } = lab.layRecipe(lab.recipe, changes);
  lab.recipe = recipe;
  lab.recipeTroubles = troubles;
  lab.recipeHearers.forEach((listener) => listener(recipe));
  return troubles;
};
lab.recipeTroubles = {};

lab.createTrainForm = function (root, server) {
  const section = root.querySelector(".lab-train-form");
  const find = (name) => section.querySelector(`[data-testid=${name}]`);
  const rows = lab.TRAIN_FIELDS.map((each) => lab.createSetting(each, (to) => choose(each, to)));
  rows.forEach((row, at) => {
    find(lab.TRAIN_FIELDS[at].more ? "train-more-rows" : "train-rows").append(row.element);
  });
  const epochs = rows.find(({ field }) => field === "epochs");
  const best = find("train-best");
  const cost = lab.createTrainCost(section, {
    ask: (request) => server.check_recipe(request),
    isOpen,
    told: render,
  });
  const fed = lab.createTrainFed(find("train-fed"), { ask: (one) => server.preview_feed(one) });
  const link = lab.createTrainLink(section, { isOpen });
  let batch = 0; // the last size that the number of images did not cut: more of them restore it
  let loading = false;
  let wasOpen = false;

  function isOpen() {
    return section.offsetParent !== null;
  }

  // A network that is chosen keeps nothing of the one before: its best recipe is the start.
  function choose({ field }, value) {
    const isCut = field === "train_images" && batch > lab.recipe.batch_size;
    const more = isCut ? { batch_size: Math.min(batch, value) } : {};
    lab.setRecipe({ [field]: value, ...more });
  }

  function render() {
    for (const row of rows) {
      row.render(lab.recipe, lab.recipeTroubles[row.field]);
      row.element.hidden ||= link.isHidden(row.field);
    }
    if (!lab.recipe) return;
    renderFacts();
    renderMore();
    best.hidden = !lab.changedFields(lab.recipe).length;
  }

  // What the server counted stands behind what a choice means.
  function renderFacts() {
    const { parameters, steps } = cost.facts();
    const count = parameters ?? lab.trainNetwork(lab.recipe.network).parameters;
    rows[0].add(lab.say("train_parameters", { count: lab.plainNumber(count) }));
    if (steps) epochs.add(lab.say("train_cost_steps", { count: lab.plainNumber(steps) }));
  }

  // One line of what is folded away and not as in the best recipe.
  function renderMore() {
    const differing = lab
      .changedFields(lab.recipe)
      .filter(({ field, more }) => more && !link.isHidden(field))
      .map((each) => `${lab.settingName(each.field)} ${lab.valueSaid(each, lab.recipe[each.field])}`);
    find("train-more-said").textContent = differing.join(" · ") || lab.say("train_more_same");
    find("train-more").classList.toggle("is-changed", differing.length > 0);
    find("train-more").hidden = rows.every(
      ({ element }, at) => !lab.TRAIN_FIELDS[at].more || element.hidden,
    );
  }

  async function load() {
    if (loading || lab.trainMenu) return;
    loading = true;
    const menu = await lab.patiently(server.train_menu({}));
    loading = false;
    if (menu.error) return cost.tell(menu);
    lab.trainMenu = menu;
    lab.recipe = { ...menu.networks[0].recipe };
    lab.onRecipe(render);
    lab.onRecipe(({ batch_size, train_images }) => {
      if (batch_size < train_images) batch = batch_size;
    });
    lab.setRecipe(link.read());
    lab.onRecipe(cost.want);
    lab.onRecipe(fed.changed);
    lab.onRecipe(link.write);
    lab.trainMenuIsReady(menu);
    section.classList.remove("is-waiting");
  }

  // What was missed while another tab was open is asked when this one opens.
  function follow() {
    if (wasOpen === isOpen()) return;
    wasOpen = isOpen();
    link.write();
    if (!wasOpen) return;
    load();
    cost.want();
    fed.changed();
  }

  best.addEventListener("click", () => lab.setRecipe({ network: lab.recipe.network }));
  link.onHidden(render);
  new ResizeObserver(follow).observe(section);
  lab.onLanguage(section, () => {
    render();
    cost.render();
    fed.render();
    link.render();
  });
};
