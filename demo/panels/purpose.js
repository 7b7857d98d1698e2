// At the head of a tab: what it is for, and links whose script comes when one of them is pressed.
lab.tries = {}; // by tab, from its bundle: does it, and gives {undo}, or {error, details}
lab.startPurpose = function (element, tab) {
  const line = element.firstElementChild;
  line.dataset.tab = tab;
  const [said, link] = line.querySelectorAll("[data-testid=purpose], [data-does=attempt]");
  let links = null;
  let wrong = null; // {error, details} of what a link did

  const key = (start) => [start, tab].join("_"); // of the first look's words only AT_HEAD

  function say(trouble) {
    wrong = trouble;
    lab.setWord(said, wrong?.error ?? key("purpose"), wrong?.details);
    lab.setWord(link, key("try"));
    said.classList.toggle("is-wrong", Boolean(wrong));
  }

  line.addEventListener("click", async ({ target }) => {
    const { does } = target.dataset;
    if (!does) return;
    if (!(await lab.comes("tour"))) return say({ error: "connection_lost" });
    links ??= lab.createLinks(line, tab, say);
    links[does](target);
  });
  lab.onLanguage(line, () => say(wrong));
};
