// What the network says: the digit, how sure it is, ten bars, and the 28 x 28 pixels it saw.
lab.DIGITS = [..."0123456789"];
lab.SEEN_SIDE = 28; // px

lab.createAnswer = function (root) {
  const find = (selector) => root.querySelector(selector);
  const digit = find("[data-testid=answer]");
  const number = find("[data-testid=number]");
  const sure = find(".lab-sure");
  const next = find(".lab-next");
  const spoken = find(".lab-unseen");
  const seen = find("[data-testid=seen]").getContext("2d");
  const bars = lab.DIGITS.map((name) => lab.createBar(find("[data-testid=bars]"), name));
  let shown = null; // the answer on the page, null for a blank sheet

  const verdict = () => lab.verdict(shown);
  const ranked = (rank) => lab.ranked(shown, rank);

  function render() {
    const blank = !shown || shown.reason === "blank";
    digit.textContent = blank ? "" : (shown.label ?? "?");
    lab.setWord(sure, ...verdict());
    if (blank || shown.refused) lab.setWord(next, blank ? "empty_hint" : null);
    else lab.setWord(next, "next", { digit: ranked(1) });
    number.hidden = !shown?.number;
    number.textContent = shown?.number ?? "";
    number.style.setProperty("--digits", number.textContent.length); // long ones get smaller
    bars.forEach((bar, at) => bar(blank ? 0 : shown.probabilities[at], !blank && at == ranked(0)));
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
    render();
    drawSeen(answer?.seen);
  }

  // For those who hear the page: once a stroke is done, not while it grows.
  function announce() {
    const reads = shown?.label && !shown.refused ? lab.say("spoken", { digit: shown.label }) : "";
    const words = shown ? `${reads} ${lab.say(...verdict())}`.trim() : "";
    if (spoken.textContent !== words) spoken.textContent = words;
  }

  show(null);
  return { show, render, announce, isShowing: () => shown !== null };
};

// What one hears when the pen is up, and reads beside the digit: a key of the words and its details.
lab.verdict = function (answer) {
  if (!answer || answer.reason === "blank") return ["empty_answer", {}];
  const details = { digit: lab.ranked(answer, 0), percent: lab.percent(answer.confidence, 0) };
  if (!answer.refused) return ["sure", details];
  const key = `reason_${answer.reason}`;
  return [key in lab.tables[lab.language] ? key : "reason_other", details];
};

// The digit of a rank: 0 the likeliest.
lab.ranked = function ({ probabilities }, rank) {
  return [...lab.DIGITS].sort((a, b) => probabilities[b] - probabilities[a])[rank];
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
