// The lint rules: TypeScript's strict set, and the walls between the parts of the app. Every wall says its reason,
// because whoever runs into one wants to know where the code belongs instead. test/walls.test.ts plants violations.
import hooks from "eslint-plugin-react-hooks";
import globals from "globals";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

// What the worker wakes, by road.
const steps = {
  orders: ["intake", "routing", "submission", "tracking", "writeback"],
  products: ["intake", "publishing"],
  previews: ["artwork-preparing.server", "preview-making.server"],
};
const stepsOf = (road) => `(${steps[road].join("|").replaceAll(".", "\\.")})\\.ts$`;
const anyStep = `(${Object.keys(steps)
  .map((road) => `${road}/${stepsOf(road)}`)
  .join("|")})`;

// Each wall: imports that match the regex are reported with the reason.
const wall = {
  noSandbox: {
    regex: "^#(sandbox|test)/|(^|/)\\.\\./(sandbox|test)/",
    message: "The app never imports the sandbox or tests: production code has no branch for them.",
  },
  noAlias: {
    regex: "^#app/",
    message: "Inside app/ imports are relative and end in .ts: plain Node runs these files as they are.",
  },
  noUndici: {
    regex: "^undici$",
    message:
      "The one way out to vendors is app/vendors/wire.server.ts: it alone has the deadline, the byte cap and the address guard.",
  },
  noProcess: {
    regex: "^(node:)?process$",
    message:
      "Only app/env.server.ts reads the environment: it is parsed once, and a wrong one stops the start.",
  },
  noVendorFolder: {
    regex: "(^|/)vendors/[^/]+/|^\\./(dot|oms|whcc|dora|brand)/",
    message:
      "Only app/vendors/index.server.ts knows the vendors' folders; everything else sees the plain Vendor.",
  },
  noStep: {
    regex: `(^|/)${anyStep}`,
    message:
      "Pages decide nothing and call no step: they write the row (orders/decision.server.ts) and wake the worker.",
  },
  noOtherStep: (road) => ({
    regex: `^\\./${stepsOf(road)}|/${anyStep}`,
    message:
      "A step never calls another step: it writes its row and wakes the next, which claims it by itself.",
  }),
  noDoors: {
    regex: "(^|/)(routes/|server\\.ts$|worker\\.ts$)",
    message:
      "Imports go downward only: the two doors (web, worker) import the road, never the other way round.",
  },
  noUi: {
    regex: "(^|/)ui/",
    message: "The road knows no page: what a page and a step share lies beside the step.",
  },
  onlyItsOwn: {
    regex: "^\\.\\./(?!(vendor|fields|address)\\.ts$|\\.\\./(orders/order|products/product)\\.ts$)",
    message:
      "A vendor's folder imports its own files, ../vendor.ts, ../fields.ts, ../address.ts, ../../orders/order.ts, ../../products/product.ts and zod: what it knows of the world it is given.",
  },
  onlyZod: {
    regex: "^(?!\\.|zod$)",
    message:
      "A vendor's folder uses no package but zod: it reaches the network only through the calls it is given.",
  },
  nothing: {
    regex: ".",
    message: "order.ts imports nothing: it is the words that everything else speaks.",
  },
  noApp: {
    regex: "^#(app|test)/|(^|/)\\.\\./(app|test)/",
    message:
      "The sandbox imports nothing of the app: it is an independent reading of the vendors' documents, so that it can disagree with us.",
  },
};

// A function with a name takes three; a callback takes what whoever calls it hands over.
const fewParameters = [
  "FunctionDeclaration[params.length>3][params.0.name!='this']",
  "VariableDeclarator > :matches(ArrowFunctionExpression, FunctionExpression)[params.length>3]",
].map((selector) => ({
  selector,
  message: "At most three parameters: more of them are one object with names.",
}));

const walls = (...patterns) => ({ "no-restricted-imports": ["error", { patterns }] });
const everywhereInApp = [wall.noSandbox, wall.noAlias, wall.noUndici, wall.noProcess, wall.noVendorFolder];

const ownNodeScripts = ["sandbox/**/*.mjs", "eslint.config.js"];
const needsDefaultExport = [
  "app/routes/**",
  "app/{root,entry.server,routes}.{ts,tsx}",
  "*.config.{ts,js}",
  "test/support/postgres.ts",
];

