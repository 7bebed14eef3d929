"""The quality helpers, written on top of the other globals (language, section 8)."""

from __future__ import annotations

from typing import Final

from callsheet.language.tables.entry import Field, Global, Parameter

CHECKPOINT_KINDS: Final = ("confirm", "input", "select")

HELPERS: Final = (
    Global(
        name="verify",
        kind="function",
        signature="verify(item: any, options?: VerifyOptions): Promise<Verdict>",
        summary="Asks several reviewers whether a finding is real.",
        docs="Gives `{ real, realCount, total, votes }`. Reviewers that failed are left out of `total`; "
        "the item is real "
        "when `realCount / total` reaches the threshold. Several lenses take turns.",
        parameters=(
            Parameter("item", "any", "What to verify."),
            Parameter(
                "options",
                "VerifyOptions",
                "How to verify it.",
                optional=True,
                kinds=("object",),
                fields=(
                    Field(
                        "reviewers", "number", "How many reviewers.", ("number",), "2", whole=True, minimum=1
                    ),
                    Field(
                        "threshold",
                        "number",
                        "Share of reviewers, 0 to 1, who must find it real.",
                        ("number",),
                        "0.5",
                        minimum=0,
                        maximum=1,
                    ),
                    Field(
                        "lens",
                        "string | string[]",
                        "What to look at; reviewers take turns over a list.",
                        ("string", "array"),
                        item_kinds=("string",),
                    ),
                ),
            ),
        ),
        snippet="verify(${1:item}, { reviewers: ${2:2} })",
        is_helper=True,
        awaited=True,
    ),
    Global(
        name="judgePanel",
        kind="function",
        signature="judgePanel<T>(attempts: T[], options?: JudgePanelOptions): Promise<Judgement<T> | "
        "undefined>",
        summary="Lets a panel of judges score attempts and gives the best.",
        docs="Gives `{ index, attempt, score, judgments }`, or `undefined` when there are no attempts. "
        "Scores go from 0 to "
        "1; an attempt's score is the mean of the judgments that came; ties go to the first.",
        parameters=(
            Parameter("attempts", "any[]", "What to compare.", kinds=("array",)),
            Parameter(
                "options",
                "JudgePanelOptions",
                "How to judge.",
                optional=True,
                kinds=("object",),
                fields=(
                    Field(
                        "judges",
                        "number",
                        "How many judges per attempt.",
                        ("number",),
                        "3",
                        whole=True,
                        minimum=1,
                    ),
                    Field("rubric", "string", "What makes an attempt good.", ("string",)),
                ),
            ),
        ),
        snippet="judgePanel(${1:attempts}, { rubric: '${2}' })",
        is_helper=True,
        awaited=True,
    ),
    Global(
        name="loopUntilDry",
        kind="function",
        signature="loopUntilDry<T>(options: LoopUntilDryOptions<T>): Promise<T[]>",
        summary="Repeats a round of search until it finds nothing new.",
        docs="Gives the items of all rounds, unique by `key`. A round that gives null, no array or "
        "nothing new counts as "
        "empty. Running out of budget or agents gives what there is.",
        parameters=(
            Parameter(
                "options",
                "LoopUntilDryOptions<T>",
                "The round and its limits.",
                kinds=("object",),
                fields=(
                    Field(
                        "round",
                        "(index: number) => Promise<T[] | null>",
                        "One round; it gets its index from 0.",
                        ("function",),
                        required=True,
                    ),
                    Field(
                        "key",
                        "(item: T) => string",
                        "What makes two items the same.",
                        ("function",),
                        "`JSON.stringify`",
                    ),
                    Field(
                        "consecutiveEmpty",
                        "number",
                        "How many empty rounds in a row end it.",
                        ("number",),
                        "2",
                        whole=True,
                        minimum=1,
                    ),
                    Field(
                        "maxRounds", "number", "The most rounds.", ("number",), "50", whole=True, minimum=1
                    ),
                ),
            ),
        ),
        snippet="loopUntilDry({\n\tround: async (index) => {\n\t\t$0\n\t},\n})",
        is_helper=True,
        awaited=True,
    ),
    Global(
        name="completenessCheck",
        kind="function",
        signature="completenessCheck(task: string, results: any): Promise<{ complete: boolean, missing?: "
        "string[] } | null>",
        summary="Asks an agent whether the results cover the task.",
        docs="Results are cut to what fits, and the prompt says so.",
        parameters=(
            Parameter("task", "string", "What was to be done.", kinds=("string",)),
            Parameter("results", "any", "What was found."),
        ),
        snippet="completenessCheck(${1:task}, ${2:results})",
        is_helper=True,
        awaited=True,
    ),
    Global(
        name="retry",
        kind="function",
        signature="retry<T>(thunk: (attempt: number) => T | Promise<T>, options?: RetryOptions): Promise<T>",
        summary="Repeats a call until its value is accepted.",
        docs="Gives the first value that `until` accepts, else the last one. Without `until` the first "
        "value counts. "
        "A throw goes through.",
        parameters=(
            Parameter(
                "thunk",
                "(attempt: number) => any",
                "What to try; attempts count from 0.",
                kinds=("function",),
            ),
            Parameter(
                "options",
                "RetryOptions",
                "How often, until what.",
                optional=True,
                kinds=("object",),
                fields=(
                    Field(
                        "attempts", "number", "The most attempts.", ("number",), "3", whole=True, minimum=1
                    ),
                    Field(
                        "until",
                        "(value: any) => boolean | Promise<boolean>",
                        "Whether a value is good enough.",
                        ("function",),
                    ),
                ),
            ),
        ),
        snippet="retry(() => ${1:agent('$2')}, { until: (value) => ${3:value !== null} })",
        is_helper=True,
        awaited=True,
    ),
    Global(
        name="gate",
        kind="function",
        signature="gate<T>(thunk: (feedback: string | undefined, attempt: number) => T | Promise<T>, "
        "validator: Validator<T>, options?: GateOptions): Promise<{ ok: boolean, value: T, attempts: number }>",
        summary="Repeats a call with the validator's feedback until it passes.",
        docs="The validator gives `{ ok, feedback? }`, also as a promise.",
        parameters=(
            Parameter(
                "thunk",
                "(feedback, attempt) => any",
                "What to try, with the feedback on the try before.",
                kinds=("function",),
            ),
            Parameter("validator", "(value) => { ok, feedback? }", "Judges a value.", kinds=("function",)),
            Parameter(
                "options",
                "GateOptions",
                "How often.",
                optional=True,
                kinds=("object",),
                fields=(
                    Field(
                        "attempts", "number", "The most attempts.", ("number",), "3", whole=True, minimum=1
                    ),
                ),
            ),
        ),
        snippet="gate(\n\t(feedback, attempt) => ${1:agent('$2')},\n\t(value) => ({ ok: ${3:value !== "
        "null} }),\n)",
        is_helper=True,
        awaited=True,
    ),
    Global(
        name="checkpoint",
        kind="function",
        signature="checkpoint(question: string, options?: CheckpointOptions): Promise<any>",
        summary="Asks the person, in the editor or the terminal, and waits for the answer.",
        docs="The answer is journaled, so a resumed run does not ask again. Where nobody can be asked the "
        "run takes "
        "`default`, or fails with `NOBODY_TO_ASK`.",
        parameters=(
            Parameter("question", "string", "What to ask.", kinds=("string",)),
            Parameter(
                "options",
                "CheckpointOptions",
                "How to ask.",
                optional=True,
                kinds=("object",),
                fields=(
                    Field(
                        "kind",
                        '"confirm" | "input" | "select"',
                        "Yes or no, free text, or one of `choices`.",
                        ("string",),
                        '`"confirm"`',
                        values=CHECKPOINT_KINDS,
                    ),
                    Field("choices", "string[]", "What to select from.", ("array",), item_kinds=("string",)),
                    Field(
                        "default",
                        "any",
                        "The answer when nobody can be asked.",
                        ("string", "number", "boolean", "null", "array", "object"),
                    ),
                    Field(
                        "timeoutMs",
                        "number | null",
                        "How long to wait, in milliseconds; then `default` counts.",
                        ("number", "null"),
                        "no limit",
                        above=0,
                    ),
                ),
            ),
        ),
        snippet="checkpoint('${1:Go on?}')",
        is_helper=True,
        awaited=True,
    ),
)
