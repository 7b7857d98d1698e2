// How long work still takes, judged by its own pace.
lab.PACE_SURE = 1; // s of work from which on it tells how long the rest will take

lab.createPace = function () {
  let from = null; // {share, time} of the first news of this work
  let left = null; // s; null while nobody knows

  return {
    // `share`, a fraction of 1, is done; less than before is other work.
    note(share) {
      const time = performance.now() / 1000;
      if (!from || share < from.share) from = { share, time };
      const [done, took] = [share - from.share, time - from.time];
      left = done > 0 && took >= lab.PACE_SURE ? (took * (1 - share)) / done : null;
    },

    forget: () => (from = left = null),

    // `words`, and behind them how long it still takes.
    after: (words) => (left === null ? words : `${words} · ${lab.leftSaid(left)}`),
  };
};

lab.leftSaid = function (seconds) {
  if (seconds < 90) return lab.say("left_seconds", { count: Math.max(Math.round(seconds), 1) });
  return lab.say("left_minutes", { count: Math.round(seconds / 60) });
};

// Seconds counted in `place` while work goes on that tells nothing of itself. `key` says them.
lab.createClock = function (place, key) {
  let began = null;
  let timer = null;
  const render = () => {
    const count = began === null ? null : Math.round((performance.now() - began) / 1000);
    lab.setWord(place, count === null ? null : key, { count });
  };

  return {
    render,
    run(isOn) {
      clearInterval(timer);
      began = isOn ? performance.now() : null;
      if (isOn) timer = setInterval(render, 1000);
      render();
    },
  };
};
