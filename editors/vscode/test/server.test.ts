import * as assert from "node:assert";
import * as vscode from "vscode";
import { api, open, problems, when } from "./support";

export function define(): void {
  describe("server", () => {
    it("says so when Python is missing, and comes back when the setting is mended", async () => {
      const { server } = await api();
      const settings = vscode.workspace.getConfiguration("callsheet");
      await settings.update("python", "/nowhere/python3", vscode.ConfigurationTarget.Workspace);
      await when("a server that failed", () => server.state === "failed", server.onDidChangeState);
      await settings.update("python", undefined, vscode.ConfigurationTarget.Workspace);
      await when("a running server", () => server.state === "running", server.onDidChangeState);
    });

    it("takes up the open documents after a restart", async () => {
      const { server } = await api();
      const document = await open("broken.workflow.js");
      await problems(document, "a problem before", (found) => found.length > 0);
      await server.restart();
      assert.strictEqual(server.state, "running");
      await problems(document, "a problem after", (found) => found.length > 0);
    });

    it("reads the settings of the workspace", async () => {
      await api();
      const document = await open("broken.workflow.js");
      const before = await problems(document, "the clock", (found) => found.length > 0);
      const code = before.find(({ message }) => message.includes("Date.now"))?.code;
      const name = String(typeof code === "object" ? code.value : code);
      const settings = vscode.workspace.getConfiguration("callsheet");
      await settings.update("rules", { [name]: "off" }, vscode.ConfigurationTarget.Workspace);
      await problems(document, "no clock", (found) => !found.some(({ message }) => message.includes("Date.now")));
      await settings.update("rules", undefined, vscode.ConfigurationTarget.Workspace);
      await problems(document, "the clock again", (found) => found.some(({ message }) => message.includes("Date.now")));
    });
  });
}
