// The pictures of the shop's products, drawn as SVG by their handle, so that nothing is fetched.
import { escape } from "../http.ts";

const frame = (inner: string, ground: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 600" role="img"><rect width="600" height="600" fill="${ground}"/>${inner}</svg>`;

/** Dots in staggered rows whose colours follow a hill at sunset. */
function dotPainting(): string {
  const dots: string[] = [];
  for (let row = 0; row < 36; row++) {
    for (let column = 0; column < 28; column++) {
      const x = 132 + column * 12 + (row % 2) * 6;
      const y = 92 + row * 12;
      const hill = 320 + 60 * Math.sin(x / 60);
      const sun = Math.hypot(x - 380, y - 230) < 58;
      const sky = 28 + (y / 600) * 30;
      const colour = sun
        ? "#ffd36b"
        : y > hill
          ? `hsl(${140 + (y % 40)} 38% ${52 - y / 14}%)`
          : `hsl(${sky} 78% ${74 - y / 18}%)`;
      dots.push(`<circle cx="${x}" cy="${y}" r="5.2" fill="${colour}"/>`);
    }
  }
  return frame(
    `<rect x="112" y="72" width="376" height="456" fill="#2a2522"/><rect x="122" y="82" width="356" height="436" fill="#fffaf0"/>${dots.join("")}`,
    "#e9e2d6",
  );
}

function mapPrint(): string {
  const roads = [0, 1, 2, 3, 4, 5].map((n) => {
    const y = 170 + n * 46;
    return `<path d="M150 ${y} Q ${260 + n * 12} ${y - 40 + n * 9} 450 ${y + 14}" stroke="#fff" stroke-width="${n % 2 ? 4 : 8}" fill="none"/>`;
  });
  return frame(
    `<rect x="140" y="80" width="320" height="440" fill="#fff"/><g><rect x="150" y="90" width="300" height="340" fill="#cfe3d8"/><path d="M150 300 C 240 250 340 380 450 300 V430 H150Z" fill="#a9cfe3"/>${roads.join("")}<path d="M300 210 l-16 -26 a19 19 0 1 1 32 0z" fill="#b4472e"/></g><text x="300" y="475" font-family="serif" font-size="26" text-anchor="middle" fill="#333">HERE, IN MAY</text>`,
    "#dfe6e2",
  );
}

function ring(stone: boolean): string {
  const gem = stone
    ? `<polygon points="300,110 348,150 300,214 252,150" fill="#e8f5ff" stroke="#9fb8c8" stroke-width="4"/><path d="M252 150H348M300 110V214" stroke="#bcd3e0" stroke-width="3"/>`
    : "";
  return frame(
    `<ellipse cx="300" cy="350" rx="150" ry="150" fill="none" stroke="#d9a93d" stroke-width="34"/><ellipse cx="300" cy="350" rx="150" ry="150" fill="none" stroke="#f3d488" stroke-width="8" stroke-dasharray="260 700"/>${gem}`,
    "#ece6f0",
  );
}

function album(): string {
  return frame(
    `<path d="M80 200 Q190 160 300 200 V460 Q190 420 80 460Z" fill="#fff"/><path d="M520 200 Q410 160 300 200 V460 Q410 420 520 460Z" fill="#f6f2ea"/><rect x="112" y="236" width="150" height="110" fill="#9cc3b0"/><circle cx="228" cy="262" r="14" fill="#ffe39a"/><rect x="340" y="236" width="66" height="90" fill="#d9a58f"/><rect x="418" y="236" width="66" height="90" fill="#8fa9d9"/><path d="M300 200V460" stroke="#cfc6b8" stroke-width="3"/>`,
    "#e2ddd2",
  );
}

const drawings: Record<string, () => string> = {
  "dot-painting-kit": dotPainting,
  "custom-map-print": mapPrint,
  "engagement-ring": () => ring(false),
  "two-part-ring": () => ring(true),
  "photo-album": album,
  "gift-card": () =>
    frame(
      `<rect x="110" y="190" width="380" height="230" rx="20" fill="#b4472e"/><path d="M110 270H490M230 190V420" stroke="#f3d488" stroke-width="16"/>`,
      "#f2e4dc",
    ),
  "plain-t-shirt": () =>
    frame(
      `<path d="M220 140 L150 180 L110 270 L170 300 L190 260 V470 H410 V260 L430 300 L490 270 L450 180 L380 140 Q300 200 220 140Z" fill="#fff" stroke="#d5d0c8" stroke-width="4"/>`,
      "#dfe3ea",
    ),
};

/** The SVG of a product; a plain card with its handle for products made later. */
export function productArt(handle: string): string {
  const draw = drawings[handle];
  if (draw) return draw();
  return frame(
    `<text x="300" y="310" font-family="sans-serif" font-size="30" text-anchor="middle" fill="#555">${escape(handle)}</text>`,
    "#e6e6e6",
  );
}

/** The picture a customiser would have rendered: the town and the words under it. */
export function customisedArt(town: string, words: string): string {
  return frame(
    `<rect x="90" y="60" width="420" height="480" fill="#fff"/><rect x="110" y="80" width="380" height="340" fill="#cfe3d8"/><path d="M110 300 C 240 250 340 380 490 300 V420 H110Z" fill="#a9cfe3"/><path d="M110 150 L490 250 M200 80 L310 420" stroke="#fff" stroke-width="9"/><path d="M300 210 l-16 -26 a19 19 0 1 1 32 0z" fill="#b4472e"/><text x="300" y="468" font-family="serif" font-size="32" text-anchor="middle" fill="#222">${escape(town)}</text><text x="300" y="508" font-family="serif" font-size="20" text-anchor="middle" fill="#666">${escape(words)}</text>`,
    "#dfe6e2",
  );
}
