// What the network says: the digit, how sure it is, ten bars, and the 28 x 28 pixels it saw.
lab.DIGITS = [..."0123456789"];
lab.SEEN_SIDE = 28; // px
// What is called otherwise while a network reads that was taught other names than the digits.
lab.TITLES = [
  [".lab-bars .lab-caption", "bars_title", "symbols_bars"],
  [".lab-score > span", "score_title", "symbols_familiar"],
];

lab.createAnswer = function (root) {
  const find = (selector) => root.querySelector(selector);
  const digit = find("[data-testid=answer]");
  const number = find("[data-testid=number]");
  const sure = find(".lab-sure");
  const next = find(".lab-next");
  const spoken = find(".lab-unseen");
  const seen = find("[data-testid=seen]").getContext("2d");
  let names = null; // what the network may answer
  let bars = []; // one a name
  let shown = null; // the answer on the page, null for a blank sheet

  const verdict = () => lab.verdict(shown);
  const ranked = (rank) => lab.ranked(shown, rank);

  function render() {
    const blank = !shown || shown.reason === "blank";
    digit.textContent = blank ? "" : (shown.label ?? "?");
    digit.style.setProperty("--letters", [...digit.textContent].length || 1); // long names too
    lab.setWord(sure, ...verdict());
    if (blank || shown.refused) lab.setWord(next, blank ? "empty_hint" : null);
    else lab.setWord(next, "next", { digit: ranked(1) });
    number.hidden = !shown?.number;
    number.textContent = shown?.number ?? "";
    number.style.setProperty("--digits", number.textContent.length); // long ones get smaller
    bars.forEach((bar, at) => {
      bar(blank ? 0 : shown.probabilities[at], !blank && names[at] === ranked(0));
    });
    root.dataset.blank = String(blank);
    root.classList.toggle("is-refused", !blank && shown.refused);
  }

  function drawSeen(text) {
    const image = seen.createImageData(lab.SEEN_SIDE, lab.SEEN_SIDE);
    const levels = text ? lab.toBytes(text) : new Uint8Array(lab.SEEN_SIDE ** 2);
    levels.forEach((level, pixel) => image.data.set([level, level, level, 255], 4 * pixel));
    seen.putImageData(image, 0, 0);
  }

  function show(answer) {
    shown = answer;
    follow(answer?.names ?? (answer ? lab.DIGITS : names));
    render();
    drawSeen(answer?.seen);
  }

  // A bar for each of these names, which are the ten digits unless a network was taught others.
  function follow(wanted) {
    if (String(names) === String(wanted)) return;
    const list = find("[data-testid=bars]");
    names = wanted;
    list.replaceChildren();
    bars = names.map((name) => lab.createBar(list, name));
    const isTaught = names !== lab.DIGITS;
    root.classList.toggle("is-taught", isTaught);
    for (const [place, usual, taught] of lab.TITLES) {
      find(place).dataset.word = isTaught ? taught : usual;
      lab.setWord(find(place), find(place).dataset.word);
    }
  }

  // A network that was chosen: its names stand there before it reads. It reads the sheet anew.
  function followNetwork(line) {
    if (!shown) follow(line?.names ?? lab.DIGITS);
  }

  // For those who hear the page: once a stroke is done, not while it grows.
  function announce() {
    const reads = shown?.label && !shown.refused ? lab.say("spoken", { digit: shown.label }) : "";
    const words = shown ? `${reads} ${lab.say(...verdict())}`.trim() : "";
    if (spoken.textContent !== words) spoken.textContent = words;
  }

  follow(lab.DIGITS);
  show(null);
  return { show, render, announce, followNetwork, isShowing: () => shown !== null };
};

// What one hears when the pen is up, and reads beside the digit: a key of the words and its details.
lab.verdict = function (answer) {
  if (!answer || answer.reason === "blank") return ["empty_answer", {}];
  const details = { digit: lab.ranked(answer, 0), percent: lab.percent(answer.confidence, 0) };
  if (!answer.refused) return ["sure", details];
  const key = `reason_${answer.reason}`;
  return [key in lab.tables[lab.language] ? key : "reason_other", details];
};

// The digit, or the name, of a rank: 0 the likeliest.
lab.ranked = function ({ probabilities, names = lab.DIGITS }, rank) {
  const order = [...names.keys()].sort((a, b) => probabilities[b] - probabilities[a]);
  return names[order[rank]];
};

// One of the ten lines; gives the function that sets its probability.
lab.createBar = function (list, name) {
  const row = document.createElement("li");
  const [label, track, value] = ["b", "span", "span"].map((tag) => document.createElement(tag));
  const fill = document.createElement("i");
  row.className = "lab-bar";
  track.className = "lab-track";
  value.className = "lab-value";
  label.textContent = name;
  track.append(fill);
  row.append(label, track, value);
  list.append(row);
  return (probability, isLikeliest) => {
    fill.style.width = `${100 * probability}%`;
    lab.setWord(value, "percent", { number: lab.percent(probability, 1) });
    row.classList.toggle("is-likeliest", isLikeliest);
  };
};
