import * as vscode from "vscode";
import type { Server } from "../client/server";
import type { Question } from "../protocol";
import type { RunStore } from "./store";

const ANSWER = "Answer…";
const YES = "Yes";
const NO = "No";

/** Puts the questions of `checkpoint()` to the person. */
export class Questions {
  constructor(
    private readonly server: Server,
    private readonly store: RunStore,
  ) {
    store.onDidAsk((question) => void this.notify(question));
  }

  /** A notification: it may be dismissed, and the question stays in the run view. */
  private async notify(question: Question): Promise<void> {
    const name = this.store.get(question.runId)?.summary.name ?? "Callsheet";
    const buttons = question.kind === "confirm" ? [YES, NO] : [ANSWER];
    const choice = await vscode.window.showInformationMessage(`${name}: ${question.question}`, ...buttons);
    if (choice === ANSWER) await this.ask(question);
    else if (choice) await this.answer(question, choice === YES);
  }

  async ask(question: Question): Promise<void> {
    const title = question.question;
    if (question.kind === "input") {
      const value = await vscode.window.showInputBox({ title, ignoreFocusOut: true });
      if (value !== undefined) await this.answer(question, value);
      return;
    }
    const confirm = question.kind === "confirm";
    const items = confirm ? [YES, NO] : (question.choices ?? []);
    const choice = await vscode.window.showQuickPick(items, { title, ignoreFocusOut: true });
    if (choice !== undefined) await this.answer(question, confirm ? choice === YES : choice);
  }

  private async answer({ runId, call }: Question, value: unknown): Promise<void> {
    const run = this.store.get(runId);
    if (!run?.questions.has(call)) {
      void vscode.window.showInformationMessage("This question has been answered already.");
      return;
    }
    await this.server.execute("callsheet.answer", { runId, call, value });
    this.store.settle(run, call);
  }
}
