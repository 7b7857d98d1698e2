// The chapter `rate`.
lab.startRateChapter = function (root, server) {
  lab.onLanguage(root);
};
