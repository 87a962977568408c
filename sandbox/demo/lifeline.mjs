// Loaded into what npm's scripts and the demo start (node --import): when whoever started a process is gone, even by a
// kill -9, it tells itself to stop, so that nothing is left running.
const parent = process.ppid;

setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, "SIGTERM");
}, 1000).unref();
