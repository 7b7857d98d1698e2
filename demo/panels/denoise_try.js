// "Clean a mosaic": the digit in blocks, wiped clean from one side to the other.
lab.MOSAIC = { noise: "mosaic", level: 4 }; // px
lab.WIPE_TIME = 1600; // ms

lab.tries.denoise = async function () {
  const stage = document.querySelector(".lab-clean-stage");
  await lab.cleaningReady;
  const { noise, level, cleaner } = lab.cleaning;
  const answered = lab.nextCleaning();
  lab.setCleaning({ ...lab.MOSAIC, cleaner: lab.USUAL_CLEANER });
  lab.bringIntoView(stage);
  const reply = await lab.patiently(answered);
  if (!reply.error) lab.wipe(stage.querySelector("[data-testid=wiper]"));
  return { ...reply, undo: () => lab.setCleaning({ noise, level, cleaner }) };
};

// Resolves with the next answer that is told.
lab.nextCleaning = function () {
  return new Promise((resolve) => {
    const listener = () => {
      lab.cleaningHearers.delete(listener);
      resolve({});
    };
    lab.cleaningHearers.add(listener);
  });
};

// From the spoiled digit to the cleaned one, unless the visitor takes hold of it.
lab.wipe = function (wiper) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const began = performance.now();
  const held = new AbortController();
  wiper.addEventListener("pointerdown", () => held.abort(), { signal: held.signal });

  function step(now) {
    if (held.signal.aborted) return;
    const share = Math.min((now - began) / lab.WIPE_TIME, 1);
    wiper.value = Math.round(100 * (1 - share));
    wiper.dispatchEvent(new Event("input"));
    if (share < 1) requestAnimationFrame(step);
    else held.abort();
  }
  requestAnimationFrame(step);
};
