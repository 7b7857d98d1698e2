// The Train tab has two parts in one place: the foundations, and training on digits.
lab.trainPart = null; // "foundations" or "digits", the one that is shown
lab.partHearers = new Set();

lab.showTrainPart = function (part) {
  lab.trainPart = part;
  document.documentElement.dataset.trainPart = part; // the style sheet hides the other one
  lab.partHearers.forEach((listener) => listener(part));
};

lab.startTrainParts = function (element) {
  const buttons = [...element.querySelectorAll("[data-part]")];

  function render() {
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(button.dataset.part === lab.trainPart));
    }
  }

  for (const button of buttons) {
    button.addEventListener("click", () => lab.showTrainPart(button.dataset.part));
  }
  lab.partHearers.add(render);
  lab.onLanguage(element, render);
  const isChapter = lab.chapterAsked() && !lab.runGoesOn();
  if (!lab.trainPart) lab.showTrainPart(isChapter ? "foundations" : "digits");
  render();
};

// The chapter that the address names.
lab.chapterAsked = () => new URLSearchParams(location.search).get("chapter");
