// How careful the reader is: what counts as a digit, as a slider with its share of digits to lose.
lab.createCare = function (root, changed) {
  const find = (name) => root.querySelector(`[data-testid=${name}]`);
  const slider = find("care");
  const field = find("care-percent");
  const score = find("score");
  const track = root.querySelector(".lab-score .lab-track");
  let stops = []; // the shares of real digits that the slider offers to lose
  let care = null; // the server's own choice until the menu is there
  let refuses = true; // whether the chosen network has learned what is no digit
  let isTaught = false; // whether it knows other names, and refuses by a threshold of its own

  function render() {
    slider.max = Math.max(stops.length - 1, 1);
    slider.value = nearest();
    for (const one of [slider, field]) lab.hold(one, why());
    field.max = 100 * (stops.at(-1) ?? 1);
    if (document.activeElement !== field) field.value = care === null ? "" : asPercent(care);
    slider.setAttribute("aria-valuetext", note());
    find("care-note").textContent = note();
  }

  function why() {
    if (isTaught) return "care_taught";
    if (!refuses) return "care_never";
    return stops.length ? null : "hold_busy";
  }

  function note() {
    if (isTaught) return lab.say("care_taught");
    if (!refuses) return lab.say("care_never");
    return care === 0 ? lab.say("care_none") : lab.say("care_note", { percent: asPercent(care) });
  }

  function asPercent(share) {
    return String(Number((100 * share).toFixed(2)));
  }

  function nearest() {
    const apart = stops.map((stop) => Math.abs(stop - care));
    return Math.max(apart.indexOf(Math.min(...apart)), 0);
  }

  function set(share) {
    care = share;
    render();
    changed();
  }

  // A number beyond the ends is taken for the end; what is no number for the last one that was.
  function typed() {
    const share = field.value === "" ? care : field.valueAsNumber / 100;
    set(Math.min(Math.max(share, stops[0]), stops.at(-1)));
    field.value = asPercent(care);
  }

  slider.addEventListener("input", () => set(stops[slider.valueAsNumber]));
  field.addEventListener("change", typed);

  return {
    render,
    value: () => care,

    offer(cares, chosen) {
      stops = cares ?? [];
      care = chosen ?? null;
      render();
    },

    follow(network) {
      refuses = network?.refuses ?? true;
      isTaught = Boolean(network?.names);
      render();
    },

    // The score of what is on the sheet, and the threshold that cuts it.
    show(answer) {
      const share = answer?.digit_score ?? 0;
      track.querySelector("i").style.width = `${100 * share}%`;
      track.querySelector(".lab-cut").style.left = `${100 * (answer?.threshold ?? 0)}%`;
      track.querySelector(".lab-cut").hidden = !answer?.threshold;
      lab.setWord(score, "percent", { number: lab.percent(share, 1) });
    },
  };
};
