// Loaded into what npm's scripts and the demo start (node --import): when whoever started a process is gone, even by a
// kill -9, it tells itself to stop, so that nothing is left running. STARTED_BY is that process: it may already be
// gone when this is read. What has not stopped in good order after a while is ended.
const parent = Number(process.env.STARTED_BY) || process.ppid;
const patienceMs = 20_000;
let told = false;

setInterval(() => {
  if (process.ppid === parent || told) return;
  told = true;
  setTimeout(() => process.kill(process.pid, "SIGKILL"), patienceMs).unref();
  process.kill(process.pid, "SIGTERM");
}, 1000).unref();
