// What the lab says, in the language of the page.

const isExitCode = (status) => /^\d+$/.test(status) // else the name of a signal

function processes(count, is, are) {
  if (count === 1) return `1 process of it ${is}`
  return `${count === null ? "" : `${count} `}processes of it ${are}`
}

const WORDS = {
  en: {
    space: " ", // between sentences
    run: "Run",
    edit: "Edit",
    original: "Original",
    mine: "Back to my version",
    stop: "Stop",
    reset: "Reset the machine",
    send: "Send",
    endOfInput: "End of input",
    input: "Input for the program",
    editor: "Program",
    editorHelp: "Tab indents. To leave the editor: Esc, then Tab. Ctrl+Enter runs.",
    output: "Output of this run",
    loading: (percent, megabytes) => `Loading a Linux, ${megabytes} MB, once: ${percent} %`,
    starting: "Starting …",
    running: "Running …",
    interrupted: "Ctrl-C was sent. If the program does not end, reset the machine.",
    lingering: (left, seconds) =>
      `The program has ended, but ${processes(left, "is", "are")} still running. Output is shown for ${seconds} seconds at most.`,
    same: "Same as the transcript on this page.",
    differs: "This run (+) differs from the transcript on this page (−).",
    edited: "The program is edited, so its output is not compared.",
    disturbed: "It was interrupted, so its output is not compared.",
    ended: "Ended.",
    endedBy: (status) => `Ended: ${isExitCode(status) ? `exit code ${status}` : status}.`,
    left: (left) => `When the machine was reset, ${processes(left, "was", "were")} still running.`,
    timeout: (seconds) => `Still running after ${seconds} seconds. The machine was reset.`,
    stopped: "Stopped. The machine was reset.",
    cancelled: "Stopped before the program began.",
    cut: "… the rest of the output is left out.",
    longLine: "The line was not sent: a terminal takes at most 4095 bytes in a line.",
    offline: "The download failed. Check the connection and try again, or reload the page.",
    memory: "The browser could not provide the memory: about 300 MB are needed.",
    size: "The program was not run: the machine takes at most 1 MB.",
    broken: (why) => `The machine failed: ${why}`,
    unsupported: "This browser cannot run programs here: it lacks WebAssembly or module workers.",
  },
  ja: {
    space: "",
    run: "実行",
    edit: "編集",
    original: "元のプログラムに戻す",
    mine: "編集内容に戻す",
    stop: "停止",
    reset: "マシンをリセット",
    send: "送信",
    endOfInput: "入力を終える",
    input: "プログラムへの入力",
    editor: "プログラム",
    editorHelp: "Tab で字下げ。エディターから抜けるには Esc、続けて Tab。Ctrl+Enter で実行。",
    output: "今回の出力",
    loading: (percent, megabytes) => `Linux を読み込み中（初回のみ ${megabytes} MB）：${percent} %`,
    starting: "準備中…",
    running: "実行中…",
    interrupted: "Ctrl-C を送りました。終わらなければ、マシンをリセットしてください。",
    lingering: (left, seconds) =>
      `プログラムは終了しましたが、そこから生まれたプロセスが${left === null ? "" : ` ${left} 個`}まだ動いています。その出力は、長くて ${seconds} 秒間表示します。`,
    same: "このページの実行記録と同じです。",
    differs: "今回の実行（+）は、このページの実行記録（−）と違います。",
    edited: "プログラムを編集したので、実行記録とは比べません。",
    disturbed: "途中で Ctrl-C を送ったので、実行記録とは比べません。",
    ended: "終了しました。",
    endedBy: (status) => `終了しました（${isExitCode(status) ? `終了ステータス ${status}` : status}）。`,
    left: (left) =>
      `マシンをリセットした時点で、プログラムから生まれたプロセスが${left === null ? "" : ` ${left} 個`}まだ動いていました。`,
    timeout: (seconds) => `${seconds} 秒たっても終わらないので、マシンをリセットしました。`,
    stopped: "実行を打ち切り、マシンをリセットしました。",
    cancelled: "プログラムが始まる前に停止しました。",
    cut: "…（これより後の出力は省略）",
    longLine: "送信しませんでした。端末に 1 行で入力できるのは 4095 バイトまでです。",
    offline:
      "ダウンロードできませんでした。ネットワークの接続を確かめてもう一度試すか、ページを再読み込みしてください。",
    memory: "ブラウザーがメモリを確保できませんでした（約 300 MB 必要です）。",
    size: "実行しませんでした。このマシンで実行できるプログラムは 1 MB までです。",
    broken: (why) => `マシンに問題が起きました：${why}`,
    unsupported:
      "このブラウザーは WebAssembly かモジュールワーカーに対応していないため、ここでは実行できません。",
  },
}

export const words = () => WORDS[document.documentElement.lang] ?? WORDS.en
