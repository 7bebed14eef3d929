import * as assert from "node:assert";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import * as vscode from "vscode";
import type { Run } from "../src/runs/store";
import { api, open, problems, when } from "./support";

const RUN = "callsheet run";

/** Starts the script in front, and waits for its run. */
async function start(name: string): Promise<{ document: vscode.TextDocument; runId: string }> {
  const { runs, server } = await api();
  const document = await open(name);
  await when("a running server", () => server.state === "running", server.onDidChangeState);
  const before = new Set(runs.list().map((run) => run.summary.runId));
  await vscode.commands.executeCommand("callsheet.ui.runWorkflow", document.uri);
  const find = (): Run | undefined => runs.forDocument(document.uri).find((each) => !before.has(each.summary.runId));
  const run = await when("the run", find, runs.onDidChange);
  return { document, runId: run.summary.runId };
}

async function until(what: string, runId: string, fits: (run: Run) => boolean): Promise<Run> {
  const { runs } = await api();
  return when(
    what,
    () => {
      const run = runs.get(runId);
      return run && fits(run) && run;
    },
    runs.onDidChange,
  );
}

function states(run: Run): Record<string, string> {
  return Object.fromEntries([...run.agents.values()].map(({ label, status }) => [label, status]));
}

export function define(): void {
  describe("runs", () => {
    it("runs a script to its end", async () => {
      const { document, runId } = await start("audit.workflow.js");
      const run = await until("the end", runId, ({ summary }) => summary.status === "completed");
      assert.deepStrictEqual(states(run), {
        "look parser": "done",
        "look server": "done",
        "look docs": "done",
        "mend readme": "done",
        "sum up": "done",
      });
      assert.ok((run.summary.usage.total ?? 0) > 0);
      const found = await problems(document, "the state on the lines", (all) => all.length === 3, RUN);
      const calls = document.getText().split("\n").flatMap((line, number) => (line.includes("agent(") ? [number] : []));
      assert.deepStrictEqual(found.map(({ range }) => range.start.line).sort((a, b) => a - b), calls);
      assert.ok(found.every(({ severity }) => severity === vscode.DiagnosticSeverity.Information));
    });

    it("opens a transcript that follows its agent", async () => {
      const { runId } = await start("patient.workflow.js");
      const run = await until("the guard at work", runId, (each) => states(each)["guard"] === "running");
      const guard = [...run.agents.values()].find(({ label }) => label === "guard");
      await vscode.commands.executeCommand("callsheet.ui.openTranscript", { runId, call: guard?.call });
      const transcript = vscode.window.activeTextEditor?.document;
      assert.strictEqual(transcript?.uri.scheme, "callsheet-transcript");
      const has = (text: string) =>
        when(text, () => transcript.getText().includes(text), vscode.workspace.onDidChangeTextDocument);
      await has("Guard the gate");
      assert.ok(!transcript.getText().includes("Nobody came."));
      await has("Nobody came.");
      await has("done");
    });

    it("links the worktree of an agent at work", async () => {
      const { document, runId } = await start("patient.workflow.js");
      await until("the guard at work", runId, (each) => states(each)["guard"] === "running");
      const related = await when(
        "a link to the worktree",
        () =>
          vscode.languages
            .getDiagnostics(document.uri)
            .filter(({ source }) => source === RUN)
            .flatMap(({ relatedInformation }) => relatedInformation ?? [])
            .find(({ message }) => message.startsWith("Worktree")),
        vscode.languages.onDidChangeDiagnostics,
      );
      assert.ok(existsSync(related.location.uri.fsPath), related.location.uri.fsPath);
      await until("the end", runId, ({ summary }) => summary.status === "completed");
    });

    it("stops a run, and resumes it without asking a finished agent again", async () => {
      const { runs, server } = await api();
      const { runId } = await start("slow.workflow.js");
      await until("the agent at work", runId, (run) => states(run)["tide"] === "running");
      await vscode.commands.executeCommand("callsheet.ui.stopRun", { runId });
      const stopped = await until("the stop", runId, ({ summary }) => summary.status === "stopped");
      assert.deepStrictEqual(states(stopped), { hello: "done", tide: "stopped" });
      assert.deepStrictEqual(runs.active(), []);
      await vscode.commands.executeCommand("callsheet.ui.resumeRun", { runId });
      const resumed = await until("the end", runId, ({ summary }) => summary.status === "completed");
      assert.deepStrictEqual(states(resumed), { hello: "replayed", tide: "done" });
      assert.strictEqual(server.state, "running");
    });

    it("applies the changes of an isolated agent", async () => {
      const { runs, server } = await api();
      // The run of the first test: its isolated agent wrote a file.
      const audits = runs.list().filter(({ summary }) => summary.name === "audit");
      const runId = audits.at(-1)?.summary.runId ?? "";
      const readme = await open("README.md");
      assert.ok(!readme.getText().includes("well kept"));
      await vscode.commands.executeCommand("callsheet.ui.showChanges", { runId });
      await when(
        "a diff",
        () => vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputTextDiff,
        vscode.window.tabGroups.onDidChangeTabs,
      );
      const done = await server.execute<{ ok: boolean }>("callsheet.changes", { runId, action: "apply" });
      assert.strictEqual(done.ok, true);
      await when("the changed file", () => readme.getText().includes("well kept"), vscode.workspace.onDidChangeTextDocument);
    });

    it("keeps the state right when the server dies during a run", async () => {
      const { server } = await api();
      const { runId } = await start("patient.workflow.js");
      await until("the guard at work", runId, (run) => states(run)["guard"] === "running");
      const [pid] = execFileSync("pgrep", ["-P", String(process.pid), "-f", "callsheet_server"]).toString().split("\n");
      process.kill(Number(pid), "SIGKILL");
      await when("the end of the old server", () => server.state === "starting", server.onDidChangeState);
      await when("the new server", () => server.state === "running", server.onDidChangeState);
      const run = await until("the end", runId, ({ summary }) => summary.status === "completed");
      assert.deepStrictEqual(states(run), { hello: "done", guard: "done" });
    });

    it("knows all runs after a restart of the server", async () => {
      const { runs, server } = await api();
      const before = runs.list().map(({ summary }) => `${summary.runId} ${summary.status}`);
      assert.ok(before.length > 3);
      await server.restart();
      await when("the runs", () => runs.list().length === before.length, runs.onDidChange);
      assert.deepStrictEqual(runs.list().map(({ summary }) => `${summary.runId} ${summary.status}`), before);
    });

    it("hears a question, and answers it", async () => {
      const { runs, server } = await api();
      const asked = new Promise<{ call: number; question: string }>((resolve) => runs.onDidAsk(resolve));
      const { runId } = await start("asking.workflow.js");
      const { call, question } = await asked;
      assert.strictEqual(question, "Shall it go on?");
      await server.execute("callsheet.answer", { runId, call, value: true });
      const run = await until("the end", runId, ({ summary }) => summary.status === "completed");
      assert.strictEqual(run.questions.size, 0);
    });

    it("refuses a script with errors, and says which", async () => {
      const { runs, server } = await api();
      const document = await open("broken.workflow.js");
      await problems(document, "problems", (found) => found.length > 0);
      const before = runs.list().length;
      await assert.rejects(server.execute("callsheet.run", { uri: document.uri.toString() }), /nothing was started.*Date\.now/);
      assert.strictEqual(runs.list().length, before);
    });

    it("previews a run, and a resume", async () => {
      const { runs } = await api();
      const document = await open("slow.workflow.js");
      const shown = (text: string) =>
        when(
          text,
          () => vscode.workspace.textDocuments.find(({ uri, getText }) => uri.scheme === "callsheet-plan" && getText().includes(text)),
          vscode.workspace.onDidOpenTextDocument,
          vscode.workspace.onDidChangeTextDocument,
        );
      await vscode.commands.executeCommand("callsheet.ui.planWorkflow", document.uri);
      await shown("at most 2 agents");
      const run = runs.list().find(({ summary }) => summary.name === "slow");
      await vscode.commands.executeCommand("callsheet.ui.planResume", { runId: run?.summary.runId });
      await shown("2 calls to replay, 0 to run");
    });

    it("forgets a run that is removed", async () => {
      const { runs, server } = await api();
      const runId = runs.list().at(-1)?.summary.runId ?? "";
      await server.execute("callsheet.removeRun", { runId });
      await when("one run less", () => !runs.get(runId), runs.onDidChange);
    });

    it("runs a selection as a workflow of its own", async () => {
      const { runs } = await api();
      const document = await open("plain.js");
      const editor = await vscode.window.showTextDocument(document);
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), "return agent('Say hello', { label: 'hello' });\n"));
      editor.selection = new vscode.Selection(0, 0, 1, 0);
      const before = runs.list().length;
      await vscode.commands.executeCommand("callsheet.ui.runSelection");
      const run = await when(
        "the run of the selection",
        () => runs.list().length > before && runs.list().find(({ summary }) => summary.name === "selection"),
        runs.onDidChange,
      );
      await until("its end", run.summary.runId, ({ summary }) => summary.status === "completed");
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand("workbench.action.files.revert");
    });
  });
}
