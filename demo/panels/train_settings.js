// A recipe's settings as values: which are offered, what each takes, and how it is said.

// In the order of the form; `more` ones are folded. A slider is logarithmic.
lab.TRAIN_FIELDS = [
  { field: "network", kind: "menu" },
  { field: "optimizer", kind: "menu" },
  { field: "learning_rate", kind: "slider" },
  { field: "epochs", kind: "number" },
  { field: "batch_size", kind: "number" },
  { field: "train_images", kind: "slider" },
  { field: "width", kind: "number", more: true },
  { field: "depth", kind: "number", more: true },
  { field: "activation", kind: "menu", more: true },
  { field: "bias", kind: "switch", more: true },
  { field: "batch_norm", kind: "switch", more: true },
  { field: "dropout", kind: "number", more: true },
  { field: "init", kind: "menu", more: true },
  { field: "loss", kind: "menu", more: true },
  { field: "label_smoothing", kind: "number", more: true },
  { field: "schedule", kind: "menu", more: true },
  { field: "momentum", kind: "number", more: true },
  { field: "beta1", kind: "number", more: true },
  { field: "beta2", kind: "number", more: true },
  { field: "weight_decay", kind: "number", more: true },
  { field: "augment", kind: "list", more: true },
  { field: "label_noise", kind: "number", more: true },
  { field: "noise", kind: "menu", more: true },
  { field: "noise_level", kind: "number", more: true },
  { field: "seed", kind: "number", more: true },
];
lab.GD_EPOCHS = 20; // steps of gradient descent, unless told otherwise: each takes the whole set

lab.trainMenu = null;

// ---- What there is ------------------------------------------------------------------------

lab.trainNetwork = (key) => lab.trainMenu.networks.find((entry) => entry.key === key);
lab.bestRecipe = (recipe) => lab.trainNetwork(recipe.network).recipe;

lab.isOffered = function (field, recipe) {
  if (field === "network") return true;
  const { settings } = lab.trainNetwork(recipe.network);
  return [...settings, ...lab.trainMenu.optimizers[recipe.optimizer].settings].includes(field);
};

lab.choicesOf = function (field, recipe) {
  if (field === "network") return lab.trainMenu.networks.map(({ key }) => key);
  return lab.trainNetwork(recipe.network).choices[field] ?? lab.trainMenu.choices[field];
};

// [lowest, highest]
lab.rangeOf = function (field, recipe) {
  const { ranges, optimizers, noises } = lab.trainMenu;
  if (field === "epochs") return optimizers[recipe.optimizer].epochs;
  if (field === "batch_size") return [1, recipe.train_images];
  if (field === "noise_level") return noises[recipe.noise].levels;
  return ranges[field];
};

// ---- What is right and wrong --------------------------------------------------------------

// {error, details} for a value that this recipe can't have, null for one that it can.
lab.troubleWith = function ({ field, kind }, value, recipe) {
  const bad = { error: "train_bad_choice", details: { setting: field } };
  if (kind === "menu") return lab.choicesOf(field, recipe).includes(value) ? null : bad;
  if (kind === "switch") return typeof value === "boolean" ? null : bad;
  if (kind === "list") {
    const known = (name) => lab.trainMenu.augmentations.includes(name);
    return Array.isArray(value) && value.every(known) ? null : bad;
  }
  const [low, high] = lab.rangeOf(field, recipe);
  const whole = lab.trainMenu.whole.includes(field);
  const fits = typeof value === "number" && value >= low && value <= high;
  if (fits && (!whole || Number.isInteger(value))) return null;
  const details = { setting: field, low: lab.plainNumber(low), high: lab.plainNumber(high) };
  return { error: whole ? "train_bad_whole" : "train_bad_range", details };
};

// Changes laid over a recipe, over the best one of a network that they name:
// {recipe, troubles: {field: {error, details}}}. What is wrong or not offered is left out.
lab.layRecipe = function (current, changes) {
  const troubles = {};
  const entry = lab.trainNetwork(changes.network);
  if ("network" in changes && !entry) {
    troubles.network = { error: "train_bad_choice", details: { setting: "network" } };
  }
  const recipe = { ...(entry ? entry.recipe : current), rate_changes: [] };
  for (const each of lab.inOrderOfNeed()) {
    const { field } = each;
    if (!(field in changes) || !lab.isOffered(field, recipe)) continue;
    const trouble = lab.troubleWith(each, changes[field], recipe);
    if (trouble) troubles[field] = trouble;
    else lab.settle(recipe, field, changes[field]);
  }
  lab.forgetUnoffered(recipe);
  return { recipe, troubles };
};

