# ---
# title: "fork が遅い、OSError: [Errno 12] で失敗する"
# description: 親プロセスのメモリが大きいほど os.fork() は遅くなり、Cannot allocate memory で失敗することもあります。subprocess などとの比較、オーバーコミット、直し方。
# translates: 253e8bc78474
# symptoms:
#   - "OSError: [Errno 12] Cannot allocate memory"
#   - "fork: Cannot allocate memory"
#   - "Can't save in background: fork: Cannot allocate memory"
#   - "Memory overcommit must be enabled!"
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: "1.3"
# ---

# %% [markdown]
# # fork が遅い、OSError: [Errno 12] で失敗する { #cost }
#
# 親プロセスのメモリ使用量が大きいほど、`os.fork()` で子プロセスを作るのに時間がかかり、メモリが空いているのに失敗することもあります。`subprocess` は、通常は fork せずにコマンドを起動するので、どちらも起こりません。ただし、`preexec_fn` を渡した場合は fork します。
#
# !!! abstract "要点"
#
#     - **症状：** 子プロセスを起動するたびに親プロセスが止まり、メモリ使用量が増えるほど、止まる時間が長くなります。または、`OSError: [Errno 12] Cannot allocate memory` が発生します。
#     - **原因：** `fork()` は親のページテーブルをコピーします。これは、メモリの各ページの場所を記録した表です。また、カーネルは、親と同じ量のメモリがもう 1 つ必要になるとみなし、用意できないと判断すると fork を拒否します。
#     - **直し方：** [コマンドは `subprocess` で起動し、`preexec_fn` は渡しません](#fix)。Python のワーカーは、[親のメモリがまだ小さいうちに](#workers) fork します。Redis と bash では、[オーバーコミットを許可します](#redis)。
#
# ## 動かしてみる { #see-it-happen }
#
# 親プロセスが、何もしない子プロセスを 7 通りの方法で起動します。次のグラフは、親が書き込むメモリの量を 1 GiB まで増やしていったときの、起動にかかった時間です。

# %%
from tools.figures import charts, fork_cost

record = charts.read("memory/fork_cost.figures.json")
fork_cost.chart(record)

# %% [markdown]
# 上のグラフでは、`os.fork()` と、`preexec_fn` を渡した `subprocess` の時間が、親のメモリに比例して長くなっています。一方、`os.posix_spawn()` と通常の `subprocess` は、親のメモリの量に関係なく、短い時間で済んでいます。下のグラフで長くなるのは、開始方式 `fork` です。`spawn` と `forkserver` には時間がかかりますが、その時間は親のメモリの量に左右されません。測定値は次のとおりです。

# %%
fork_cost.table(record)

# %% [markdown]
# ### 自分のマシンで測る { #figures }
#
# `python fork_cost.py 0 512` を実行すると、0 MiB と 512 MiB の場合の時間がミリ秒単位で表示されます。大きさを指定しなければ、512 MiB の場合の時間が 0 MiB の場合の 4 倍を超えるかどうかが、起動の方法ごとに表示されます。
#
# ??? note "測定に使ったプログラム"
#
#     子を起動する方法は、それぞれジェネレーターになっています。`yield` が、時間の測定を終える時点です。
#
#     ```python title="memory/fork_cost.py"
#     --8<-- "memory/fork_cost.py:ways"
#     ```
#
#     1. 親では `fork()` から戻り、次の処理に進める状態です。
#
#     `posix_spawn()` と `subprocess` はコマンドを、`multiprocessing` は Python の関数を実行します。
#
#     ```python title="memory/fork_cost.py"
#     --8<-- "memory/fork_cost.py:others"
#     ```
#
#     1. `int()` は、何もしない関数の代わりです。
#     2. `join()` の後で測定を終えます。`forkserver` と `spawn` では、`start()` から戻っても、子がまだ処理を始められる状態になっていないためです。
#
#     それぞれ最大 30 回測り、最短の時間を採用します。それより長い値には、同じマシンで動いていたほかの処理の影響が含まれています。
#
#     ```python title="memory/fork_cost.py"
#     --8<-- "memory/fork_cost.py:time"
#     ```
#
#     親は、1 つのマッピングに書き込む量を少しずつ増やしていきます。
#
#     ```python title="memory/fork_cost.py"
#     --8<-- "memory/fork_cost.py:memory"
#     ```
#
#     1. どの測定でも、1 GiB のアドレス空間をあらかじめ確保します。まだ物理メモリは割り当てられていません。
#     2. ページごとに 1 バイト書き込むと、そのページに物理メモリが割り当てられます。
#
#     メインの処理は次のとおりです。
#
#     ```python title="memory/fork_cost.py"
#     --8<-- "memory/fork_cost.py:main"
#     ```
#
#     1. `forkserver` と `spawn` の補助プロセスを終了させます。終了させないと、このプログラムの終了後も少しの間残ります。
#
# ```console
# --8<-- "memory/fork_cost.out"
# ```
#
# `grows` と表示されたのは、親を fork する 3 つの方法です。次の表は、測定した時間の比です。「条件」の列は、ほかのマシンで測っても満たされるはずです。

