# ---
# title: なぜ fork するのか
# description: 2 つのスレッドは、同時に待てますが、計算は交代でしか進みません。2 つのプロセスなら、どちらも同時です。その差を測り、Python 3.12 から何が変わったかを整理します。
# symptoms:
#   - 'Can''t pickle local object'
# translates: 2ae2a22a4e4f
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: "1.3"
# ---

# %% [markdown]
# # なぜ fork するのか { #why-fork }
#
# 同じ量の仕事を 2 つ、2 つのスレッドに任せます。待つ仕事なら、1 つ分の時間で両方終わります。計算する仕事なら、少しも速くなりません。2 つのプロセスに任せると、どちらの仕事も速くなります。
#
# プログラムは、この 2 種類の仕事を細かいステップに分けて行います。
#
# ```python title="alternatives/side_by_side.py"
# --8<-- "alternatives/side_by_side.py:steps"
# ```
#
# 1. この 2 つは、初めて使うときに import されるモジュールです。その時間が測定に混ざらないように、先に読み込みます。
# 2. 10 ミリ秒待ちます。何も届かないソケットを待つのと同じです。
#
# ステップごとに、始まりと終わりの時刻を記録します。
#
# ```python title="alternatives/side_by_side.py"
# --8<-- "alternatives/side_by_side.py:record"
# ```
#
# 1. ハングしたら、この関数を動かしているプロセスを終わらせます。`Process` なら子プロセスだけ、`Thread` ならプログラム全体が終わります。
#
# `Thread` と `Process` の使い方は同じです。
#
# ```python title="alternatives/side_by_side.py"
# --8<-- "alternatives/side_by_side.py:two"
# ```
#
# 1. CPU が 2 つあれば、1 つずつ割り当てます。この行がないと、忙しいマシンでは両方が同じ CPU に載ることがあります。
#
# 全部のステップを時刻順に並べ、隣どうしが重なっているかどうかを調べます。
#
# ```python title="alternatives/side_by_side.py"
# --8<-- "alternatives/side_by_side.py:judge"
# ```
#
# 1. [デフォルトが変わった](#start-methods)ので、開始方式を明示します。
# 2. 途中で中断されたステップも、相手のステップと重なります。ステップは短いので、その数はわずかです。
#
# ```python title="alternatives/side_by_side.py"
# --8<-- "alternatives/side_by_side.py:main"
# ```
#
# 1. マシンが忙しいと、どちらかの CPU をほかのプログラムがしばらく使うことがあります。
#
# ??? question "予想：6 行のうち、`in turn`（交代で）と表示されるのはどれ？"
#     `one by one` の 2 行は当然として、もう 1 行は `threads` の `computing`（計算）です。
#
# ```console
# --8<-- "alternatives/side_by_side.out"
# ```
#
# こうなるのは、通常のビルドの Python で、CPU が 2 つ以上あるときです。CPU が 1 つなら、プロセスの計算も交代になります。コンテナなどで CPU 時間が 1 CPU 分に[制限されている](https://docs.kernel.org/scheduler/sched-bwc.html)と、表示は変わりませんが、速くもなりません。
#
# ## 測定結果 { #figures }
#
# 引数に `milliseconds` を渡すと、プログラムはそれぞれの時間を 1 回ずつ測ります。自分のマシンで測るには `python side_by_side.py milliseconds` を実行します。次の値は、何度も動かして記録した最小値です。測定したマシンと日付は、表の下に書いてあります。

# %%
from tools.figures import charts, side_by_side

record = charts.read("alternatives/side_by_side.figures.json")
side_by_side.chart(record)

# %%
side_by_side.table(record)

# %% [markdown]
# ミリ秒の値はマシンによって違いますが、次の比の条件は、ほかのマシンでも成り立つはずです。条件を満たさない測定値は記録しません。さらに毎晩、別のマシンで測り直して確かめています。ただし、GIL のない Python や、使える CPU が 1 つ分しかない環境では、成り立たない条件があります。

# %%
side_by_side.ratios(record)

