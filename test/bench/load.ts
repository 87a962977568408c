// The sender of the webhook figures, a process of its own: one signed order over and over, each request with a webhook
// id of its own, on kept-alive connections, the next one as soon as the last is answered.
// `node test/bench/load.ts '<plan as JSON>'` prints one JSON line.
//
// Raw sockets and bytes that are made once, because the sender shares the machine with what it measures: an HTTP
// client that builds every request costs more than the fastest handler.
import { connect } from "node:net";
import { z } from "zod";
import { cpuMs, machineMs } from "./cpu.ts";
import { countLatency, type Histogram } from "./histogram.ts";
import { createReader } from "./reply.ts";
import { requestBytes } from "./request.ts";

const plan = z.object({
  port: z.number(),
  path: z.string(),
  shop: z.string(),
  topic: z.string(),
  secret: z.string(),
  body: z.string(),
  connections: z.number(),
  /** The server whose processor time is counted, and PostgreSQL's first process. */
  serverPid: z.number(),
  postgresPid: z.number(),
  warmUpSeconds: z.number(),
  seconds: z.number(),
});

/** What to send, where, how long. */
export type LoadPlan = z.infer<typeof plan>;

/** What came of it. `acknowledged` counts every 200, those of the warm-up too; the rest is about `seconds` only. */
export const loadReport = z.object({
  acknowledged: z.number(),
  otherAnswers: z.number(),
  measured: z.number(),
  seconds: z.number(),
  latencies: z.record(z.string(), z.number()),
  /** Processor time used in the measured seconds, in milliseconds; null where the system does not say. */
  serverMs: z.number().nullable(),
  postgresMs: z.number().nullable(),
  senderMs: z.number().nullable(),
  machineMs: z.number().nullable(),
});
export type LoadReport = z.infer<typeof loadReport>;

if (import.meta.main) {
  const report = await load(plan.parse(JSON.parse(process.argv[2] ?? "")));
  process.stdout.write(`${JSON.stringify(report)}\n`);
  process.exit(0);
}

async function load(given: LoadPlan): Promise<LoadReport> {
  const { connections, warmUpSeconds, seconds, serverPid, postgresPid, ...webhook } = given;
  const latencies: Histogram = {};
  let acknowledged = 0;
  let otherAnswers = 0;
  let measured = 0;
  const measureFrom = performance.now() + warmUpSeconds * 1000;
  const measureTo = measureFrom + seconds * 1000;
  const meters = (): Meters => ({
    server: cpuMs(serverPid),
    postgres: cpuMs(postgresPid, { children: true }),
    sender: cpuMs(process.pid),
    machine: machineMs(),
  });
  const metersAfter = (milliseconds: number): Promise<Meters> =>
    new Promise((resolve) => setTimeout(() => resolve(meters()), milliseconds));
  const metering = Promise.all([
    metersAfter(warmUpSeconds * 1000),
    metersAfter((warmUpSeconds + seconds) * 1000),
  ]);

  const converse = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const { bytes, renew } = requestBytes(webhook);
      const read = createReader();
      const socket = connect({ host: "127.0.0.1", port: webhook.port, noDelay: true });
      let sentAt = 0;
      const send = (): void => {
        sentAt = performance.now();
        if (sentAt >= measureTo) {
          socket.destroy();
          return resolve();
        }
        renew();
        socket.write(bytes);
      };
      socket.on("connect", send);
      socket.on("error", reject);
      socket.on("close", () => reject(new Error("the connection was closed")));
      socket.on("data", (chunk) => {
        const status = read(chunk);
        if (status === undefined) return;
        if (status === 200) acknowledged++;
        else otherAnswers++;
        const now = performance.now();
        if (now >= measureFrom && now < measureTo && status === 200) {
          measured++;
          countLatency(latencies, now - sentAt);
        }
        send();
      });
    });
  await Promise.all(Array.from({ length: connections }, converse));
  const [before, after] = await metering;
  const used = (name: keyof Meters): number | null => {
    const [from, to] = [before[name], after[name]];
    return from === undefined || to === undefined ? null : to - from;
  };
  return {
    acknowledged,
    otherAnswers,
    measured,
    seconds,
    latencies,
    serverMs: used("server"),
    postgresMs: used("postgres"),
    senderMs: used("sender"),
    machineMs: used("machine"),
  };
}

type Meters = Partial<Record<"server" | "postgres" | "sender" | "machine", number | undefined>>;
