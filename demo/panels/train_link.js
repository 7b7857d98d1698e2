// The link is the experiment: the recipe in the page's address, and what a lesson hides.
lab.LINK_SETTLED = 300; // ms; browsers refuse to write the address more often than they like
lab.LINK_LONGEST = 100; // characters of a value
lab.LINK_NAMED = 4; // things left out that are named
// What stands in an address for others: the page's own, and marks that messengers and ads add.
lab.LINK_FOREIGN = /^(lang|tab|chapter|path|recipe|hide|view|from|isappinstalled|.clid|utm_.*|_.*)$/;

// "?recipe=mlp&width=64&hide=loss" -> {changes, hidden: [...], left: [what no setting is]}
lab.readTrainLink = function (query) {
  const given = new URLSearchParams(query);
  const known = new Map(lab.TRAIN_FIELDS.map((each) => [each.field, each]));
  const hidden = (given.get("hide") ?? "").split(",").filter((field) => known.has(field));
  const changes = {};
  const left = [];
  if (given.has("recipe")) changes.network = given.get("recipe");
  for (const [name, text] of given) {
    const each = known.get(name);
    const isRead = each && name !== "network" && text.length <= lab.LINK_LONGEST;
    if (isRead) changes[name] = lab.readLinkValue(each, text);
    else if (given.has("recipe") && !lab.LINK_FOREIGN.test(name)) left.push(name);
  }
  return { changes, hidden, left };
};

lab.readLinkValue = function ({ kind }, text) {
  if (kind === "menu") return text;
  if (kind === "switch") return { true: true, false: false }[text];
  if (kind === "list") return text.split(",").filter(Boolean);
  return text === "" ? NaN : Number(text);
};

// The address with a recipe in it, or with none; what stands there for others is kept.
lab.trainAddress = function (address, recipe, hidden) {
  const link = new URL(address);
  const { left } = lab.readTrainLink(link.search);
  const ours = ["tab", "recipe", "hide", ...lab.TRAIN_FIELDS.map(({ field }) => field), ...left];
  ours.forEach((name) => link.searchParams.delete(name));
  if (recipe) {
    link.searchParams.set("tab", "train");
    link.searchParams.set("recipe", recipe.network);
    const changed = lab.changedFields(recipe).map(({ field }) => field);
    changed.forEach((field) => link.searchParams.set(field, String(recipe[field])));
    if (hidden.length) link.searchParams.set("hide", hidden.join(","));
  }
  link.search = link.search.replaceAll("%2C", ",");
  return link.href;
};

lab.createTrainLink = function (section, { isOpen }) {
  const find = (name) => section.querySelector(`[data-testid=${name}]`);
  const [notice, address, list] = ["train-link-notice", "train-address", "train-hide"].map(find);
  const leftOut = find("train-link-left");
  const lesson = find("train-lesson");
  let hidden = [];
  let left = null; // {fields, names} of what the link held in vain
  let copied = null; // the key of what became of copying
  let timer = null;
  let isWritten = false;
  let onHidden = () => {};

  // The recipe that the address asks for, as changes to the best one.
  function read() {
    const asked = lab.readTrainLink(location.search);
    hidden = asked.hidden;
    const { recipe, troubles } = lab.layRecipe(lab.recipe, asked.changes);
    const isIdle = (field) => field !== "network" && !lab.isOffered(field, recipe);
    const fields = Object.keys(asked.changes).filter((field) => troubles[field] || isIdle(field));
    if (fields.length + asked.left.length) left = { fields, names: asked.left };
    fields.forEach((field) => delete asked.changes[field]);
    return asked.changes;
  }

  function leftSaid({ fields, names }) {
    const all = [...fields.map(lab.settingName), ...names.map((name) => name.slice(0, 20))];
    const what = all.slice(0, lab.LINK_NAMED).join(", ") + (all.length > lab.LINK_NAMED ? "…" : "");
    return lab.say("train_link_left", { what });
  }

  function write() {
    copied = null; // of another recipe
    clearTimeout(timer);
    timer = setTimeout(writeNow, lab.LINK_SETTLED);
  }

  // Another tab's address holds nothing of this one.
  function writeNow() {
    if (!lab.recipe || !(isOpen() || isWritten)) return;
    isWritten = isOpen();
    const link = lab.trainAddress(location.href, isWritten ? lab.recipe : null, hidden);
    if (link !== location.href) history.replaceState(history.state, "", link);
    render();
  }

  async function copy() {
    writeNow();
    const isCopied = await lab.copyText(address.textContent, address);
    copied = isCopied ? "train_link_copied" : "train_link_select";
    render();
  }

  function tick(field) {
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.value = field;
    label.append(box, document.createElement("span"));
    return label;
  }

  function render() {
    if (!lab.recipe) return;
    const link = new URL(lab.trainAddress(location.href, lab.recipe, hidden));
    const [place, experiment] = address.children; // copied whole; the second one is seen
    place.textContent = link.origin + link.pathname;
    experiment.textContent = link.search + link.hash;
    for (const label of list.children) {
      const [box, name] = label.children;
      label.hidden = !lab.isOffered(box.value, lab.recipe);
      box.checked = hidden.includes(box.value);
      name.textContent = lab.settingName(box.value);
    }
    lab.setWord(notice, copied);
    leftOut.textContent = left ? leftSaid(left) : "";
  }

  list.append(...lab.TRAIN_FIELDS.map(({ field }) => tick(field)));
  list.addEventListener("change", () => {
    hidden = [...list.querySelectorAll(":checked")].map(({ value }) => value);
    writeNow();
    onHidden();
  });
  lesson.addEventListener("click", () => {
    const isUnfolded = lesson.getAttribute("aria-expanded") === "true";
    lesson.setAttribute("aria-expanded", String(!isUnfolded));
    find("train-lesson-part").hidden = isUnfolded;
  });
  find("train-link-copy").addEventListener("click", copy);
  return {
    read,
    write,
    render,
    isHidden: (field) => hidden.includes(field),
    onHidden: (listener) => (onHidden = listener),
  };
};
