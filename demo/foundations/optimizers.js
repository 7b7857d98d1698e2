// The chapter `optimizers`.
lab.startOptimizersChapter = function (root, server) {
  lab.onLanguage(root);
};
