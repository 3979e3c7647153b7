// Loaded into each linter before its own code: whoever connects to anything is written down and fails.
const fs = require("node:fs");
const net = require("node:net");

net.Socket.prototype.connect = function connect(...target) {
  fs.appendFileSync(process.env.CONNECTIONS, `${JSON.stringify(target[0])}\n`);
  throw new Error("linters work offline");
};
