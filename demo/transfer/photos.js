// Photographs: the visitor's classes, a network that learns them, and a new photograph that it reads.
lab.startPhotosSection = function (root, server) {
  const find = (name) => root.querySelector(`[data-testid=photos-${name}]`);
  const trouble = lab.createPhotoTrouble(find("trouble"));
  let told = ""; // the set that the teaching knows
  let isReady = false;

  const set = lab.createPhotoSet(() => isReady && changed());
  const camera = lab.createPhotoCamera(root, (error) => trouble.tell({ error, details: {} }));
  const classes = lab.createPhotoClasses(root, { set, camera, brought });
  const trial = lab.createPhotoTrial(root, server, { set, camera });
  const teaching = lab.createPhotoTeaching(root, server, {
    set,
    taught: (key, { names }) => trial.learn(key, names),
    changed: () => code.changed(),
  });
  const code = lab.createIdeaCode(root, server, () => teaching.chosen(), {
    gist: "photos_code_gist",
    gistLines: "photos_code_gist_lines",
    hint: "photos_code_hint",
  });

  function changed() {
    const now = JSON.stringify(set.all().map(({ name, photos }) => [name, photos.length]));
    if (now !== told) teaching.noteChange();
    told = now;
    render();
  }

  // One bad file stops none of the others.
  async function brought(one, files) {
    trouble.tell(null);
    for (const file of files) {
      try {
        const blob = await lab.readPhotograph(file);
        if (!set.put(one, blob)) {
          const place = set.all().indexOf(one) + 1;
          return trouble.tell({ error: "photos_full", details: { place, most: lab.MOST_PHOTOS } });
        }
      } catch ({ message }) {
        trouble.tell({ error: message, details: {}, name: file.name });
      }
    }
  }

  function render() {
    classes.render();
    teaching.render();
    trial.render();
    trouble.render();
    const most = lab.MOST_PHOTO_CLASSES;
    lab.hold(find("add"), set.all().length < most ? null : "photos_add_why", { most });
    find("undo").hidden = !set.canUndo();
    const some = set.isKept() ? "photos_kept" : "photos_unkept";
    const key = set.count() ? some : "photos_private";
    lab.setWord(find("kept"), key, { count: set.count() });
  }

  find("add").addEventListener("click", () => set.add());
  find("undo").addEventListener("click", () => set.undo());
  find("example").addEventListener("click", async () => {
    const example = await lab.drawExample();
    set.replace(example.classes);
    trial.show(example.unseen);
  });
  isReady = true;
  lab.onLanguage(root, render);
};
