// Notes, for every move of the slider, how long it takes until its cleaned digit is shown.
(() => {
  let moves = []; // moments of moves that no request has carried yet
  let carried = []; // those that the request under way knows of
  window.bench = { moves: 0, requests: 0, waits: [] };

  document.querySelector("[data-testid=level]").addEventListener(
    "input",
    () => {
      window.bench.moves += 1;
      moves.push(performance.now());
    },
    true,
  );

  const send = window.fetch;
  window.fetch = (address, options) => {
    if (String(options?.body).includes('"clean_up"')) {
      window.bench.requests += 1;
      carried = moves.splice(0);
    }
    return send(address, options);
  };

  // The tab tells its listeners once the pictures are painted.
  lab.onCleaning(() => {
    const now = performance.now();
    window.bench.waits.push(...carried.map((moment) => now - moment));
    carried = [];
  });
})();
