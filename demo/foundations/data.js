// The chapter `data`: the four steps, the transforms, a batch, and the book's spellings.
lab.startDataChapter = function (root, server) {
  const part = (name) => root.querySelector(`[data-testid=data-${name}]`);
  let batch = null; // the last part that is made: before that nothing is asked
  const shared = { count: () => lab.countPicture(root), changed: () => code.changed() };
  const code = lab.createIdeaCode(root, server, () =>
    batch && {
      steps: steps.settings(),
      transforms: transforms.settings(),
      batch: batch.settings(),
    },
  );
  // Mean and deviation are one pair in the whole chapter.
  function setNormal(normal) {
    batch.setNormal(normal);
    transforms.setNormal(normal);
    steps.want();
  }

  const transforms = lab.createDataTransforms(part("transforms"), server, { ...shared, setNormal });
  const steps = lab.createDataSteps(part("steps"), server, {
    ...shared,
    loading: () => batch?.settings() ?? null,
  });
  batch = lab.createDataBatch(part("batch"), server, { ...shared, setNormal, loaded: steps.want });
  lab.startDataSpelling(part("spelling"), server);
  lab.onReading(() => transforms.want());
  steps.want();
  code.changed();
};

// PyTorch's own words for what the book's spellings do today.
lab.startDataSpelling = async function (place, server) {
  const reply = await lab.patiently(server.spell_as_the_book({}));
  const notice = place.querySelector(".lab-notice");
  lab.onLanguage(notice, () => lab.setWord(notice, reply.error ?? null, reply.details));
  if (reply.error) return;
  for (const said of place.querySelectorAll("[data-said]")) said.textContent = reply[said.dataset.said];
};
