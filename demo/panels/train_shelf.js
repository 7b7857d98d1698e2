// The shelf: every run of this browser as a row, sorted as the visitor likes.
lab.startTrainShelf = function (element, server) {
  const root = element.firstElementChild;
  const find = (name) => root.querySelector(`[data-testid=shelf-${name}]`);
  const table = find("runs");
  const rows = new Map(); // run -> its row
  let told = null; // {key, details, isWrong} of the line beside the title
  let removed = null; // the run that was deleted last

  const kept = lab.createShelfStore("lab.runs");
  const use = lab.createShelfUse(server, { tell, changed: () => render() });
  const heads = lab.createShelfHeads(table.tHead.rows[0], order);
  const does = { use: use.press, weights: use.download, again: startAgain, remove };
  for (const format of Object.keys(lab.SHELF_FILES)) {
    does[format] = (run) => lab.saveRun(run, format);
  }

  function tell(key, details = {}, isWrong = false) {
    told = key && { key, details, isWrong };
    render();
  }

  // The form is above; what it now holds is to be seen.
  function startAgain(run) {
    lab.setRecipe(run.recipe);
    lab.bringIntoView(document.querySelector(".lab-train-form"));
  }

  function remove(run) {
    lab.runs.splice(lab.runs.indexOf(run), 1);
    removed = run;
    told = { key: "shelf_deleted", details: { number: run.number } };
    if (lab.runInFront === run) lab.showRun(lab.runs.at(-1) ?? null);
    else lab.tellRuns();
  }

  function bringBack() {
    lab.runs.push(removed);
    lab.runs.sort((one, other) => one.number - other.number);
    removed = told = null;
    lab.tellRuns();
  }

  function rowOf(run) {
    if (!rows.has(run)) rows.set(run, lab.createShelfRow(run, does, use));
    return rows.get(run);
  }

  function order() {
    const sorted = heads.sorted(lab.runs);
    const elements = sorted.map((run) => rowOf(run).element);
    const [body] = table.tBodies;
    for (const run of rows.keys()) if (!lab.runs.includes(run)) rows.delete(run);
    if (elements.length === body.children.length) {
      if (elements.every((row, at) => row === body.children[at])) return;
    }
    const focused = root.contains(document.activeElement) ? document.activeElement : null;
    body.replaceChildren(...elements);
    focused?.focus({ preventScroll: true });
  }

  function renderNotice() {
    const unsaved = kept.isSaved() ? null : { key: "shelf_unsaved", details: {}, isWrong: true };
    const { key, details, isWrong } = told ?? unsaved ?? {};
    const words = key ? lab.say(key, details) : "";
    const notice = find("notice");
    if (notice.textContent !== words) notice.textContent = words; // heard once
    notice.classList.toggle("is-wrong", Boolean(isWrong));
    find("undo").hidden = told?.key !== "shelf_deleted" || !removed;
  }

  function render() {
    find("empty").hidden = lab.runs.length > 0;
    table.hidden = !lab.runs.length;
    order();
    heads.render();
    for (const run of lab.runs) rowOf(run).render();
    renderNotice();
  }

  find("load").addEventListener("click", () => find("file").click());
  find("file").addEventListener("change", ({ target }) => {
    if (target.files.length) use.load(target.files[0]);
    target.value = ""; // so that the same file can be chosen again
  });
  find("undo").addEventListener("click", bringBack);
  lab.addRuns(kept.restored());
  if (!lab.runInFront && lab.runs.length) lab.showRun(lab.runs.at(-1));
  lab.onRuns(() => {
    kept.save(lab.runs);
    use.follow();
    render();
  });
  lab.ownNetworks.onChange(render);
  lab.ownCleaners.onChange(render);
  lab.trainMenuReady.then(render);
  new IntersectionObserver(([{ isIntersecting }]) => use.look(isIntersecting)).observe(root);
  lab.onLanguage(element, render);
};
