// The section `symbols` of the Transfer tab.
lab.startSymbolsSection = function (root, server) {};
