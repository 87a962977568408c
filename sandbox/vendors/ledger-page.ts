// The page at a stand-in's root: what was truly ordered, newest first, and the fault switches, for a person.

/** The whole page; it fetches its data from /_sandbox/state and draws it with textContent only. */
export function ledgerPage({ id, name, about }: { id: string; name: string; about: string }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(name)} (stand-in)</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body data-vendor="${escaped(id)}">
<header>
  <div><h1>${escaped(name)}</h1><p>${escaped(about)} A stand-in on this machine: nothing here is really made or charged.</p></div>
  <output id="count" aria-live="polite">0 orders</output>
</header>
<main>
  <section aria-labelledby="ordered"><h2 id="ordered">What was truly ordered</h2><div id="ledger"></div></section>
  <aside>
    <section aria-labelledby="switches"><h2 id="switches">Make it misbehave</h2>
      <label>On <select id="on"><option value="">any request</option></select></label>
      <label>Times <input id="times" type="number" min="1" value="1"></label>
      <div id="kinds" class="buttons"></div>
      <div id="active"></div>
      <div class="buttons"><button id="clear" type="button">Behave again</button><button id="late" type="button">Deliver late requests</button><button id="reset" type="button" class="danger">Forget everything</button></div>
      <p id="said" role="status"></p>
    </section>
    <section aria-labelledby="asked"><h2 id="asked">Last requests</h2><div id="requests"></div></section>
  </aside>
</main>
<script>${script}</script>
</body>
</html>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

const style = `
:root{color-scheme:light dark;--ink:#1c2024;--soft:#60646c;--line:#e0e3e8;--card:#fff;--ground:#f4f5f7;--mark:#2f5bd7;--bad:#b3261e;--good:#18794e}
@media(prefers-color-scheme:dark){:root{--ink:#eceef2;--soft:#a0a6b1;--line:#333841;--card:#1b1e24;--ground:#121418;--mark:#8fabff;--bad:#ff8f86;--good:#5fd3a0}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
header{display:flex;gap:24px;justify-content:space-between;align-items:center;padding:20px 28px;background:var(--card);border-bottom:1px solid var(--line)}
h1{font-size:21px;margin:0}h2{font-size:14px;margin:0 0 10px;color:var(--soft);font-weight:600}
header p{margin:2px 0 0;color:var(--soft)}
#count{font-size:20px;font-weight:600;white-space:nowrap}
main{display:grid;grid-template-columns:minmax(0,1fr) 340px;gap:24px;padding:24px 28px;align-items:start}
@media(max-width:900px){main{grid-template-columns:1fr}header{flex-direction:column;align-items:start}}
aside section{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:16px;margin-bottom:16px}
.order{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:16px 18px;margin-bottom:16px}
.order>h3{display:flex;flex-wrap:wrap;gap:4px 14px;align-items:baseline;margin:0 0 10px;font-size:17px}
.order time,.reference{color:var(--soft);font-size:13px;font-weight:400}
table{border-collapse:collapse;width:100%;font-size:13.5px}
th{color:var(--soft);font-weight:500;white-space:nowrap}
th,td{text-align:left;vertical-align:top;padding:5px 10px 5px 0;border-top:1px solid var(--line)}
td{overflow-wrap:anywhere}
table table{margin:-2px 0}table table tr:first-child>*{border-top:0}
th[scope=row]{width:1%;white-space:nowrap}
.lines{margin-bottom:8px}
img{display:block;max-width:150px;max-height:150px;border-radius:8px;border:1px solid var(--line);background:#fff}
details{margin-top:8px}summary{cursor:pointer;color:var(--mark)}
label{display:flex;gap:8px;align-items:center;margin-bottom:8px;color:var(--soft)}
select,input,button{font:inherit;color:inherit;background:var(--ground);border:1px solid var(--line);border-radius:8px;padding:5px 9px;min-width:0}
select{flex:1}input{width:80px}
button{cursor:pointer}button:hover{border-color:var(--mark)}:focus-visible{outline:2px solid var(--mark);outline-offset:1px}
.danger{color:var(--bad)}
.buttons{display:flex;flex-wrap:wrap;gap:6px;margin:10px 0}
#active,#said{font-size:13px;color:var(--bad)}
.empty{color:var(--soft);padding:28px;text-align:center;border:1px dashed var(--line);border-radius:12px}
.ok{color:var(--good)}.no{color:var(--bad)}.status{white-space:nowrap;width:1%}
.lines>tbody>tr>td:nth-child(2){width:1%}
@media(max-width:600px){main,header{padding:16px}.lines>thead{display:none}.lines>tbody>tr>td{display:block;width:auto!important;border-top:0;padding:3px 0}.lines>tbody>tr{display:block;border-top:1px solid var(--line);padding:6px 0}.lines>tbody>tr>td:nth-child(2)::before{content:"Quantity: "}th[scope=row]{white-space:normal}}
`;