// Those first on which the limits of others depend.
lab.inOrderOfNeed = function () {
  const first = ["optimizer", "train_images", "noise"];
  const rank = ({ field }) => (first.includes(field) ? 0 : 1);
  const fields = lab.TRAIN_FIELDS.filter(({ field }) => field !== "network");
  return fields.sort((one, other) => rank(one) - rank(other));
};

// Sets a field, and moves those that it leaves without sense.
lab.settle = function (recipe, field, value) {
  const before = { ...recipe };
  recipe[field] = value;
  if (field === "train_images") recipe.batch_size = Math.min(recipe.batch_size, value);
  if (field === "noise" && value !== before.noise) {
    recipe.noise_level = lab.trainMenu.noises[value].middle;
  }
  const { whole } = lab.trainMenu.optimizers[recipe.optimizer];
  if (field === "optimizer" && whole !== lab.trainMenu.optimizers[before.optimizer].whole) {
    recipe.epochs = whole ? lab.GD_EPOCHS : lab.bestRecipe(recipe).epochs;
    recipe.batch_size = Math.min(lab.bestRecipe(recipe).batch_size, recipe.train_images);
  }
};

// A setting that is not offered has its best value, so that it tells two recipes not apart.
lab.forgetUnoffered = function (recipe) {
  const best = lab.bestRecipe(recipe);
  for (const { field } of lab.TRAIN_FIELDS) {
    if (!lab.isOffered(field, recipe)) recipe[field] = best[field];
  }
};

// The fields, in their order, in which a recipe is not its network's best one.
lab.changedFields = function (recipe) {
  const best = lab.bestRecipe(recipe);
  const same = (field) => JSON.stringify(recipe[field]) === JSON.stringify(best[field]);
  const offered = lab.TRAIN_FIELDS.filter(({ field }) => lab.isOffered(field, recipe));
  return offered.filter(({ field }) => !same(field));
};

// ---- How it is said -----------------------------------------------------------------------

// "Adam: Momentum and RMSProp in one" -> the name, and what it means.
lab.nameAndMeaning = function (key, details) {
  const said = lab.say(key, details);
  const at = said.search(/[:：]/);
  return at < 0 ? [said, ""] : [said.slice(0, at), said.slice(at + 1).trim()];
};

lab.settingName = (field) => lab.nameAndMeaning(`train_set_${field}`)[0];

// [name, meaning] of a choice.
lab.choiceSaid = function (field, value) {
  if (field === "noise" && value !== "mixed") {
    return [lab.noiseName(value), lab.nameOf(`noise_note_${value}`, "")];
  }
  const key = `train_${field}_${value}`;
  return lab.hasWord(key) ? lab.nameAndMeaning(key) : [value, ""];
};

lab.valueSaid = function ({ field, kind }, value) {
  if (kind === "menu") return lab.choiceSaid(field, value)[0];
  if (kind === "switch") return lab.say(value ? "train_on" : "train_off");
  if (kind !== "list") return lab.plainNumber(value);
  const names = value.map((name) => lab.choiceSaid(field, name)[0]);
  return names.join(" + ") || lab.say("train_off");
};

// A refusal of a recipe, the server's or the form's, with the setting named as on the form.
lab.sayTrouble = function ({ error, details = {} }) {
  const isOurs = lab.TRAIN_FIELDS.some(({ field }) => field === details.setting);
  const setting = isOurs ? lab.settingName(details.setting) : details.setting;
  return lab.say(error, { ...details, setting });
};

// 59000 -> "59,000", 1e-6 -> "0.000001"
lab.plainNumber = (number) => number.toLocaleString("en", { maximumFractionDigits: 9 });

// What was typed as a number, NaN for what is none: "59,000", "1e-3", "0,01", "０．５".
lab.readNumber = function (text) {
  const plain = text.normalize("NFKC").trim();
  const grouped = /^\d{1,3}([, ]\d{3})+(\.\d+)?$/.test(plain);
  const number = plain.replace(grouped ? /[, ]/g : ",", grouped ? "" : ".");
  return number === "" || number.length > 30 ? NaN : Number(number);
};
