// A new photograph: what it is read as, every class's bar, and where the answer looks.
lab.createPhotoTrial = function (root, server, { set, camera }) {
  const find = (name) => root.querySelector(`[data-testid=photos-${name}]`);
  const canvas = find("picture");
  const context = canvas.getContext("2d");
  const trouble = lab.createPhotoTrouble(find("trial-trouble"));
  let key = null; // of the pupil
  let names = [];
  let blob = null; // the photograph
  let bitmap = null;
  let reply = null;
  let shown = null; // the class whose heat is drawn; null: the answer's
  let generation = 0; // answers about another photograph are thrown away

  lab.createPhotoButtons(find("new"), {
    camera,
    taken: ([file]) => bring(file),
    testid: "photos-new-file",
  });

  async function bring(file) {
    try {
      await show(await lab.readPhotograph(file));
    } catch ({ message }) {
      trouble.tell({ error: message, details: {}, name: file.name });
    }
  }

  async function show(photograph) {
    trouble.tell(null);
    blob = photograph;
    bitmap = await createImageBitmap(blob);
    [shown, reply] = [null, null];
    render();
    await ask();
  }

  async function ask() {
    if (!key || !blob) return;
    const asked = (generation += 1);
    root.classList.add("is-reading");
    const photo = await lab.photoText(blob);
    const answer = await lab.patiently(server.read_own_photo({ key, photo, index: shown }));
    if (asked !== generation) return;
    root.classList.remove("is-reading");
    if (answer.error) return trouble.tell(answer);
    reply = answer;
    render();
    lab.countPicture(root);
  }

  function paint() {
    if (!bitmap) return context.clearRect(0, 0, canvas.width, canvas.height);
    const { width, height } = bitmap;
    Object.assign(canvas, { width, height });
    context.drawImage(bitmap, 0, 0);
    if (!reply || !find("heat").checked) return;
    const heat = lab.heatPicture(reply, getComputedStyle(canvas).color);
    context.imageSmoothingQuality = "high";
    context.drawImage(heat, 0, 0, width, height);
  }

  // Why nothing of an answer can be pressed yet.
  function why() {
    if (reply) return null;
    return key ? "photos_try_empty" : "photos_try_first";
  }

  function bars() {
    const coming = set.all().map(({ name }, at) => name || lab.say("photos_class", { place: at + 1 }));
    return (key ? names : coming).map((name, at) => {
      const [row, button] = ["li", "button"].map((tag) => document.createElement(tag));
      const [label, track, value, fill] = ["b", "span", "span", "i"].map((tag) =>
        document.createElement(tag),
      );
      const chance = reply?.probabilities[at] ?? 0;
      track.className = "lab-track";
      fill.style.width = `${100 * chance}%`;
      track.append(fill);
      label.textContent = name;
      if (reply) lab.setWord(value, "percent", { number: lab.percent(chance, 0) });
      button.type = "button";
      lab.hold(button, why());
      button.setAttribute("aria-pressed", String(reply?.shown === at));
      button.addEventListener("click", () => {
        shown = at;
        ask();
      });
      row.classList.toggle("is-likeliest", reply?.index === at);
      button.append(label, track, value);
      row.append(button);
      return row;
    });
  }

  function render() {
    const answer = reply ? names[reply.index] : "";
    find("answer").textContent = answer;
    const chance = reply ? lab.percent(reply.probabilities[reply.index], 0) : 0;
    const ms = reply ? Math.round(1000 * reply.seconds) : 0;
    lab.setWord(find("sure"), reply && "photos_sure", { percent: chance, ms });
    lab.setWord(find("empty"), bitmap ? null : key ? "photos_try_empty" : "photos_try_first");
    lab.hold(find("heat"), why());
    for (const button of find("new").querySelectorAll("button")) {
      lab.hold(button, key ? null : "photos_try_first");
    }
    const looked = reply ? names[reply.shown] : "";
    const label = reply ? lab.say("photos_picture", { name: looked }) : lab.say("photos_try_empty");
    canvas.setAttribute("aria-label", label);
    find("bars").replaceChildren(...bars());
    trouble.render();
    paint();
  }

  find("heat").addEventListener("change", paint);
  new MutationObserver(paint).observe(document.body, { attributeFilter: ["class"] }); // theme
  return {
    render,
    show,
    // A new pupil reads the photograph that is there.
    learn(newKey, newNames) {
      [key, names, reply, shown] = [newKey, newNames, null, null];
      render();
      return ask();
    },
  };
};

// A heat map as a see-through picture: nothing where it is cold, the accent where it is hot.
lab.heatPicture = function ({ heat, width, height }, colour) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  const [red, green, blue] = colour.match(/[\d.]+/g).map(Number);
  const image = context.createImageData(width, height);
  lab.toBytes(heat).forEach((level, at) => {
    image.data.set([red, green, blue, level * 0.72], 4 * at);
  });
  context.putImageData(image, 0, 0);
  return canvas;
};