export default defineConfig(
  globalIgnores(["build/", "node_modules/", ".data/", ".cache/", "test/browser/failures/", ".*.config.ts"]),
  {
    files: ["**/*.{js,mjs}"],
    rules: { "no-undef": "error", "no-unused-vars": "error", "no-unreachable": "error", eqeqeq: "error" },
  },
  {
    files: ["**/*.{ts,tsx}"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/only-throw-error": ["error", { allow: [{ from: "lib", name: "Response" }] }],
      // Of no use here: there are no classes to lose a `this`; an arrow may end in a void call; a function may be
      // async because its interface is; a form's text field is never a file; what another call changed during an
      // await is no constant; and the rest is style.
      "@typescript-eslint/unbound-method": "off",
      "@typescript-eslint/no-confusing-void-expression": "off",
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/no-base-to-string": "off",
      "@typescript-eslint/no-unnecessary-condition": "off",
      "@typescript-eslint/no-unnecessary-type-assertion": "off",
      "@typescript-eslint/no-unsafe-enum-comparison": "off",
      "@typescript-eslint/no-misused-spread": "off",
      "@typescript-eslint/no-meaningless-void-operator": "off",
      "@typescript-eslint/use-unknown-in-catch-callback-variable": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
    },
  },
  {
    files: ["**/*.{ts,tsx,js,mjs}"],
    rules: { "no-console": "error", "no-restricted-syntax": ["error", ...fewParameters] },
  },
  { files: ["**/*.tsx"], extends: [hooks.configs.flat["recommended-latest"]] },
  { files: ownNodeScripts, languageOptions: { globals: globals.node } },
  { files: ["extensions/**/*.js", "sandbox/shopify/**/*.js"], languageOptions: { globals: globals.browser } },
  // Remix calls handleRequest with five, graphql-js a resolver with four; Remix's express handler looks after its
  // own promise.
  {
    files: ["app/entry.server.tsx", "sandbox/shopify/admin-api/execute.ts"],
    rules: { "no-restricted-syntax": "off" },
  },
  {
    files: ["app/server.ts"],
    rules: {
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { arguments: false } }],
    },
  },
  {
    files: ["test/**"],
    rules: {
      "no-restricted-syntax": "off",
      // vitest's matchers (expect.any, expect.objectContaining) are of type any.
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      "@typescript-eslint/no-dynamic-delete": "off",
      "@typescript-eslint/switch-exhaustiveness-check": "off",
    },
  },
  {
    files: ["**/*.{ts,tsx}"],
    ignores: needsDefaultExport,
    rules: {
      "no-restricted-exports": [
        "error",
        { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } },
      ],
    },
  },

  // The walls, from the whole app to the single file; where two fit, the later one stands alone.
  { files: ["app/**"], rules: walls(...everywhereInApp) },
  { files: ["app/{routes,ui}/**"], rules: walls(...everywhereInApp, wall.noStep) },
  {
    files: ["app/{orders,products,previews,connections,shopify}/**"],
    rules: walls(...everywhereInApp, wall.noDoors, wall.noUi),
  },
  ...Object.entries(steps).map(([road, names]) => ({
    files: names.map((name) => `app/${road}/${name}.ts`),
    rules: walls(...everywhereInApp, wall.noDoors, wall.noUi, wall.noOtherStep(road)),
  })),
  { files: ["app/orders/order.ts"], rules: walls(wall.nothing) },
  { files: ["app/queue.server.ts"], rules: walls(...everywhereInApp, wall.noStep) },
  { files: ["app/vendors/*.ts"], rules: walls(...everywhereInApp, wall.noStep, wall.noDoors, wall.noUi) },
  { files: ["app/vendors/index.server.ts"], rules: walls(wall.noSandbox, wall.noAlias, wall.noUndici) },
  { files: ["app/vendors/wire.server.ts"], rules: walls(wall.noSandbox, wall.noAlias, wall.noVendorFolder) },
  { files: ["app/vendors/*/**"], rules: walls(wall.onlyItsOwn, wall.onlyZod) },
  { files: ["sandbox/**"], rules: walls(wall.noApp) },
  {
    files: ["app/**"],
    // migrate.server.ts hands its whole environment on to Prisma's own command, which reads it by itself.
    ignores: ["app/env.server.ts", "app/migrate.server.ts"],
    rules: {
      "no-restricted-properties": [
        "error",
        { object: "process", property: "env", message: wall.noProcess.message },
      ],
    },
  },
);
