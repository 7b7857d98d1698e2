// The foundations' chapters: a list to choose from, and the one that is shown.
lab.chapterKeys = [];
lab.chapter = null; // the key of the one that is shown
lab.chapterHearers = new Set();

lab.openChapter = function (key) {
  if (!lab.chapterKeys.includes(key)) return;
  lab.chapter = key;
  lab.showTrainPart("foundations");
  const address = new URL(location.href);
  address.searchParams.set("tab", "train");
  address.searchParams.set("chapter", key);
  history.replaceState(history.state, "", address);
  lab.chapterHearers.forEach((listener) => listener());
};

lab.startChapters = function (element, keys) {
  const list = element.firstElementChild;
  lab.chapterKeys = keys;
  lab.chapter ??= keys.includes(lab.chapterAsked()) ? lab.chapterAsked() : keys[0];
  for (const key of keys) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.chapter = key;
    button.dataset.testid = `open-${key}`;
    button.dataset.word = `idea_${key}`;
    button.addEventListener("click", () => lab.openChapter(key));
    list.append(button);
  }

  function render() {
    for (const button of list.children) {
      const isShown = button.dataset.chapter === lab.chapter;
      if (isShown) button.setAttribute("aria-current", "page");
      else button.removeAttribute("aria-current");
      if (isShown) list.scrollTo({ left: button.offsetLeft - list.clientWidth / 3 });
    }
  }
  lab.chapterHearers.add(render);
  lab.partHearers.add(render);
  lab.onLanguage(element, render);
};

// A chapter's script starts when it is shown for the first time: closed ones ask nothing.
lab.mountChapter = function (key, element, server) {
  const inner = element.closest(".lab-part-foundations");
  const block = inner.parentElement.closest(".lab-part-foundations") ?? inner; // gradio marks two
  const root = element.querySelector("[data-chapter]");
  const start = `start${key[0].toUpperCase()}${key.slice(1)}Chapter`;
  let isStarted = false;

  function show() {
    block.classList.toggle("is-away", lab.chapter !== key);
    if (isStarted || lab.chapter !== key || lab.trainPart !== "foundations") return;
    isStarted = true;
    lab.mount("foundations", element, () => lab[start](root, server));
  }
  lab.chapterHearers.add(show);
  lab.partHearers.add(show);
  lab.onLanguage(root);
  show();
};
