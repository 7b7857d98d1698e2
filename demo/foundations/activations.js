// The chapter `activations`.
lab.startActivationsChapter = function (root, server) {
  lab.onLanguage(root);
};
