import * as vscode from "vscode";
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  State,
  type LanguageClientOptions,
  type ServerOptions,
} from "vscode-languageclient/node";
import { locateServer } from "./locate";
import { settingsForServer } from "./settings";
import { reportFailure, reportMissing } from "./trouble";

export type ServerState = "stopped" | "starting" | "running" | "failed";

const SELECTOR = ["file", "untitled"].flatMap((scheme) => [
  { scheme, language: "callsheet" },
  { scheme, language: "markdown" },
]);
const NEEDS_RESTART = ["callsheet.python", "callsheet.server"];
const CRASHES_ALLOWED = 4;
const CRASH_WINDOW_MS = 180_000;

/** A command the server has, run in front of its own handling; undefined lets the server have it. */
export type Intercept = (command: string, args: readonly unknown[]) => Promise<unknown> | undefined;

/** The language server, and the one client that talks to it. */
export class Server implements vscode.Disposable {
  private readonly stateChanged = new vscode.EventEmitter<ServerState>();
  readonly onDidChangeState = this.stateChanged.event;
  private readonly output = vscode.window.createOutputChannel("Callsheet", { log: true });
  private readonly handlers = new Map<string, (params: unknown) => void>();
  private readonly subscriptions: vscode.Disposable[] = [this.output, this.stateChanged];
  private client: LanguageClient | undefined;
  private crashes: number[] = [];
  private turn: Promise<void> = Promise.resolve();
  private currentState: ServerState = "stopped";
  intercept: Intercept = () => undefined;

  constructor() {
    this.subscriptions.push(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (this.state !== "stopped" && NEEDS_RESTART.some((key) => event.affectsConfiguration(key))) void this.restart();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.trustGranted()),
    );
  }

  get state(): ServerState {
    return this.currentState;
  }

  /** Starts the server unless it runs; resolves when it answers, or when it was found that it cannot. */
  start(): Promise<void> {
    return this.inTurn(async () => {
      if (this.currentState === "stopped") await this.launch();
    });
  }

  restart(): Promise<void> {
    return this.inTurn(async () => {
      await this.shutDown();
      this.crashes = [];
      await this.launch();
    });
  }

  /** Receives a notification of the server, of this process and of every later one. */
  onNotification<P>(method: string, handler: (params: P) => void): void {
    const general = handler as (params: unknown) => void;
    this.handlers.set(method, general);
    this.client?.onNotification(method, general);
  }

  /** Has the server execute a command. Starts it where it has not run yet. */
  async execute<T>(command: string, argument: object): Promise<T> {
    await this.start();
    if (!this.client || this.currentState !== "running") throw new Error("Callsheet's server is not running.");
    return this.client.sendRequest<T>("workspace/executeCommand", { command, arguments: [argument] });
  }

  showOutput(): void {
    this.output.show();
  }

  async dispose(): Promise<void> {
    await this.inTurn(() => this.shutDown());
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private trustGranted(): void {
    const settings = { callsheet: { trusted: true } };
    if (this.currentState === "failed") void this.restart();
    else void this.client?.sendNotification("workspace/didChangeConfiguration", { settings });
  }

  private inTurn(step: () => Promise<void>): Promise<void> {
    this.turn = this.turn.then(step, step);
    return this.turn;
  }

  private async launch(): Promise<void> {
    this.setState("starting");
    const found = await locateServer();
    if ("reason" in found) {
      this.output.error(found.detail);
      this.setState("failed");
      void reportMissing(found);
      return;
    }
    this.output.info(`Starting ${[found.command, ...found.args].join(" ")}`);
    const run = { command: found.command, args: found.args, options: { cwd: workingDirectory() } };
    const client = new LanguageClient("callsheet", "Callsheet", run as ServerOptions, this.options());
    for (const [method, handler] of this.handlers) client.onNotification(method, handler);
    client.onDidChangeState(({ newState }) => {
      if (client !== this.client) return;
      if (newState === State.Running) this.setState("running");
      else if (newState === State.Starting) this.setState("starting");
    });
    this.client = client;
    try {
      await client.start();
    } catch (error) {
      this.fail(error instanceof Error ? error.message : String(error));
    }
  }

  private options(): LanguageClientOptions {
    return {
      documentSelector: SELECTOR,
      outputChannel: this.output,
      initializationOptions: { trusted: vscode.workspace.isTrusted },
      progressOnInitialization: false,
      initializationFailedHandler: () => false,
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => this.closed(),
      },
      middleware: {
        executeCommand: (command, args: unknown[], next) => this.intercept(command, args) ?? next(command, args),
        workspace: {
          configuration: async (params, token, next) => {
            const answer = await next(params, token);
            const trusted = vscode.workspace.isTrusted;
            return Array.isArray(answer) ? answer.map((each) => ({ ...settingsForServer(each), trusted })) : answer;
          },
          // The server asks for what it needs, so it is told only that something changed.
          didChangeConfiguration: async (_sections, next) => next(undefined),
        },
        provideInlayHints: async (document, range, token, next) => {
          const hints = await next(document, range, token);
          return decorated() ? hints?.filter((hint) => !ofRun(hint)) : hints;
        },
        // The status bar item and the tree show a run's progress already.
        handleWorkDoneProgress: (token, params, next) => {
          if (!String(token).startsWith("callsheet-")) next(token, params);
        },
      },
    };
  }

  private closed(): { action: CloseAction; handled: boolean } {
    const now = Date.now();
    this.crashes = [...this.crashes.filter((at) => now - at < CRASH_WINDOW_MS), now];
    if (this.crashes.length <= CRASHES_ALLOWED) {
      this.output.warn("The server ended and is started again.");
      this.setState("starting");
      return { action: CloseAction.Restart, handled: true };
    }
    this.fail(`it ended ${this.crashes.length} times within three minutes.`);
    return { action: CloseAction.DoNotRestart, handled: true };
  }

  private fail(detail: string): void {
    this.output.error(detail);
    this.setState("failed");
    void reportFailure(detail);
  }

  private async shutDown(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    this.setState("stopped");
    if (client?.needsStop()) await client.dispose().catch((error: unknown) => this.output.warn(String(error)));
  }

  private setState(state: ServerState): void {
    if (state === this.currentState) return;
    this.currentState = state;
    void vscode.commands.executeCommand("setContext", "callsheet.server", state);
    this.stateChanged.fire(state);
  }
}

/** Whether the state of agents is shown beside their lines already. */
function decorated(): boolean {
  return vscode.workspace.getConfiguration("callsheet").get<boolean>("decorations", true);
}

function ofRun(hint: vscode.InlayHint & { data?: { run?: boolean } }): boolean {
  return hint.data?.run === true;
}

function workingDirectory(): string | undefined {
  return vscode.workspace.workspaceFolders?.find((folder) => folder.uri.scheme === "file")?.uri.fsPath;
}