# %%
fork_cost.ratios(record)

# %% [markdown]
# ### カーネルが fork を拒否する { #refused }
#
# 次の親プロセスは、搭載メモリより大きい領域を 1 つ用意しますが、そこには何も書き込みません。その後、Linux のデフォルトの設定のまま、`os.fork()` で子プロセスを作り、さらに `preexec_fn` を渡してコマンドを起動しようとします。
#
# <div class="surprises" markdown>
#
# ```python title="memory/cannot_allocate.py"
# --8<-- "memory/cannot_allocate.py:parent"
# ```
#
# 1. 合計を超える大きさを一度に確保しようとすると、Linux に拒否されます。そのため、まずメモリとスワップの合計の 3 分の 2 を確保し、次の行で 2 倍に広げます。
#
# </div>
#
# 起動に成功すれば終了ステータスを、失敗すればエラーを表示します。
#
# <div class="surprises" markdown>
#
# ```python title="memory/cannot_allocate.py"
# --8<-- "memory/cannot_allocate.py:children"
# ```
#
# </div>
#
# ```console
# --8<-- "memory/cannot_allocate.out"
# ```
#
# どちらの子もこの領域を使わないはずでしたが、カーネルは両方とも拒否しました。
#
# ## なぜこうなるのか { #why }
#
# `fork()` は、親プロセスのメモリをコピーしませんが、**ページテーブル**はコピーします。これは、プロセスの各ページが物理メモリのどこにあるかをカーネルが記録した表です（[fork(2)](https://man7.org/linux/man-pages/man2/fork.2.html)）。親が書き込んだページには必ず項目があるため、メモリ使用量の多い親は、ページテーブルも大きくなります。
#
# また、親プロセスか子プロセスがすべてのページに書き込み、[全体がコピーされる](copy-on-write.md#why)可能性もあるため、カーネルは親のメモリを二重に数えます。実際の空きより多くのメモリを割り当てることを**オーバーコミット** (overcommit) といい、どこまで許すかは設定で決まります。
#
# | `vm.overcommit_memory` | fork が `[Errno 12]` で失敗する条件 |
# |---|---|
# | 2（オーバーコミットを禁止） | 親のメモリをもう一度加えると、全プロセスが確保したメモリの合計が `CommitLimit` を超える |
# | 0（デフォルト） | 親に、メモリとスワップの合計より大きい領域がある（[Linux 5.2 より前](https://github.com/torvalds/linux/commit/8c7829b04c52)は、空きメモリが足りないと判断された場合） |
# | 1（常に許可。[Kubernetes のノード](https://github.com/kubernetes/kubernetes/pull/15087)など） | この理由では失敗しない |
#
# `os.posix_spawn()` と `subprocess` は、ページテーブルをコピーしません。[`vfork()`](https://man7.org/linux/man-pages/man2/vfork.2.html) と同様に、子は `exec` するまで親のメモリの中で動き、その間、呼び出したスレッドは待たされます。Linux の `subprocess` がこの方法を使うのは [3.10 から](https://github.com/python/cpython/issues/80004)ですが、3.12.0 は[常に fork していました](https://github.com/python/cpython/issues/112334)。また、`preexec_fn`、`user`、`group`、`extra_groups` のどれかを[渡した場合](https://github.com/python/cpython/blob/v3.13.0/Modules/_posixsubprocess.c)は、どのバージョンでも fork します。
#
# ### ヒュージページなら速い { #huge-pages }
#
# 2 MiB のヒュージページ (huge page) は、512 個ではなく 1 個の項目で済みます。そのため、[`MADV_HUGEPAGE`](https://man7.org/linux/man-pages/man2/madvise.2.html) を指定した `os.fork()`（グラフの点線）は、ほとんど遅くなりません。
#
# ## この症状ですか { #is-it-this }
#
# fork に失敗すると、次のどれかのメッセージが出ます。
#
# | メッセージ | 出力元 |
# |---|---|
# | `OSError: [Errno 12] Cannot allocate memory` | `os.fork()`、`multiprocessing`、`subprocess` |
# | `fork: Cannot allocate memory` | bash |
# | `Can't save in background: fork: Cannot allocate memory` | Redis |
# | `WARNING Memory overcommit must be enabled!` | Redis（起動時） |
#
# オーバーコミットの設定と、確保されたメモリの合計、その上限を確認します。
#
# ```sh
# sysctl vm.overcommit_memory
# grep -E 'CommitLimit|Committed_AS' /proc/meminfo
# ```
#
# オーバーコミットを許可していて、小さなプロセスでも fork できない場合は、別の原因があります。たとえば、コンテナの PID 1 がすでに終了していると、同じエラーになります（[pid_namespaces(7)](https://man7.org/linux/man-pages/man7/pid_namespaces.7.html)）。
#
# fork が遅い場合は、次のコマンドで、動作中のプロセスが行う fork を 1 行ずつ表示できます。行末の数値が、かかった秒数です。`vfork()` や `CLONE_VFORK` と表示されたものは、ページテーブルをコピーしていません。
#
# ```sh
# sudo strace -f -T -e trace=clone,clone3,fork,vfork -p PID
# ```
#
# Redis では、直前の fork にかかった時間を、`latest_fork_usec` でマイクロ秒単位で確認できます（`redis-cli info stats`）。
#
# edX では、大きくなったプロセスがコマンドを起動できなくなったため、小さな補助プロセスを早いうちに起動しておき、[そのプロセスに fork させる](https://github.com/openedx/codejail/pull/36)ように変更しました。
#
# ## 直し方 { #fix }
#
# コマンドは `subprocess` で起動し、`preexec_fn` の代わりに、次の引数やコマンドを使います。
#
# | `preexec_fn` で呼ぶ関数 | 代わりに使うもの |
# |---|---|
# | `os.setsid()` | `start_new_session=True` |
# | `os.setpgid(0, 0)` | `process_group=0` |
# | `os.umask()`、`os.chdir()` | `umask=…`、`cwd=…` |
# | `resource.setrlimit()`、`os.nice()`、`os.setuid()` | コマンドの前に `prlimit`、`nice`、`setpriv` を付ける |
#
# 先ほど fork できなかった親も、この方法ならコマンドを起動できます。
#
# ```python title="memory/needs_no_fork.py"
# --8<-- "memory/needs_no_fork.py:3:"
# ```
#
# ```console
# --8<-- "memory/needs_no_fork.out"
# ```
#
# ### Python のワーカー { #workers }
#
# 先にワーカーを起動してから、データを読み込みます。または、`spawn` か `forkserver`（Linux では Python 3.14 からのデフォルト）を使います。ただし、`forkserver` のプロセスは、[メインモジュールを import して作ったデータを保持している](../alternatives/exec-and-spawn.md#fork-server)ため、import の時点では大きなデータを読み込まないようにします。
#
# ### Redis と bash { #redis }
#
# Redis はデータの保存に、bash はコマンドの起動に fork を使うので、オーバーコミットを許可する必要があります。再起動後も有効にするには、同じ設定を `/etc/sysctl.d/` に書きます。
#
# ```sh
# sudo sysctl vm.overcommit_memory=1
# ```
#
# ### この直し方で防げないこと { #limits }
#
# - オーバーコミットを許可すると、その後の書き込みでメモリが本当に足りなくなることがあります。その場合は、カーネルがプロセスを 1 つ強制終了します。
# - ワーカーを後から起動し直すときは、その時点の大きさになった親から fork することになります。
# - Redis がヒュージページについて出す警告は、fork した後の書き込みに関するものです。対処は[別のページ](copy-on-write.md#huge-pages)で説明しています。
#
# ## 出典 { #sources }
#
# [fork(2)](https://man7.org/linux/man-pages/man2/fork.2.html)（「NOTES」と「ERRORS」） ·
# [vfork(2)](https://man7.org/linux/man-pages/man2/vfork.2.html) ·
# [Overcommit Accounting](https://docs.kernel.org/mm/overcommit-accounting.html) ·
# [Redis のレイテンシー](https://github.com/redis/redis-doc/blob/7ea6ea86502c8696f42064e8462004f51248e847/docs/management/optimization/latency.md) ·
# [A fork() in the road](https://doi.org/10.1145/3317550.3321435)（HotOS 2019）
