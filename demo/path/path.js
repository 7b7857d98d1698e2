// The book's path: its list, and the bar that leads from one entry to the next.
lab.createPath = function (element, server) {
  const find = (name) => element.querySelector(`[data-testid=${name}]`);
  const root = find("path");
  const [bar, about, now] = ["path-bar", "path-about", "path-now"].map(find);
  const notice = root.querySelector(".lab-notice");
  let entries = [];
  let at = -1; // the entry that is open
  let turn = 0; // counts what was asked for: only the last is opened
  let trouble = null;
  let loading = null;

  async function load() {
    const reply = await lab.patiently(server.book_path({}));
    trouble = reply.error ? reply : null;
    entries = reply.entries ?? [];
    render();
    if (trouble) loading = null; // asked again with the next link
  }

  async function go(key, place) {
    const mine = (turn += 1);
    loading ??= load();
    await loading;
    const found = entries.findIndex((entry) => entry.key === key);
    if (mine !== turn) return;
    if (found < 0) return showList();
    const entry = entries[found];
    at = found;
    render();
    const target = await lab.openPlace(entry.places[place] ?? entry.places[0], () => mine === turn);
    if (!target) return;
    lab.writePlace(entry.places[place] ?? entry.places[0], key);
    target.classList.add("lab-path-target");
    heed(target);
    lab.keepInView(target, () => mine === turn);
  }

  // Who pressed a link goes on where it led; the bar keeps the focus that it has.
  function heed(target) {
    const from = document.activeElement;
    if (from === document.body || bar.contains(from)) return;
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
  }

  function showList() {
    root.open = true;
    const current = root.querySelector("[aria-current]") ?? root;
    lab.bringIntoView(current);
    root.querySelector("summary").focus({ preventScroll: true });
  }

  function renderList() {
    for (const list of root.querySelectorAll(".lab-path-list")) {
      const cards = entries.map((entry, place) => entry.kind === list.dataset.kind && place);
      const places = cards.filter((place) => place !== false);
      list.replaceChildren(...places.map((place) => lab.pathCard(entries[place], place)));
      list.start = places[0] + 1;
    }
    find(`path-${entries[at]?.key}`)?.setAttribute("aria-current", "step");
  }

  function renderBar() {
    const entry = entries[at];
    bar.hidden = !entry;
    document.documentElement.classList.toggle("is-on-path", Boolean(entry));
    if (!entry) return;
    const count = entries.length;
    const word = entry.today.length ? "path_at_amiss" : "path_at";
    lab.setWord(now.querySelector("small"), word, { at: at + 1, count });
    lab.setWord(now.querySelector("b"), `path_${entry.key}`);
    const name = document.createElement("h4");
    lab.setWord(name, `path_${entry.key}`);
    about.replaceChildren(name, ...lab.pathParts(entry));
    step(find("path-previous"), entries[at - 1]);
    step(find("path-next"), entries[at + 1]);
  }

  function step(link, entry) {
    link.classList.toggle("is-away", !entry);
    if (!entry) return link.removeAttribute("href");
    link.href = lab.pathAddress(entry.address);
    link.dataset.path = entry.key;
    return link;
  }

  function render() {
    lab.setWord(notice, trouble?.error ?? null, trouble?.details);
    renderList();
    renderBar();
  }

  function unfold(isOpen) {
    about.hidden = !isOpen;
    now.setAttribute("aria-expanded", String(isOpen));
  }

  now.addEventListener("click", () => unfold(about.hidden));
  bar.addEventListener("keydown", ({ key }) => /^Esc/.test(key) && unfold(false));
  find("path-leave").addEventListener("click", () => {
    at = -1;
    turn += 1;
    lab.writePlace(Object.fromEntries(new URLSearchParams(location.search)), null);
    render();
  });
  loading = load();
  lab.onLanguage(element, render);
  return { go };
};
