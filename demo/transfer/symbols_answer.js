// What the taught network reads: a name large, or a question mark, and why.
lab.createSymbolAnswer = function (root) {
  const find = (name) => root.querySelector(`[data-testid=symbols-${name}]`);
  const card = root.querySelector(".lab-symbols-answer");
  const name = find("answer");
  const sure = card.querySelector(".lab-sure");
  const next = card.querySelector(".lab-symbols-next");
  const nearest = card.querySelector("figure");
  const spoken = card.querySelector(".lab-unseen");
  const track = root.querySelector(".lab-symbols-familiar .lab-track");
  const list = find("bars");
  let bars = []; // a function a name
  let names = []; // of the bars that stand there
  let shown = null; // the answer, null for a blank sheet
  let known = []; // the names that it may answer, or will
  let isTaught = false;

  // Every name has its bar before anything is read.
  function renderBars() {
    const wanted = shown?.names ?? known;
    if (String(wanted) !== String(names)) {
      names = wanted;
      list.replaceChildren();
      bars = names.map((one) => lab.createBar(list, one));
    }
    const best = shown?.label ? Math.max(...shown.probabilities) : null;
    bars.forEach((bar, at) => {
      const chance = isRead() ? shown.probabilities[at] : 0;
      bar(chance, chance === best);
    });
  }

  const isRead = () => Boolean(shown) && shown.reason !== "blank";

  function verdict() {
    if (!isTaught) return ["symbols_untaught"];
    if (!isRead()) return ["symbols_empty"];
    const details = { percent: lab.percent(shown.confidence, 0) };
    return shown.refused ? ["symbols_unknown"] : ["sure", details];
  }

  function second() {
    if (!isRead()) return [null];
    const rank = shown.refused ? 0 : 1;
    const key = shown.refused ? "symbols_nearest_is" : "next";
    return [key, { digit: lab.ranked(shown, rank) }];
  }

  function renderNearest() {
    const picture = isRead() ? shown.nearest : null;
    nearest.classList.toggle("is-away", !picture);
    lab.paintDigit(find("nearest"), picture?.picture);
    const words = picture ? lab.say("symbols_nearest", { name: picture.name }) : "";
    nearest.querySelector("figcaption").textContent = words;
    find("nearest").setAttribute("aria-label", words);
    find("nearest").setAttribute("aria-hidden", String(!picture));
  }

  function renderFamiliar() {
    const share = isRead() ? shown.digit_score : 0;
    const cut = isRead() ? shown.threshold : null;
    track.querySelector("i").style.width = `${100 * Math.min(Math.max(share, 0), 1)}%`;
    track.querySelector(".lab-cut").style.left = `${100 * Math.min(cut ?? 0, 1)}%`;
    track.querySelector(".lab-cut").hidden = cut === null;
    lab.setWord(find("familiar"), isRead() ? "percent" : null, { number: lab.percent(share, 0) });
    const details = { percent: lab.percent(cut ?? 0, 0) };
    const key = cut === null ? "symbols_familiar_note" : "symbols_familiar_cut";
    lab.setWord(find("familiar-note"), key, details);
  }

  function render() {
    name.textContent = isRead() ? (shown.label ?? "?") : "";
    name.style.setProperty("--letters", Math.max([...name.textContent].length, 1));
    card.classList.toggle("is-unknown", isRead() && shown.refused);
    card.classList.toggle("is-empty", !isRead());
    lab.setWord(sure, ...verdict());
    lab.setWord(next, ...second());
    renderBars();
    renderNearest();
    renderFamiliar();
  }

  return {
    render,
    show: (answer) => ((shown = answer), render()),
    follow: (names, taught) => (([known, isTaught] = [names, taught]), render()),

    // For those who hear the page: once a stroke is done, not while it grows.
    announce() {
      const said = shown?.label ? `${shown.label} ` : "";
      const words = isRead() ? `${said}${lab.say(...verdict())}` : "";
      if (spoken.textContent !== words) spoken.textContent = words;
    },
  };
};
