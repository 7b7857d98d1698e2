// The section `compare` of the Transfer tab.
lab.startCompareSection = function (root, server) {};
