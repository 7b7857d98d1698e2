// Opens a place of the lab without leaving the page: its tab, its part, set as the book has it.
lab.PLACE_LOOK = 100; // ms between two looks whether something is there
lab.PLACE_LOOKS = 8; // at a place that was opened, whether it is still in view
lab.PLACE_TABS = {
  draw: ".lab-draw",
  denoise: ".lab-denoise",
  train: "[data-testid=train-parts]",
  transfer: "[data-testid=transfer-parts]",
};

lab.isPlaceSeen = (element) => Boolean(element?.offsetParent) && !element.closest(".is-coming");

// `isMeant` tells whether the visitor still wants to go there. Gives the element that was sought,
// null where something else was wanted in between.
lab.openPlace = async function (place, isMeant) {
  const sought = (name) => document.querySelector(`[data-testid="${name}"]`);

  async function comesTrue(is) {
    while (isMeant() && !is()) await new Promise((resolve) => setTimeout(resolve, lab.PLACE_LOOK));
  }

  await comesTrue(() => {
    const isOpen = lab.isPlaceSeen(document.querySelector(lab.PLACE_TABS[place.tab]));
    if (!isOpen) lab.openTab(`tab_${place.tab}`); // again where gradio was still laying tabs out
    return isOpen;
  });
  if (place.tab !== "draw") await lab.need(place.tab);
  if (place.chapter) await comesTrue(() => lab.chapterKeys.includes(place.chapter));
  if (place.part) await comesTrue(() => lab.transferKeys.includes(place.part));
  if (isMeant()) await lab.setPlace(place);
  if (place.press) await comesTrue(() => lab.isPlaceSeen(sought(place.press)));
  if (place.press && isMeant()) sought(place.press).click();
  await comesTrue(() => lab.isPlaceSeen(sought(place.target)));
  if (!isMeant()) return null;
  if (place.isFolded) sought(place.target).open = true;
  return sought(place.target);
};

lab.setPlace = async function ({ chapter, part, recipe, cleaning, network }) {
  if (chapter) lab.openChapter(chapter);
  if (part) lab.showTransferPart(part);
  if (recipe) {
    lab.showTrainPart("digits");
    await lab.trainMenuReady;
    lab.setRecipe(recipe);
  }
  if (cleaning) {
    await lab.cleaningReady;
    lab.setCleaning(cleaning);
  }
  if (network) lab.networks.choose(network);
};

// The address says where one is, for a reload and for whoever gets it.
lab.writePlace = function ({ tab, chapter, part }, key) {
  const address = new URL(location.href);
  for (const [name, value] of Object.entries({ tab, chapter, part, path: key })) {
    if (value) address.searchParams.set(name, value);
    else address.searchParams.delete(name);
  }
  history.replaceState(history.state, "", address);
};

// Scrolls there, and again while what stands above it still grows, until the visitor moves.
lab.keepInView = async function (target, isMeant) {
  let isMoved = false;
  const heed = () => (isMoved = true);
  const kinds = ["wheel", "touchstart", "pointerdown", "keydown"];
  kinds.forEach((kind) => addEventListener(kind, heed, { once: true, passive: true }));
  for (let look = 0; look < lab.PLACE_LOOKS && isMeant() && !isMoved; look += 1) {
    lab.bringIntoView(target);
    await new Promise((resolve) => setTimeout(resolve, 4 * lab.PLACE_LOOK));
  }
  kinds.forEach((kind) => removeEventListener(kind, heed));
};
