import * as assert from "node:assert";
import * as vscode from "vscode";
import { api, open, problems, when } from "./support";

export function define(): void {
  describe("language", () => {
    it("activates and starts the server", async () => {
      const { server } = await api();
      await open("audit.workflow.js");
      await when("a running server", () => server.state === "running", server.onDidChangeState);
    });

    it("gives scripts the language id callsheet, and leaves other JavaScript alone", async () => {
      assert.strictEqual((await open("audit.workflow.js")).languageId, "callsheet");
      assert.strictEqual((await open(".callsheet/workflows/saved.js")).languageId, "callsheet");
      assert.strictEqual((await open("plain.js")).languageId, "javascript");
    });

    it("reports a problem of the script", async () => {
      const document = await open("broken.workflow.js");
      const [first] = await problems(document, "a problem", (found) => found.length > 0);
      assert.strictEqual(first?.severity, vscode.DiagnosticSeverity.Error);
    });

    it("raises no false alarm on top-level return and the globals", async () => {
      const document = await open("audit.workflow.js");
      await problems(document, "no problem", (found) => found.length === 0);
      assert.deepStrictEqual(vscode.languages.getDiagnostics(document.uri).map((each) => each.message), []);
    });
  });
}