# %% [markdown]
# ## なぜか { #why }
#
# CPython では、Python のコードを実行するスレッドは、**グローバルインタープリターロック** (GIL, global interpreter lock) を持っていなければなりません。入出力を待つ間はこのロックを手放します。圧縮やハッシュの計算中に手放す C のコードもあります（[用語集](https://docs.python.org/ja/3/glossary.html#term-global-interpreter-lock)）。ロックを 5 ミリ秒待ったスレッドは、計算中のスレッドに譲るよう求めます（[`sys.setswitchinterval`](https://docs.python.org/ja/3/library/sys.html#sys.setswitchinterval)）。そのため両方とも少しずつ進みますが、一度に動けるのは 1 つだけです。
#
# fork した子は、自分の GIL を持ちます。このサイトの出発点になった[エッセイ](https://byroot.github.io/ruby/performance/2025/01/25/why-does-everyone-hate-fork.html)も、同じ種類のロック (GVL) を持つ MRI（標準の Ruby 処理系）について、本当に並列に動かすには fork しかない（"the only way to get true parallelism"）と書いています。
#
# ## もう唯一の方法ではない { #no-longer-the-only-way }
#
# Ruby の [Ractor](https://docs.ruby-lang.org/en/3.0/Ractor.html) は、それぞれが自分の GVL を持ちます。しかし、既存の Ruby のコードの多くは、[Ractor の中では動きません](https://byroot.github.io/ruby/performance/2025/02/27/whats-the-deal-with-ractors.html)。一方、今の Python には、fork のほかに 3 つの方法があります。
#
# | | いつから | 引き換えに失うもの |
# |---|---|---|
# | `forkserver` や `spawn` で起動するプロセス | 3.4 | 親プロセスが読み込んだもの（送るか、読み込み直す） |
# | [GIL を別々に持つ](https://peps.python.org/pep-0684/)インタープリター | C では 3.12、Python では 3.14 | 共有のほとんどと、一部の拡張モジュール |
# | GIL のないスレッド | 3.13 で実験的に、3.14 で正式に | 通常のビルドと、速さとメモリを少し |
#
# **インタープリター**。Python 3.14 には [`concurrent.interpreters`](https://docs.python.org/ja/3/library/concurrent.interpreters.html)（[PEP 734](https://peps.python.org/pep-0734/)）と [`InterpreterPoolExecutor`](https://docs.python.org/ja/3/library/concurrent.futures.html#interpreterpoolexecutor) があります。渡すオブジェクトの多くは、`pickle` でコピーされます。まだ対応していないパッケージもあります。`os.fork()` を呼ぶと、[`RuntimeError` になります](https://docs.python.org/ja/3/library/os.html#os.fork)。
#
# **フリースレッド**。GIL のない Python は、通常とは別のビルドです（[PEP 703](https://peps.python.org/pep-0703/)）。正式にサポートされていますが、デフォルトではありません（[PEP 779](https://peps.python.org/pep-0779/)）。スレッド 1 つの速さは、ベンチマークの平均で 1〜8 % 落ちます。対応していない拡張モジュールを import すると、GIL は有効に戻ります（[HOWTO](https://docs.python.org/ja/3/howto/free-threading-python.html)）。このページのプログラムは、このビルドでは試していません。
#
# ## 開始方式 { #start-methods }
#
# `multiprocessing` と `ProcessPoolExecutor` がプロセスを起動する方式は、3 つあります。デフォルトは、これまでに [2 回変わりました](https://docs.python.org/ja/3/library/multiprocessing.html#contexts-and-start-methods)。
#
# | | 3.7 まで | 3.8〜3.13 | 3.14 から |
# |---|---|---|---|
# | Linux など、macOS 以外の POSIX | `fork` | `fork` | `forkserver` |
# | macOS | `fork` | `spawn` | `spawn` |
# | Windows | `spawn` | `spawn` | `spawn` |
#
# macOS では、`exec` しない `fork` は[安全ではありません](https://docs.python.org/ja/3/library/os.html#os.fork)。また、3.14.9 と 3.15.1 からは、書き込める一時ディレクトリがなければ、デフォルトは `spawn` になります（[gh-155717](https://github.com/python/cpython/issues/155717)）。
#
# `fork` なら、子は最初に動かす関数を初めから持っています。親のメモリをすべて引き継ぐからです。ほかの 2 つでは `pickle` で送ります。`pickle` は、`lambda` や、関数の中で定義されたものを受け付けません。プールに渡す仕事は、`fork` でも必ず `pickle` で送られます。`forkserver` の子は、[import のときに作られたもの](exec-and-spawn.md#fork-server)も引き継ぎます。それぞれの方式にかかる時間は、[別のページで測りました](../memory/cost.py)。
#
# ## それでも fork で得られるもの { #what-fork-still-gives }
#
# fork の前に読み込んだものは、すぐに子でも使えます。送る必要はなく、どちらかが書き込むまで、メモリも 1 つ分で済みます（[コピーオンライト](../memory/copy-on-write.md)）。ただし Python では、[読むだけでも書き込みになります](../memory/reading-is-writing.md)。
#
# ## どこで困るか { #how-it-bites }
#
# エラーは出ません。プールにスレッドがいくつあっても、動いている CPU は 1 つです。Bazel 用のあるツールも、長い間そうなっていました。原因はおそらく GIL です。プロセスに替えると、試した例では約 6 倍速くなりました（[提案中の変更](https://github.com/hedronvision/bazel-compile-commands-extractor/pull/250)）。
#
# motionEye は、Python 3.14 で起動しなくなりました。エラーは `Can't pickle local object` です。プールのプロセスを準備する関数を、[別の関数の中で定義していた](https://github.com/motioneye-project/motioneye/issues/3256)ためです。外に出すと起動しましたが、今度は古い動画が消えなくなりました。動画を消す子が、親の読み込んだ設定を引き継がなくなったからです。motionEye は、今は [`fork` を明示しています](https://github.com/motioneye-project/motioneye/pull/3416)。
#
# ## どうするか { #what-to-do }
#
# - 待つ仕事には、スレッドか `asyncio` を使います。
# - 計算する仕事にはプロセスを使い、開始方式を `multiprocessing.get_context("spawn")` のように明示します。より速い `forkserver` を選べるのは、import するだけでスレッドを起動したり接続を開いたりするものがない場合です。
# - 親が読み込んだ大量のデータを子でも使うなら `fork` を選び、最初のスレッドを作る前に fork します。スレッドがあると、[ロックが取り残される](../locks/the-same-lock-in-python.md)ことがあるからです。
#
# ## 3 行でいうと { #in-three-lines }
#
# - GIL があると、スレッドは同時に待てますが、計算は交代です。プロセスはどちらも同時です。
# - インタープリターや GIL のないビルドでも、同時に計算できます。どちらにも代償はありますが、fork はもう唯一の方法ではありません。
# - それでも fork には利点があります。読み込み済みのものは子と共有でき、その後メモリに書いた内容は互いに影響しません。
#
# ## 出典 { #sources }
#
# [What's new in Python 3.14](https://docs.python.org/ja/3/whatsnew/3.14.html) ·
# [gh-84559](https://github.com/python/cpython/issues/84559)（`forkserver` をデフォルトに） ·
# [bpo-33725](https://github.com/python/cpython/issues/77906)（macOS では `spawn` に）
