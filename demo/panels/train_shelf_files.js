// A run as a file: its points as CSV, or all that is known of it as JSON.
lab.POINT_FIELDS = [
  "step", "epoch", "seconds", "rate", "loss", "accuracy", "test_loss", "test_accuracy", "whole",
  "held_out_loss", "diverged",
];

lab.SHELF_FILES = {
  csv: {
    type: "text/csv",
    of({ points }) {
      const lines = points.map((point) => lab.POINT_FIELDS.map((field) => point[field] ?? ""));
      return [lab.POINT_FIELDS, ...lines].map((line) => `${line.join(",")}\n`).join("");
    },
  },
  json: {
    type: "application/json",
    of({ number, recipe, total, anEpoch, ending, rateChanges, points }) {
      const facts = { run: number, recipe, total, steps_an_epoch: anEpoch };
      const whole = { ...facts, rate_changes: rateChanges, ending, points };
      return `${JSON.stringify(whole, null, 1)}\n`;
    },
  },
};

lab.saveRun = function (run, format) {
  const { type, of } = lab.SHELF_FILES[format];
  const text = lab.toText(new TextEncoder().encode(of(run)));
  lab.offerFile(text, type, `${run.recipe.network}-run-${run.number}.${format}`);
};
