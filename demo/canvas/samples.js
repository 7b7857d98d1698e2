// Four images of the test set, as the network reads them and as they really are.
lab.createSamples = function (root, { ask, model, pick }) {
  const four = root.querySelector("[data-testid=samples]");
  const notice = root.querySelector(".lab-notice");
  let shown = null; // {positions, samples} or {error, details}

  async function load(positions) {
    const answer = await lab.patiently(ask({ model: model(), positions }));
    shown = answer;
    render();
  }

  function card(sample) {
    const right = sample.predicted === sample.label;
    const button = document.createElement("button");
    const picture = document.createElement("canvas");
    const verdict = right ? "sample_right" : "sample_wrong";
    const words = ["sample_predicted", "sample_label", verdict].map((key) => {
      const text = document.createElement("span");
      lab.setWord(text, key, { predicted: sample.predicted ?? "?", label: sample.label });
      return text;
    });
    button.type = "button";
    button.className = right ? "lab-sample" : "lab-sample is-wrong";
    picture.width = picture.height = lab.SEEN_SIDE;
    button.append(picture, ...words);
    button.addEventListener("click", () => pick(sample.ink));
    four.append(button);
    const image = { width: lab.SEEN_SIDE, height: lab.SEEN_SIDE, ink: sample.ink };
    lab.paintInk(picture.getContext("2d"), image, getComputedStyle(picture).color);
  }

  function render() {
    // The hint stands before the pictures do, so that they move nothing when they come.
    lab.setWord(notice, shown?.error ?? "samples_hint", shown?.details);
    const isWrong = Boolean(shown?.error) && shown.error !== "taught_no_digits";
    notice.classList.toggle("is-wrong", isWrong);
    four.replaceChildren();
    (shown?.samples ?? []).forEach(card);
  }

  new MutationObserver(render).observe(document.body, { attributeFilter: ["class"] }); // theme
  return { render, load, reload: () => load(shown?.positions) };
};
