// Whether a picture has been scrolled past while what changes it is still in sight.
lab.latent.SEEN_SHARE = 0.6; // of the picture; with less in sight it counts as passed

// Marks `place` as passed, and keeps its room, as long as `controls` are on the screen.
lab.latent.keepInSight = function (place, controls) {
  const isIn = new Map();

  function settle() {
    const isPassed = isIn.get(place) === false && isIn.get(controls) === true;
    if (isPassed) place.style.minHeight ||= `${place.offsetHeight}px`;
    else place.style.minHeight = "";
    place.classList.toggle("is-passed", isPassed);
  }

  function watch(target, threshold) {
    const observer = new IntersectionObserver(([entry]) => {
      const isSeen = entry.isIntersecting && entry.intersectionRatio >= threshold;
      const isAhead = target === place && entry.boundingClientRect.top > 0;
      isIn.set(target, isSeen || isAhead);
      settle();
    }, { threshold: [threshold] });
    observer.observe(target);
  }

  watch(place, lab.latent.SEEN_SHARE);
  watch(controls, 0);
};
