// A walk through the lab, a sentence a step, beside the thing that it is about. It covers nothing
// and holds nobody: the page can be used meanwhile.
lab.TOUR = [
  { key: "sheet", tab: "draw", place: ".lab-sheet" },
  { key: "answer", tab: "draw", place: ".lab-reading, .lab-answer" },
  { key: "denoise", tab: "denoise", place: ".lab-clean-stage" },
  { key: "train", tab: "train", place: ".lab-train-presets", part: "part-digits" },
  { key: "transfer", tab: "transfer", place: "[data-testid=transfer-parts]" },
  { key: "code", tab: "draw", place: "[data-testid=code]" },
];
lab.TOUR_LOOKS = 100; // ms between two looks for what a tab is still laying out
lab.TOUR_EDGE = 12; // px around what is shown
lab.closeTour = null; // closes the one that is open

// `opener` gets the focus back.
lab.startTour = function (opener) {
  lab.closeTour?.();
  const gone = new AbortController();
  const card = lab.createTourCard({ go: (by) => go(at + by), close });
  let at = -1;
  let outlined = null;
  // A tab that has just been opened goes on growing, and pushes the place about.
  const growth = new ResizeObserver(() => lab.bringBeside(outlined, card.card));
  const letGo = () => growth.disconnect();

  function outline(place) {
    outlined?.classList.remove("lab-toured");
    outlined = place;
    letGo();
    if (!place) return;
    place.classList.add("lab-toured");
    growth.observe(document.body);
  }

  async function go(to) {
    if (to === lab.TOUR.length) return close();
    const step = lab.TOUR[(at = to)];
    outline(null);
    card.show(step.key, to);
    const isStill = () => at === to && !gone.signal.aborted;
    const place = await lab.arriveAt(step, isStill);
    if (isStill()) outline(place);
  }

  function close() {
    gone.abort();
    outline(null);
    card.element.remove();
    lab.closeTour = null;
    const [link] = [opener, ...document.querySelectorAll("[data-does=showAround]")].filter(
      (each) => each.offsetParent,
    );
    link?.focus({ preventScroll: true });
  }

  const keys = { Escape: close };
  for (const kind of ["wheel", "touchmove", "pointerdown"]) document.addEventListener(kind, letGo, gone);
  document.addEventListener("keydown", ({ key }) => keys[key]?.(), gone);
  lab.closeTour = close;
  go(0);
  card.focus();
};

// Opens the tab of a step, and gives the place there once it is laid out.
lab.arriveAt = async function ({ tab, place, part }, isStill) {
  lab.openTab(`tab_${tab}`);
  await lab.comes(tab);
  const find = (what) => [...document.querySelectorAll(what)].find((each) => each.offsetParent);
  while (isStill()) {
    if (part) find(`[data-testid=${part}]:not([aria-pressed=true])`)?.click();
    if (find(place)) return find(place);
    await new Promise((resolve) => setTimeout(resolve, lab.TOUR_LOOKS));
  }
  return null;
};

// Scrolls so that it stands above the card, or begins at the top where it is too high for that.
lab.bringBeside = function (place, card) {
  const { top, bottom } = place.getBoundingClientRect();
  const room = card.getBoundingClientRect().top;
  if (top >= 0 && bottom + lab.TOUR_EDGE <= room) return;
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  scrollBy({ top: top - lab.TOUR_EDGE, behavior: isStill ? "auto" : "smooth" });
};
