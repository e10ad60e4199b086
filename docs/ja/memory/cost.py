# ---
# title: fork の値段
# description: 同じ子を起動するのに、親が書き込んだメモリが多いほど時間がかかる呼び出しと、そうでない呼び出しがあります。7 通りを測りました。
# symptoms:
#   - 'OSError: [Errno 12] Cannot allocate memory'
# translates: 042be4de9398
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: "1.3"
# ---

# %% [markdown]
# # fork の値段 { #cost }
#
# 何もしない子をひとつ起動します。かかる時間は、親がどれだけメモリに書き込んだかと、どの呼び出しで起動するかで決まります。親とともに増えるものもあれば、変わらないものもあります。
#
# プログラムは、子を 7 通りの方法で起動します。最初は `fork()` だけです。
#
# ```python title="memory/fork_cost.py"
# --8<-- "memory/fork_cost.py:ways"
# ```
#
# 1. ここで時計を止めます。`fork()` から戻り、親が先へ進めるようになった時点です。
#
# `posix_spawn()` と `subprocess` はコマンドを、`multiprocessing` は Python の関数を動かします。
#
# ```python title="memory/fork_cost.py"
# --8<-- "memory/fork_cost.py:others"
# ```
#
# 1. `int()` は何の役にも立ちませんが、どの開始方式でも見つかる関数です。
# 2. `join()` のあとで止めます。`forkserver` と `spawn` では、子が働ける状態になるよりずっと前に `start()` が戻るからです。
#
# どの方法も最大 30 回測り、最短の時間を採ります。それより長い値には、そのとき同じマシンで動いていたほかのプログラムの影響が含まれるからです。
#
# ```python title="memory/fork_cost.py"
# --8<-- "memory/fork_cost.py:time"
# ```
#
# ```python title="memory/fork_cost.py"
# --8<-- "memory/fork_cost.py:memory"
# ```
#
# 1. アドレスは、どの測定でも 1 GB 分です。この時点では、まだメモリの裏付けがありません。
# 2. ページごとに 1 バイト書きます。これで、その分のメモリが親のものになります。
#
# ```python title="memory/fork_cost.py"
# --8<-- "memory/fork_cost.py:main"
# ```
#
# 1. `forkserver` と `spawn` の補助プロセスを終わらせます。放っておくと、プログラムより少しだけ長く残ります。
#
# ??? question "予想：親が 512 MB に書き込むと 4 倍より長くかかるようになるのは、7 つのうちどれ？"
#     親を fork する 3 つです。2 つある `subprocess` の呼び出しのうち、fork するのは `preexec_fn` を渡すほうだけです。
#
# ```console
# --8<-- "memory/fork_cost.out"
# ```
#
# ## 測定結果 { #figures }
#
# 引数に大きさをメガバイト単位で渡すと、プログラムは時間を表示します。自分のマシンで測るには、たとえば `python fork_cost.py 0 512` を実行します。次の値は、何回か動かして記録したものです。測定したマシンと日付は、表の下に書いてあります。

# %%
from tools.figures import charts, fork_cost

record = charts.read("memory/fork_cost.figures.json")
fork_cost.chart(record)

# %%
fork_cost.table(record)

# %% [markdown]
# ミリ秒の値は 1 台のマシンのものですが、次の比の条件は、ほかのマシンでも成り立つはずです。条件を満たさない測定値は記録しません。さらに毎晩、別のマシンで測り直して確かめています。

# %%
fork_cost.ratios(record)