// Only what changed is redrawn, so an opened detail stays open while the page refreshes itself.
const script = `
const at = (id) => document.getElementById(id);
const make = (tag, props, ...children) => { const e = Object.assign(document.createElement(tag), props); e.append(...children); return e; };
const isPicture = (key, text) => /^data:image\\//.test(text) || (/^https?:\\/\\//.test(text) && (/\\.(png|jpe?g|webp|gif|svg)(\\?|$)/i.test(text) || /picture|image|thumbnail|asset_url|preview_url/.test(key)));
function shown(value, key) {
  if (value === null || value === undefined) return make("i", {}, "none");
  if (typeof value === "string") {
    if (isPicture(key, value)) {
      const image = make("img", { src: value, alt: key, loading: "lazy" });
      image.onerror = () => image.replaceWith(value.slice(0, 300));
      return value.startsWith("data:") ? image : make("a", { href: value, title: value, rel: "noreferrer" }, image);
    }
    return value.length > 400 ? make("details", {}, make("summary", {}, value.length + " characters"), value) : document.createTextNode(value);
  }
  if (typeof value !== "object") return document.createTextNode(String(value));
  const rows = Object.entries(value).map(([name, inner]) => make("tr", {}, make("th", { scope: "row" }, Array.isArray(value) ? String(Number(name) + 1) : name), make("td", {}, shown(inner, Array.isArray(value) ? key : name))));
  return rows.length ? make("table", {}, make("tbody", {}, ...rows)) : document.createTextNode(Array.isArray(value) ? "[]" : "{}");
}
function order(entry) {
  const lines = make("table", { className: "lines" }, make("thead", {}, make("tr", {}, ...["Product", "Quantity", "Details"].map((h) => make("th", { scope: "col" }, h)))),
    make("tbody", {}, ...entry.lines.map((line) => make("tr", {}, make("td", {}, make("b", {}, line.sku)), make("td", {}, String(line.quantity)), make("td", {}, shown(line.detail, ""))))));
  const body = make("details", {}, make("summary", {}, "Every field that was sent"), shown(entry.body, ""));
  const head = make("h3", {}, entry.number, make("time", { dateTime: entry.at }, new Date(entry.at).toLocaleString()));
  if (entry.reference) head.append(make("span", { className: "reference" }, "reference " + entry.reference));
  return make("article", { className: "order" }, head, lines, body);
}
let drawn = "", known = "";
async function call(method, path, body) {
  const answer = await fetch("/_sandbox/" + path, { method, body: body && JSON.stringify(body) });
  const read = await answer.json();
  at("said").textContent = answer.ok ? "" : read.error;
  await refresh();
}
async function refresh() {
  let state;
  try { state = await (await fetch("/_sandbox/state")).json(); } catch { at("said").textContent = "The stand-in does not answer."; return; }
  at("count").textContent = state.orders + (state.orders === 1 ? " order" : " orders");
  const mark = JSON.stringify(state.ledger);
  if (mark !== drawn) {
    drawn = mark;
    const entries = state.ledger.slice().reverse().map(order);
    at("ledger").replaceChildren(...(entries.length ? entries : [make("p", { className: "empty" }, "Nothing yet. Orders appear here the moment they exist.")]));
  }
  if (!known) {
    known = "drawn";
    for (const route of state.routes) at("on").append(make("option", { value: route }, route));
    at("kinds").replaceChildren(...state.kinds.map(({ kind, meaning }) => make("button", { type: "button", title: meaning, onclick: () => call("POST", "faults", { kind, ...(at("on").value ? { on: at("on").value } : {}), ...(kind === "revoked-key" ? {} : { times: Number(at("times").value) || 1 }) }) }, kind)));
  }
  at("active").replaceChildren(...state.faults.map((f) => make("div", {}, f.fault.kind + " on " + (f.fault.on || "any request") + ", " + f.left + (f.left === "until cleared" ? "" : " left"))));
  at("late").textContent = "Deliver late requests (" + state.late + ")";
  at("requests").replaceChildren(make("table", {}, make("tbody", {}, ...state.requests.reverse().map((r) => make("tr", {}, make("td", { className: r.status < 400 ? "ok status" : "no status" }, String(r.status)), make("td", {}, r.method + " " + r.path))))));
}
at("clear").onclick = () => call("DELETE", "faults");
at("late").onclick = () => call("POST", "release-late");
at("reset").onclick = () => call("POST", "reset");
refresh(); setInterval(refresh, 2000);
`;
