// The digit, the spoiled digit and the cleaned one under its wiper, and where they can go.
lab.PNG_SCALE = 10; // px of a downloaded picture for each of the digit's

lab.TRAINABLE_CLEANERS = ["linear_autoencoder", "conv_autoencoder"]; // the first learns faster

lab.createCleanStage = function (root) {
  const find = (name) => root.querySelector(`[data-testid=${name}]`);
  const wiped = root.querySelector(".lab-wiped");
  const wiper = find("wiper");
  const state = lab.cleaning;

  function reading(place, facts) {
    const percent = facts && lab.percent(facts.confidence, 0);
    lab.setWord(place, facts && "clean_reads", { digit: facts?.label, percent });
    if (facts?.psnr === undefined) return;
    const figures = document.createElement("small");
    figures.textContent = lab.figuresText(facts);
    place.append(figures);
  }

  // What cleaning did to the reading and to the likeness, in one sentence.
  function verdict() {
    const { reply } = state;
    if (!reply) return ["clean_waits"];
    const { original, before, after } = reply;
    const truth = state.label ?? original.label;
    const [was, is] = [before, after].map(({ label }) => label === truth);
    const key = was ? (is ? "both" : "hurt") : is ? "helped" : "neither";
    const nearer = after.psnr > before.psnr ? "nearer" : "farther";
    const gap = Math.abs(after.psnr - before.psnr).toFixed(1);
    const distance = lab.say(`clean_${nearer}`, { gap });
    return [`clean_${key}`, { before: before.label, after: after.label, truth, distance }];
  }

  function render() {
    const { reply } = state;
    lab.paintDigit(find("clean-digit"), state.shownDigit ?? state.digit);
    lab.paintDigit(find("clean-spoiled"), state.spoiled);
    lab.paintDigit(find("clean-cleaned"), state.cleaned);
    lab.paintDigit(wiped, state.spoiled);
    lab.setWord(find("clean-by"), "clean_by", { name: lab.nameOfCleaner(state.cleaner) });
    reading(find("clean-original"), reply?.original);
    reading(find("clean-before"), reply?.before);
    reading(find("clean-after"), reply?.after);
    lab.setWord(find("clean-verdict"), ...verdict());
    for (const name of ["clean-to-draw", "clean-to-why", "clean-png"]) {
      lab.hold(find(name), state.cleaned ? null : "hold_busy");
    }
  }

  function toDraw() {
    lab.putOnSheet(lab.SEEN_SIDE, lab.SEEN_SIDE, state.cleaned);
    lab.openTab("tab_draw");
  }

  function toWhy() {
    toDraw();
    const why = document.querySelector("[data-testid=why]");
    why.open = true;
    why.scrollIntoView({ block: "start" });
  }

  function download() {
    const side = lab.SEEN_SIDE * lab.PNG_SCALE;
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = side;
    const context = canvas.getContext("2d");
    const small = document.createElement("canvas");
    small.width = small.height = lab.SEEN_SIDE;
    lab.paintDigit(small, state.cleaned, "black");
    context.fillStyle = "white";
    context.fillRect(0, 0, side, side);
    context.imageSmoothingEnabled = false;
    context.drawImage(small, 0, 0, side, side);
    const content = canvas.toDataURL("image/png").split(",")[1];
    const cleaner = lab.ownCleaner(state.cleaner)?.base ?? state.cleaner;
    lab.saveFile(`cleaned-${state.noise}-${cleaner}.png`, content);
  }

  // The Train tab with a recipe for this noise, and this autoencoder if it is one.
  async function train() {
    const { cleaner, noise, level } = state;
    const known = lab.TRAINABLE_CLEANERS.includes(cleaner);
    const network = known ? cleaner : lab.TRAINABLE_CLEANERS[0];
    lab.openTab("tab_train");
    await lab.need("train");
    lab.showTrainPart("digits");
    await lab.trainMenuReady;
    lab.setRecipe({ network, noise, noise_level: level });
  }

  wiper.addEventListener("input", () => {
    wiper.parentElement.style.setProperty("--wipe", `${wiper.value}%`);
  });
  find("clean-to-draw").addEventListener("click", toDraw);
  find("clean-to-why").addEventListener("click", toWhy);
  find("clean-png").addEventListener("click", download);
  find("clean-train").addEventListener("click", train);
  return { render };
};

// "16.9 dB · SSIM 0.64"
lab.figuresText = function ({ psnr, ssim }) {
  const same = psnr >= 99.9; // an error of nothing is cut there
  const decibels = same ? lab.say("clean_same") : lab.say("clean_psnr", { psnr: psnr.toFixed(1) });
  return `${decibels} · SSIM ${ssim.toFixed(2)}`;
};
