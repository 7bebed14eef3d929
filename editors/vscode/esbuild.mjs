// Bundles the extension, the report's page script, and the suite that runs inside the extension host.
import { build } from "esbuild";

const common = { bundle: true, sourcemap: "linked", logLevel: "warning" };
const host = { ...common, platform: "node", target: "node20", format: "cjs", external: ["vscode"] };

await Promise.all([
  build({ ...host, entryPoints: ["src/extension.ts"], outfile: "dist/extension.js", minify: true }),
  build({
    ...common,
    entryPoints: ["src/report/page/main.ts"],
    outfile: "dist/report.js",
    platform: "browser",
    target: "es2022",
    format: "iife",
    minify: true,
  }),
  build({ ...host, entryPoints: ["test/index.ts"], outfile: "dist/test/index.js", external: ["vscode", "mocha"] }),
]);
