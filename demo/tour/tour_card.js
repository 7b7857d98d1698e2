// The card of the walk: its sentence, and Back, Next and Close.

// `go(1)` is the next step, `go(-1)` the one before.
lab.createTourCard = function ({ go, close }) {
  const element = document.createElement("div");
  element.className = "lab-bare";
  element.innerHTML = lab.TOUR_CARD;
  document.body.append(element);
  const find = (name) => element.querySelector(`[data-testid=tour-${name}]`);
  let key = null;
  let at = 0;

  const isLast = () => at === lab.TOUR.length - 1;

  function render() {
    if (!key) return;
    lab.setWord(find("step"), "tour_step", { at: at + 1, count: lab.TOUR.length });
    lab.setWord(find("said"), `tour_${key}`);
    lab.setWord(find("next"), isLast() ? "tour_done" : "tour_next");
    lab.hold(find("back"), at ? null : "tour_first");
  }

  function show(newKey, to) {
    const hadFocus = document.activeElement === find("back");
    [key, at] = [newKey, to];
    render();
    if (hadFocus && at === 0) find("next").focus({ preventScroll: true });
  }

  find("next").addEventListener("click", () => go(1));
  find("back").addEventListener("click", () => go(-1));
  find("close").addEventListener("click", close);
  lab.onLanguage(element, render);
  return { card: element.firstElementChild, element, show, focus: () => find("next").focus() };
};

lab.TOUR_CARD = `
  <section class="lab-tour" role="dialog" data-word-label="tour_label" aria-describedby="lab-tour-said">
    <p class="lab-tour-step" data-testid="tour-step"></p>
    <p class="lab-tour-said" id="lab-tour-said" aria-live="polite" data-testid="tour-said"></p>
    <div class="lab-tour-buttons">
      <button type="button" class="lab-button" data-testid="tour-close" data-word="tour_close"></button>
      <button type="button" class="lab-button" data-testid="tour-back" data-word="tour_back"></button>
      <button type="button" class="lab-button is-main" data-testid="tour-next"></button>
    </div>
  </section>`;
