// The Train tab: its parts, each in a file of its own, and what they share.
lab.startTrainTab = function (element, server) {
  const root = element.firstElementChild;
  lab.createTrainForm(root, server);
  lab.createTrainStage(root, server);
  lab.createTrainPresets(root, server);
  lab.onLanguage(element, () => {});
};
