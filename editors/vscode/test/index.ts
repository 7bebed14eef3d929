import { writeFileSync } from "node:fs";
import Mocha from "mocha";
import * as language from "./language.test";
import * as runs from "./runs.test";
import * as server from "./server.test";

interface Result {
  title: string;
  error: string | null;
}

/** Called by VS Code inside its extension host (`extensionTestsPath`). Leaves the results where the caller asked. */
export async function run(): Promise<void> {
  const file = process.env["CALLSHEET_TEST_RESULTS"] ?? "";
  const mocha = new Mocha({ ui: "bdd", timeout: 200_000, reporter: "min" });
  const results: Result[] = [];
  mocha.suite.emit("pre-require", globalThis as never, "suites", mocha);
  for (const suite of [language, runs, server]) suite.define();
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => resolve());
    runner.on("pass", (test) => results.push({ title: test.fullTitle(), error: null }));
    runner.on("fail", (test, error) => results.push({ title: test.fullTitle(), error: error.stack ?? String(error) }));
  });
  writeFileSync(file, JSON.stringify(results));
}
