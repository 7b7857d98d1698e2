// The links at the head of a tab: something striking at once, taking it back, being shown around.
lab.createLinks = function (line, tab, say) {
  const [link, back] = line.querySelectorAll("[data-does=attempt], [data-does=takeBack]");
  let undo = null; // takes back what the link did
  let isBusy = false;

  function render() {
    link.setAttribute("aria-busy", String(isBusy));
    back.classList.toggle("is-on", Boolean(undo) && !isBusy);
  }

  return {
    showAround: (opener) => lab.startTour(opener),

    async attempt() {
      if (isBusy) return;
      isBusy = true;
      render();
      await undo?.(); // what the last press did; twice is once
      const done = (await lab.comes(tab)) ? await lab.tries[tab]() : { error: "connection_lost" };
      say(done.error ? done : null);
      undo = done.undo ?? null;
      isBusy = false;
      render();
    },

    async takeBack() {
      const last = undo;
      undo = null;
      say(null);
      link.focus({ preventScroll: true }); // the button that was pressed is gone
      render();
      await last?.();
    },
  };
};
