// A changed digit: three pictures, what each is read as, and the button that puts it on the sheet.

// `template` is the markup that both halves share; `put(result)` is called by the button.
lab.createChange = function (section, template, put) {
  const find = (name) => section.querySelector(`[data-testid=${name}]`);
  section.querySelector(".lab-why-result").append(template.content.cloneNode(true));
  const [before, change, after] = [...section.querySelectorAll("canvas")];
  const [more, less] = ["is-added", "is-taken"].map((name) => section.querySelector(`.${name}`));
  const notice = section.querySelector(".lab-why-put .lab-notice");
  let shown = null; // {digit, before, change, changed, after} as the server tells it
  let note = [null]; // the sentence beside the button, and what fills its gaps

  function paint(canvas, ...layers) {
    const context = canvas.getContext("2d");
    context.clearRect(0, 0, lab.SEEN_SIDE, lab.SEEN_SIDE);
    for (const { ink, colour, opacity = 1 } of layers) {
      context.globalAlpha = opacity;
      lab.paintInk(context, { width: lab.SEEN_SIDE, height: lab.SEEN_SIDE, ink }, colour);
    }
  }

  // How much each pixel has gained, or lost where the sign is -1; the strongest is full ink.
  function gained(sign) {
    const [from, to] = [shown.digit, shown.changed].map(lab.toBytes);
    const most = 255 * shown.change.most || 1;
    return lab.toText(to.map((level, at) => (255 * Math.max(0, sign * (level - from[at]))) / most));
  }

  function draw() {
    const white = (ink) => (ink ? [{ ink, colour: "white" }] : []);
    paint(before, ...white(shown?.digit));
    paint(after, ...white(shown?.changed));
    const colour = (place) => getComputedStyle(place).backgroundColor;
    const soft = getComputedStyle(change).color;
    paint(
      change,
      ...(shown ? [{ ink: shown.digit, colour: soft, opacity: 0.25 }] : []),
      ...(shown?.change ? [{ ink: gained(1), colour: colour(more) }] : []),
      ...(shown?.change ? [{ ink: gained(-1), colour: colour(less) }] : []),
    );
  }

  function writeReading(name, reading) {
    const percent = reading && lab.percent(reading.confidence, 0);
    lab.setWord(find(name), reading && "why_reads", { digit: reading?.label });
    lab.setWord(find(`${name}-sure`), reading && "sure", { percent });
  }

  function render() {
    const { most, added, taken, ink } = shown?.change ?? {};
    writeReading("before", shown?.before);
    writeReading("after", shown?.after);
    lab.setWord(find("most"), shown?.change && "why_most", { percent: lab.share(most) });
    lab.setWord(find("added"), "why_added", { percent: lab.share(added / ink) });
    lab.setWord(find("taken"), "why_taken", { percent: lab.share(taken / ink) });
    lab.setWord(find("refuses"), shown?.after?.refused && "why_refuses");
    lab.setWord(notice, ...note);
    section.dataset.turned = String(Boolean(shown?.after && isTurned()));
    section.dataset.blank = String(!shown);
    section.dataset.empty = String(!shown?.change);
  }

  const isTurned = () => shown.after.label !== shown.before.label;

  // A result, or null where there is none.
  function show(result) {
    shown = result;
    render();
    draw();
  }

  function say(...words) {
    note = words;
    lab.setWord(notice, ...note);
  }

  find("put").addEventListener("click", () => put(shown));
  new MutationObserver(draw).observe(document.body, { attributeFilter: ["class"] }); // theme
  return { show, render, say };
};

// A share of a whole that may be passed: 0.043 -> "4.3", 1.2 -> "120", nothing known -> null.
lab.share = function (fraction) {
  if (!Number.isFinite(fraction)) return null;
  return (100 * fraction).toFixed(fraction < 0.1 ? 1 : 0);
};
