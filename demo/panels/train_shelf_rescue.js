// Weights of runs that the lab ended since it closes: fetched at once, so that they outlive it.
lab.createShelfRescue = function (changed) {
  const files = new Map(); // key of a run -> its file, in this page's memory until it is left
  const asked = new Set();

  const isEndangered = ({ key, ending }) =>
    key && ending?.reason === "closing" && ending.best_step !== null && !asked.has(key);

  async function fetchFile(key) {
    asked.add(key);
    try {
      const answer = await fetch(`lab/run/${key}.safetensors`);
      if (answer.ok) files.set(key, await answer.blob());
    } catch {
      return; // the lab was gone before
    }
    changed();
  }

  return {
    follow: () => lab.runs.filter(isEndangered).forEach(({ key }) => fetchFile(key)),
    fileOf: ({ key }) => files.get(key),
  };
};
