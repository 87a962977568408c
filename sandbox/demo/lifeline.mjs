// Loaded into every process of the demo (node --import): when whoever started it is gone, even by a kill -9, it tells
// itself to stop, so that nothing is left running.
const parent = process.ppid;

setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, "SIGTERM");
}, 1000).unref();
