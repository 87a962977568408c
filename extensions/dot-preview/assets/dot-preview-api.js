// What the studio and the app say to each other: every call through the shop's own app proxy, repeated when that helps.
// The proxy drops cookies and custom headers (shopify.dev, authenticate app proxies), so the browser's token travels
// in the query or the body.

/** A refusal in one of the words both sides know: code, and seconds when the app said how long to wait. */
export class Problem extends Error {
  /** @param {string} code @param {{seconds?: number, status?: number}} [more] */
  constructor(code, { seconds, status } = {}) {
    super(code);
    Object.assign(this, { code, seconds, status });
  }
}

/** Resolves after ms; rejects at once when the signal aborts. @param {number} ms @param {AbortSignal} [signal] */
export const pause = (ms, signal) =>
  new Promise((done, stop) => {
    signal?.throwIfAborted();
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", () => (clearTimeout(timer), stop(signal.reason)), { once: true });
  });

/** Resolves with the next event of that name on the target. */
export const next = (target, name, signal) =>
  new Promise((done, stop) => {
    target.addEventListener(name, done, { once: true, signal });
    signal?.addEventListener("abort", () => stop(signal.reason), { once: true });
  });

let remembered;
/** 128 random bits that make this browser the owner of its pictures. Storage may be forbidden: then until reload. */
export const browserToken = () => {
  if (remembered) return remembered;
  const fresh = () =>
    Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join(
      "",
    );
  try {
    remembered = localStorage.getItem("dot-kit:browser") ?? "";
    if (!/^[0-9a-f]{32}$/.test(remembered)) {
      remembered = fresh();
      localStorage.setItem("dot-kit:browser", remembered);
    }
  } catch {
    remembered ||= fresh();
  }
  return remembered;
};

const tries = 3;
/** Where coming again helps: too many, over capacity, and whatever stands between. A day's number lasts for the day. */
const passes = ({ code, status }) =>
  code !== "quota" && (code === "network" || code === "busy" || status === 429 || status >= 500);

/** A proxy's own error page is no JSON: its status is all there is. */
const read = (status, text, retryAfter) => {
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  if (status < 300 && body) return body;
  const { code = status === 413 ? "refused" : "unavailable", seconds } = body?.error ?? {};
  throw new Problem(code, { status, seconds: seconds ?? (Number(retryAfter) || undefined) });
};

/**
 * Calls the app. Repeats three times with growing, uneven pauses, or after as long as the app asked for; while the
 * browser is offline it waits without counting.
 * @param {{base: string, signal?: AbortSignal, waiting?: (problem?: Problem) => void}} line
 * @param {string} path below the proxy
 * @param {object} [body] sent as JSON when given, else the call is a GET
 */
export const call = async ({ base, signal, waiting }, path, body) => {
  const own = `browser=${browserToken()}`;
  const address = body ? base + path : `${base}${path}${path.includes("?") ? "&" : "?"}${own}`;
  return persist({ signal, waiting }, async () => {
    const limits = [AbortSignal.timeout(15_000), signal].filter(Boolean);
    const answer = await fetch(address, {
      method: body ? "POST" : "GET",
      signal: AbortSignal.any ? AbortSignal.any(limits) : signal,
      ...(body && {
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ browser: browserToken(), ...body }),
      }),
    });
    return read(answer.status, await answer.text(), answer.headers.get("retry-after"));
  });
};

/** Does the work again while its failure is one that passes. */
const persist = async ({ signal, waiting }, work) => {
  for (let n = 1; ; n++) {
    try {
      const done = await work(n);
      waiting?.();
      return done;
    } catch (failure) {
      signal?.throwIfAborted();
      const problem = failure instanceof Problem ? failure : new Problem("network");
      if (!navigator.onLine && problem.code === "network") {
        waiting?.(new Problem("offline"));
        await next(window, "online", signal);
        n = 0;
        continue;
      }
      if (!passes(problem) || n >= tries)
        throw problem.code === "network" ? new Problem("unavailable") : problem;
      const seconds = Math.min(problem.seconds ?? 2 ** (n - 1) * (0.5 + Math.random()), 60);
      if (problem.seconds) waiting?.(new Problem("busy", { seconds }));
      await pause(seconds * 1000, signal);
    }
  }
};

/** One multipart upload. fetch has no upload progress, so XMLHttpRequest; 20 s without any progress is a failure. */
const send = ({ address, fields, ticket, signal, progress }) =>
  new Promise((done, stop) => {
    // A signal that was given before is not given again.
    signal?.throwIfAborted();
    const form = new FormData();
    for (const [name, value] of fields)
      form.append(name, value, ...(value instanceof Blob ? ["photo.jpg"] : []));
    const request = new XMLHttpRequest();
    let timer;
    const fail = (problem) => (clearTimeout(timer), request.abort(), stop(problem));
    const alive = () => (
      clearTimeout(timer),
      (timer = setTimeout(() => fail(new Problem("network")), 20_000))
    );
    request.upload.onprogress = ({ loaded, total }) => (alive(), progress(total ? loaded / total : 0));
    request.onerror = () => fail(new Problem("network"));
    request.onload = () => {
      clearTimeout(timer);
      try {
        done(read(request.status, request.responseText, request.getResponseHeader("retry-after")));
      } catch (problem) {
        stop(problem);
      }
    };
    signal?.addEventListener("abort", () => fail(signal.reason), { once: true });
    request.open("POST", address);
    if (ticket) request.setRequestHeader("authorization", `Bearer ${ticket}`);
    alive();
    request.send(form);
  });

/** What the proxy carries for certain is nowhere documented; a photo made smaller is far below this. */
const proxyBytes = 4 * 1024 * 1024;
const refusals = new Set(["network", "refused", "unavailable"]);

/**
 * Uploads a photo through the proxy; when the proxy will not carry it, straight to the app with a ticket.
 * @param {{base: string, signal?: AbortSignal, waiting?: Function}} line
 * @param {{photo: Blob, product: string, variant: string}} what
 * @param {(part: number) => void} progress 0 to 1
 * @returns {Promise<string>} the artwork's id
 */
export const upload = async (line, { photo, product, variant }, progress) => {
  const { base, signal } = line;
  let direct = photo.size > proxyBytes;
  return persist(line, async () => {
    if (!direct) {
      try {
        const fields = [
          ["browser", browserToken()],
          ["product", product],
          ["variant", variant],
          ["photo", photo],
        ];
        return (await send({ address: `${base}/artworks`, fields, signal, progress })).artwork;
      } catch (problem) {
        if (!(problem instanceof Problem) || !refusals.has(problem.code) || !navigator.onLine) throw problem;
        direct = true;
      }
    }
    const { ticket, url } = await call(line, "/tickets", { product, variant });
    try {
      return (await send({ address: url, fields: [["photo", photo]], ticket, signal, progress })).artwork;
    } catch (problem) {
      // Something in the page or the network may block the other host: then the proxy has its turn again.
      direct = photo.size > proxyBytes;
      throw problem;
    }
  });
};

/**
 * Asks again and again, 1, 1, 2, 3, 5, 5 … seconds apart and not while the page is hidden, until `done` says so.
 * @param {{base: string, signal?: AbortSignal, waiting?: Function}} line
 * @param {string} path @param {(answer: object) => boolean} done
 */
export const poll = async (line, path, done) => {
  const rhythm = [1, 1, 2, 3];
  for (let n = 0; ; n++) {
    const answer = await call(line, path);
    if (done(answer)) return answer;
    await pause((rhythm[n] ?? 5) * 1000, line.signal);
    if (document.hidden) await next(document, "visibilitychange", line.signal);
  }
};
