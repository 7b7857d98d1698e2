// Photographs: the visitor's classes, a network that learns them, and a new photograph that it reads.
lab.startPhotosSection = function (root, server) {
  const find = (name) => root.querySelector(`[data-testid=photos-${name}]`);
  const notice = root.querySelector(".lab-notice");
  let trouble = null; // {error, details, name}
  let parts = null;

  const set = lab.createPhotoSet(() => parts && changed());
  const camera = lab.createPhotoCamera(root, () => fail({ error: "photos_no_camera", details: {} }));
  const classes = lab.createPhotoClasses(root, { set, camera, brought });
  const trial = lab.createPhotoTrial(root, server, { camera, failed: fail });
  const teaching = lab.createPhotoTeaching(root, server, {
    set,
    taught: (key, { names }) => trial.learn(key, names),
    changed: () => code.changed(),
  });
  const code = lab.createIdeaCode(root, server, () => teaching.chosen());
  parts = { classes, trial, teaching };
  let told = ""; // the set that the teaching knows

  function changed() {
    const now = JSON.stringify(set.all().map(({ name, photos }) => [name, photos.length]));
    if (now !== told) teaching.noteChange();
    told = now;
    render();
  }

  // One bad file stops none of the others.
  async function brought(one, files) {
    fail(null);
    for (const file of files) {
      try {
        const blob = await lab.readPhotograph(file);
        if (!set.put(one, blob)) {
          const place = set.all().indexOf(one) + 1;
          return fail({ error: "photos_full", details: { place, most: lab.MOST_PHOTOS } });
        }
      } catch ({ message }) {
        fail({ error: message, details: {}, name: file.name });
      }
    }
  }

  function fail(fault) {
    trouble = fault;
    say();
  }

  function say() {
    const words = trouble ? lab.sayTrouble(trouble) : "";
    notice.textContent = trouble?.name ? `${trouble.name}: ${words}` : words;
    notice.classList.toggle("is-wrong", Boolean(trouble));
  }

  function render() {
    classes.render();
    teaching.render();
    find("add").disabled = set.all().length >= lab.MOST_PHOTO_CLASSES;
    find("undo").hidden = !set.canUndo();
    const key = set.isKept() ? "photos_kept" : "photos_unkept";
    lab.setWord(find("kept"), key, { count: set.count() });
    say();
  }

  find("add").addEventListener("click", () => set.add());
  find("undo").addEventListener("click", () => set.undo());
  find("example").addEventListener("click", async () => {
    const example = await lab.drawExample();
    set.replace(example.classes);
    trial.show(example.unseen);
  });
  lab.onLanguage(root, () => {
    trial.render();
    render();
  });
};
