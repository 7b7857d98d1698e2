// "Blow up a training": an experiment in which the learning rate is far too large.
lab.tries.train = async function () {
  const part = lab.trainPart;
  lab.showTrainPart("digits");
  await lab.trainMenuReady;
  if (lab.runUnderWay()) return { error: "train_busy" };
  const { recipe } = lab;
  const shown = lab.runs.filter((run) => run.shown);
  const { undo, ...wrong } = await lab.playExperiment("explode");
  if (!undo) return wrong;
  return {
    async undo() {
      await undo();
      for (const run of shown) run.shown = true;
      lab.tellRuns();
      lab.setRecipe(recipe);
      lab.showTrainPart(part);
    },
  };
};
