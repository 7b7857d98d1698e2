// Most of the page's scripts and styles come when something needs them: lab.bundles names them.
lab.LATE = 2000; // ms between two tries to fetch what did not come
lab.fetched = new Map(); // a promise for each bundle that was asked for
lab.mostWordsMissing = true; // until the bundle comes that brings them

lab.addressOf = (path) => new URL(path, document.baseURI).href; // the page may stand below a path

lab.appended = function (tag, attributes, place) {
  return new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement(tag), attributes);
    element.addEventListener("load", resolve);
    element.addEventListener("error", () => (element.remove(), reject(new Error(attributes.src))));
    place(element);
  });
};

// Style sheets keep their order, whichever comes first: of two rules the later one wins.
lab.placeStyle = function (link, name) {
  const names = Object.keys(lab.bundles);
  link.dataset.bundle = name;
  const placed = [...document.querySelectorAll("link[data-bundle]")];
  const next = placed.find((one) => names.indexOf(one.dataset.bundle) > names.indexOf(name));
  if (next) next.before(link);
  else document.head.append(link);
};

lab.fetchBundle = async function (name) {
  const { needs, script, style } = lab.bundles[name];
  const sheet = { rel: "stylesheet", href: style && lab.addressOf(style) };
  await Promise.all([
    ...needs.map(lab.need),
    style && lab.appended("link", sheet, (link) => lab.placeStyle(link, name)),
  ]);
  lab.fitMedia();
  const source = { src: lab.addressOf(script), async: false };
  await lab.appended("script", source, (element) => document.head.append(element));
};

// A promise for a bundle and all that it needs; one that did not come is fetched again when asked.
lab.need = function (name) {
  if (!lab.fetched.has(name)) {
    const coming = lab.fetchBundle(name);
    coming.catch(() => lab.fetched.delete(name));
    lab.fetched.set(name, coming);
  }
  return lab.fetched.get(name);
};

// Whether a bundle is there, or comes.
lab.comes = (name) => lab.need(name).then(() => true, () => false);

// Starts what stands in `element` once its bundle is there, and shows it then: nobody meets a
// button that does nothing yet. As long as the server is away it says so, and tries again.
lab.mount = async function (name, element, start) {
  element.classList.add("is-coming");
  const notice = document.createElement("p");
  notice.className = "lab-notice is-late";
  while (!(await lab.comes(name))) {
    lab.setWord(notice, "part_late");
    element.prepend(notice);
    await new Promise((resolve) => setTimeout(resolve, lab.LATE));
  }
  notice.remove();
  element.classList.remove("is-coming");
  start();
  const unfolded = element.querySelectorAll(":scope > details[open]"); // before anybody listened
  for (const panel of unfolded) panel.dispatchEvent(new Event("toggle"));
};

// A folded section of the first tab: its line is there at once, its script comes when it is opened
// or when there is an answer that it may be about. `key` tells it from the others.
lab.mountPanel = function (name, key, element, start) {
  const root = element.firstElementChild;
  let isAsked = false;

  function open() {
    if (isAsked) return;
    isAsked = true;
    lab.mount(name, element, start);
  }

  root.dataset.testid = key;
  lab.onLanguage(root.querySelector("summary"));
  root.addEventListener("toggle", open);
  document.addEventListener("lab-networks", () => lab.networks?.isTaught() && open());
  lab.onReading((reading) => reading && open());
};

// The words that the first look does without.
lab.addWords = function (tables) {
  for (const [language, table] of Object.entries(tables)) Object.assign(lab.tables[language], table);
  lab.mostWordsMissing = false;
  lab.tellLanguage();
};
