// The classes as rows: a name, its photographs, and the buttons that bring more.
lab.createPhotoClasses = function (root, { set, camera, brought }) {
  const list = root.querySelector("[data-testid=photos-classes]");
  const rows = new Map(); // by class
  const addresses = new Map(); // by Blob: the address of its picture

  function row(one) {
    const element = document.createElement("li");
    const [head, name, away] = ["div", "input", "button"].map((tag) => document.createElement(tag));
    const [strip, tools] = ["ul", "div"].map((tag) => document.createElement(tag));
    head.className = "lab-photos-name";
    name.type = "text";
    name.maxLength = lab.MOST_CLASS_NAME;
    name.autocomplete = "off";
    name.addEventListener("input", () => set.rename(one, name.value));
    away.type = "button";
    away.className = "lab-photos-drop";
    away.textContent = "×";
    away.addEventListener("click", () => set.remove(one));
    strip.className = "lab-photos-strip";
    tools.className = "lab-photos-tools";
    lab.createPhotoButtons(tools, {
      camera,
      taken: (files) => brought(one, files),
      testid: "photos-file",
    });
    head.append(name, away);
    element.append(head, strip, tools);

    function render(place) {
      element.dataset.testid = `photos-class-${place}`;
      if (name.value !== one.name) name.value = one.name;
      const called = one.name.trim() || lab.say("photos_class", { place });
      name.placeholder = lab.say("photos_class", { place });
      name.setAttribute("aria-label", lab.say("photos_name", { place }));
      away.setAttribute("aria-label", lab.say("photos_remove", { name: called }));
      away.title = lab.say("photos_remove", { name: called });
      strip.replaceChildren(...thumbs(called));
      strip.classList.toggle("is-empty", !one.photos.length);
    }

    function thumbs(called) {
      if (one.photos.length) return one.photos.map((blob, at) => thumb(blob, called, at + 1));
      const hint = document.createElement("li");
      hint.textContent = lab.say("photos_none_yet");
      return [hint];
    }

    function thumb(blob, called, place) {
      const item = document.createElement("li");
      const [image, drop] = ["img", "button"].map((tag) => document.createElement(tag));
      image.src = addressOf(blob);
      image.alt = lab.say("photos_photo", { name: called, place });
      drop.type = "button";
      drop.className = "lab-photos-drop";
      drop.textContent = "×";
      drop.setAttribute("aria-label", lab.say("photos_drop", { name: called, place }));
      drop.addEventListener("click", () => set.drop(one, blob));
      item.append(image, drop);
      return item;
    }
    return { element, render };
  }

  function addressOf(blob) {
    if (!addresses.has(blob)) addresses.set(blob, URL.createObjectURL(blob));
    return addresses.get(blob);
  }

  // A name field keeps its place and the cursor in it.
  function render() {
    const classes = set.all();
    for (const one of classes) if (!rows.has(one)) rows.set(one, row(one));
    for (const one of rows.keys()) if (!classes.includes(one)) rows.delete(one);
    const elements = classes.map((one) => rows.get(one).element);
    if (elements.some((element, at) => element !== list.children[at]) || elements.length !== list.children.length) {
      list.replaceChildren(...elements);
    }
    classes.forEach((one, at) => rows.get(one).render(at + 1));
  }

  return { render };
};
