// Moves a slider of a chapter, or its point by an arrow key where it has none, and gives the
// milliseconds until the picture of it is shown.
([chapter, at, share]) =>
  new Promise((resolve) => {
    const root = document.querySelector(`[data-testid=chapter-${chapter}]`);
    const sliders = [...root.querySelectorAll("input[type=range]")].filter(
      (one) => one.offsetParent && !one.disabled,
    );
    const began = performance.now();
    const done = (answer) => {
      watch.disconnect();
      clearTimeout(timer);
      resolve(answer);
    };
    const watch = new MutationObserver(() =>
      requestAnimationFrame(() => done(performance.now() - began)),
    );
    const timer = setTimeout(done, 3000, null); // ms; this slider asks the server nothing
    watch.observe(root, { attributeFilter: ["data-pictures"] });
    if (sliders.length) slide(sliders[at % sliders.length]);
    else {
      const key = at % 8 < 4 ? "ArrowLeft" : "ArrowRight";
      root.querySelector(".lab-surface-grip").dispatchEvent(new KeyboardEvent("keydown", { key }));
    }

    function slide(slider) {
      const [low, high] = [slider.min, slider.max].map(Number);
      const step = Number(slider.step) || 1;
      let value = low + step * Math.round((share * (high - low)) / step);
      if (String(value) === slider.value) value = value > low ? value - step : value + step;
      slider.value = value;
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