# %% [markdown]
# ## なぜか { #why }
#
# `fork()` は親のメモリを複製しません。複製するのはページテーブル、つまり「どのアドレスの裏にどのページがあるか」というカーネルの控えです（[fork(2)](https://man7.org/linux/man-pages/man2/fork.2.html)）。親が書き込んだページには、必ずその項目があります。メモリの裏付けがないアドレスにはありません。1 GB 分のアドレスは、どの測定でも同じでした。
#
# `posix_spawn()` は、これをいっさい複製しません。使うのは、`CLONE_VM` と `CLONE_VFORK` を付けた `clone()` です（[posix_spawn(3)](https://man7.org/linux/man-pages/man3/posix_spawn.3.html)）。子は親のメモリの中で動き、子が `exec` するか終わるまで、呼び出したスレッドは止まります。[vfork(2)](https://man7.org/linux/man-pages/man2/vfork.2.html) も同じです。Linux の `subprocess` は「安全なときは」これを使います（[ドキュメント](https://docs.python.org/ja/3/library/subprocess.html#disable-posix-spawn)）。Python 3.13 からは、`posix_spawn()` を使うことも増えました（[gh-113117](https://github.com/python/cpython/issues/113117)）。
#
# 安全でないのは、親のメモリの中にいる子で、Python のコードを動かすときや、ユーザーを切り替えるときです。そのため、`preexec_fn` のほか、`user`、`group`、`extra_groups` を渡したときも、`subprocess` は fork します（[`_posixsubprocess.c`](https://github.com/python/cpython/blob/v3.13.0/Modules/_posixsubprocess.c)）。しかも、子が `exec` するまで待ちます。複製したばかりのテーブルは、そこで捨てられます。
#
# `multiprocessing` の `fork` も、テーブルの分だけ時間がかかります。テーブルを抱えた子は、終わるときにも時間がかかります。`spawn` は毎回新しい Python を起動し、`forkserver` は、別に起動したプロセスから子を fork します。このプロセスが持つのは、[メインモジュールの import で作られるもの](../alternatives/exec-and-spawn.md#fork-server)だけです。どちらも時間はかかりますが、大きなデータを import のあとで作るなら、親の大きさには左右されません（[ドキュメント](https://docs.python.org/ja/3/library/multiprocessing.html#contexts-and-start-methods)）。
#
# ### 例外：ヒュージページ { #huge-pages }
#
# 2 MB のページ（ヒュージページ、huge page）を使えるところでは、項目 1 つで通常の 512 個分を表せるので、`fork()` はまた安くなります。このプログラムは `MADV_HUGEPAGE` でそれを求めています（[madvise(2)](https://man7.org/linux/man-pages/man2/madvise.2.html)）。上の図で点線が実線と重なっていたら、測定したマシンではヒュージページが無効だったことになります。
#
# ## どこで困るか { #how-it-bites }
#
# エラーは出ません。fork で補助のプログラムを起動するサーバーは、キャッシュが埋まるにつれて遅くなり、起動のたびに止まります。小さなテストでは見つかりません。
#
# Redis はデータの保存のために fork し、止まっていた時間を `INFO` の `latest_fork_usec` で知らせます。マニュアルには、物理マシンで 6.1 GB のとき 80 ミリ秒という値が載っています（[latency](https://github.com/redis/redis-doc/blob/7ea6ea86502c8696f42064e8462004f51248e847/docs/management/optimization/latency.md)）。同じページは、ヒュージページを無効にするよう求めています。fork のあとの書き込みのほうが高くつくようになるからです。ただし、[それは Linux 5.7 までのことです](copy-on-write.md#huge-pages)。
#
# Python 3.12.0 の `subprocess` は、比較をひとつ間違えたために、`vfork()` をまったく使いませんでした。見つかったのは、1 万個のプロセスの起動に 5 倍近い時間がかかった人がいたからです（[gh-112334](https://github.com/python/cpython/issues/112334)。3.12.1 で修正されました）。
#
# 約束したメモリは必ず渡す設定のカーネルでは、fork するときに、同じ大きさのプロセスがもうひとつ増えても約束を守れなければなりません。直後に `exec` するとしてもです（[vfork(2)](https://man7.org/linux/man-pages/man2/vfork.2.html) の「NOTES」）。守れなければ、こうなります。
#
# `OSError: [Errno 12] Cannot allocate memory`
#
# ## どうするか { #what-to-do }
#
# - コマンドの起動には、`preexec_fn` を渡さずに `subprocess` を使います。これまで `preexec_fn` でしていたことの多くには、引数があります。`start_new_session`、`process_group`、`umask`、`cwd`、`env` です。
# - Python のコードなら、先にワーカーを起動し、あとでデータを読み込みます。または `forkserver` を使い（Linux では、Python 3.14 からこれがデフォルトです）、import のときには大きなデータを読み込まないようにします。
# - 大きなプロセスがどうしても fork するなら、Redis のように、止まっていた時間を測ります。
#
# ## 3 行でいうと { #in-three-lines }
#
# - `fork()` には、親が書き込んだページの分だけ時間がかかります。子が何をするかは関係ありません。
# - `posix_spawn()` と `subprocess` にはかかりません。ただし、`preexec_fn`、`user`、`group`、`extra_groups` のどれかを渡すと、`subprocess` も fork します。
# - fork するなら、親が小さい早いうちにします。または、fork しない方法を選びます。
#
# ## 出典 { #sources }
#
# [fork(2)](https://man7.org/linux/man-pages/man2/fork.2.html)「NOTES」 ·
# [vfork(2)](https://man7.org/linux/man-pages/man2/vfork.2.html) ·
# [posix_spawn(3)](https://man7.org/linux/man-pages/man3/posix_spawn.3.html) ·
# [madvise(2)](https://man7.org/linux/man-pages/man2/madvise.2.html) ·
# [bpo-35823](https://github.com/python/cpython/issues/80004)（`subprocess` の `vfork()`） ·
# Baumann, Appavoo, Krieger, Roscoe: [A fork() in the road](https://doi.org/10.1145/3317550.3321435)（HotOS 2019。図 1 が fork と spawn の比較）
