import * as assert from "node:assert";
import * as vscode from "vscode";
import { api, asked, open, problems, rewrite, when } from "./support";

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

    it("raises no false alarm on top-level return and the globals", async () => {
      const document = await open("audit.workflow.js");
      const text = document.getText();
      await rewrite(document, `${text}Math.random();\n`);
      // One problem was told, so the server has read the rest of the script as well.
      await problems(document, "the one problem", (found) => found.length > 0);
      assert.strictEqual(vscode.languages.getDiagnostics(document.uri).length, 1);
      await rewrite(document, text);
      await problems(document, "no problem", (found) => found.length === 0);
    });

    it("reports a problem on the line that has it", async () => {
      const document = await open("broken.workflow.js");
      const found = await problems(document, "the clock", (all) => all.some(({ message }) => message.includes("Date.now")));
      const clock = found.find(({ message }) => message.includes("Date.now"));
      assert.strictEqual(clock?.range.start.line, 2);
      assert.strictEqual(clock.severity, vscode.DiagnosticSeverity.Error);
    });

    it("reports a problem in a fence of a Markdown page", async () => {
      const document = await open("notes.md");
      const found = await problems(document, "the dice", (all) => all.length > 0);
      assert.strictEqual(found[0]?.range.start.line, 5);
    });

    it("fixes a problem", async () => {
      const document = await open("broken.workflow.js");
      const [misspelt] = await problems(document, "the option", (all) => all.some(({ message }) => message.includes("labell"))).then(
        (all) => all.filter(({ message }) => message.includes("labell")),
      );
      const fix = await asked("a fix", async () => {
        const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
          "vscode.executeCodeActionProvider",
          document.uri,
          misspelt?.range,
          vscode.CodeActionKind.QuickFix.value,
          20,
        );
        return actions.find(({ edit, title }) => edit && !title.startsWith("Ignore"));
      });
      assert.ok(fix.edit);
      await vscode.workspace.applyEdit(fix.edit);
      assert.match(document.getText(), /\{ label: 'time' \}/);
      await problems(document, "one problem less", (all) => !all.some(({ message }) => message.includes("labell")));
    });

    it("completes options of agent()", async () => {
      const document = await open(".callsheet/workflows/saved.js");
      await rewrite(document, `${document.getText()}agent('again', { iso`);
      const end = document.lineAt(document.lineCount - 1).range.end;
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        "vscode.executeCompletionItemProvider",
        document.uri,
        end,
      );
      const labels = list.items.map(({ label }) => (typeof label === "string" ? label : label.label));
      assert.ok(labels.includes("isolation"), labels.join(", "));
      await vscode.commands.executeCommand("workbench.action.files.revert");
    });

    it("shows lenses above meta", async () => {
      const document = await open("audit.workflow.js");
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", document.uri, 10);
      const titles = lenses.map(({ command }) => command?.title);
      assert.ok(titles.includes("Run workflow") && titles.includes("Dry run"), titles.join(", "));
      assert.strictEqual(lenses[0]?.range.start.line, 0);
    });

    it("counts columns in UTF-16 units", async () => {
      const text = "export const meta = { name: 'wide', description: 'wide' };\nlog('𝒳𝒴'); Date.now();\n";
      const document = await vscode.workspace.openTextDocument({ language: "callsheet", content: text });
      const [clock] = await problems(document, "the clock", (all) => all.length > 0);
      assert.ok(document.getText(clock?.range).startsWith("Date"), document.getText(clock?.range));
    });

    it("has every command that it offers", async () => {
      await api();
      const extension = vscode.extensions.getExtension("callsheet.callsheet");
      const offered: { command: string }[] = extension?.packageJSON.contributes.commands;
      const there = new Set(await vscode.commands.getCommands(true));
      assert.deepStrictEqual(offered.filter(({ command }) => !there.has(command)), []);
    });
  });
}
