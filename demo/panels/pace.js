// How long work still takes, judged by its own pace.
lab.PACE_SURE = 1; // s of work from which on it tells how long the rest will take

lab.createPace = function () {
  let from = null; // {share, time} of the first news of this work
  let newest = null; // share
  let end = null; // s, as `time` is; null while nobody knows

  return {
    // `share`, a fraction of 1, is done; less than before is other work.
    note(share) {
      if (share === newest) return; // no news
      newest = share;
      const time = performance.now() / 1000;
      if (!from || share < from.share) from = { share, time };
      const [done, took] = [share - from.share, time - from.time];
      end = done > 0 && took >= lab.PACE_SURE ? time + (took * (1 - share)) / done : null;
    },

    forget: () => (from = newest = end = null),

    // `words`, and behind them how long it still takes.
    after(words) {
      return end === null ? words : `${words} · ${lab.leftSaid(end - performance.now() / 1000)}`;
    },
  };
};

lab.leftSaid = function (seconds) {
  if (seconds < 90) return lab.say("left_seconds", { count: Math.max(Math.round(seconds), 1) });
  return lab.say("left_minutes", { count: Math.round(seconds / 60) });
};

// Seconds counted in `place` while work goes on. `key` says them; `after` adds to what it says.
lab.createClock = function (place, key, after = (words) => words) {
  let began = null;
  let timer = null;
  const render = () => {
    const count = began === null ? null : Math.round((performance.now() - began) / 1000);
    const words = count === null ? "" : after(lab.say(key, { count }));
    if (place.textContent !== words) place.textContent = words;
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
