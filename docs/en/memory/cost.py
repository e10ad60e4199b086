# ---
# title: What a fork costs
# description: Starting the same child takes longer the more memory its parent has written to, or it does not. Measured for seven ways to start one.
# symptoms:
#   - 'OSError: [Errno 12] Cannot allocate memory'
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: "1.3"
# ---

# %% [markdown]
# # What a fork costs { #cost }
#
# A child is started that does nothing. How long that takes depends on how much memory the parent has written to, and on
# the call that starts the child: with some it grows, with others it does not.
#
# The program has seven ways to start one. The first is the bare `fork()`.
#
# ```python title="memory/fork_cost.py"
# --8<-- "memory/fork_cost.py:ways"
# ```
#
# 1. Here the clock stops: `fork()` has returned, and the parent could go on.
#
# `posix_spawn()` and `subprocess` run a command, `multiprocessing` a Python function.
#
# ```python title="memory/fork_cost.py"
# --8<-- "memory/fork_cost.py:others"
# ```
#
# 1. `int()` does nothing useful, and every start method can find it.
# 2. After `join()`: with `forkserver` and `spawn`, `start()` returns long before the child can work.
#
# Each way is timed up to thirty times, and the shortest time counts, because the longer ones also show what else the
# machine was doing.
#
# ```python title="memory/fork_cost.py"
# --8<-- "memory/fork_cost.py:time"
# ```
#
# ```python title="memory/fork_cost.py"
# --8<-- "memory/fork_cost.py:memory"
# ```
#
# 1. One gigabyte of addresses, in every measurement. No memory stands behind them yet.
# 2. One byte in each page. Now the parent has that much memory.
#
# ```python title="memory/fork_cost.py"
# --8<-- "memory/fork_cost.py:main"
# ```
#
# 1. Ends the helper processes of `forkserver` and `spawn`, which would otherwise outlive the program for a moment.
#
# ??? question "Predict: which of the seven take more than four times as long once the parent has written to 512 MB?"
#     The three that fork the parent. Of the two `subprocess` calls, only the one with a `preexec_fn` does.
#
# ```console
# --8<-- "memory/fork_cost.out"
# ```
#
# ## The figures { #figures }
#
# Given sizes in megabytes, the program prints its times: `python fork_cost.py 0 512` measures on your machine. The figures
# below, with place and date, are the least of several such runs.

# %%
from tools.figures import charts, fork_cost

record = charts.read("memory/fork_cost.figures.json")
fork_cost.chart(record)

# %%
fork_cost.table(record)

# %% [markdown]
# The milliseconds are those of one machine, but the ratios should hold on others. Figures that break one are not recorded,
# and every night they are measured anew on another machine.

# %%
fork_cost.ratios(record)

# %% [markdown]
# ## Why { #why }
#
# `fork()` does not copy the parent's memory. It copies the page tables: the kernel's notes on which page of memory stands
# behind which address ([fork(2)](https://man7.org/linux/man-pages/man2/fork.2.html)). Each page the parent has written to
# has an entry there. An address without memory has none: the gigabyte of addresses was the same in every measurement.
#
# A `posix_spawn()` copies none of that. It uses `clone()` with `CLONE_VM` and `CLONE_VFORK`
# ([posix_spawn(3)](https://man7.org/linux/man-pages/man3/posix_spawn.3.html)): the child runs in the parent's memory, and
# the calling thread stands still until the child calls `exec` or ends.
# [vfork(2)](https://man7.org/linux/man-pages/man2/vfork.2.html) does the same. On Linux `subprocess` uses it "when it is
# safe to do so" ([documentation](https://docs.python.org/3/library/subprocess.html#disable-posix-spawn)), and since 3.13
# often `posix_spawn()` ([gh-113117](https://github.com/python/cpython/issues/113117)).
#
# It is not safe when the child, in its parent's memory, has to run Python code or to become another user. With
# `preexec_fn`, and with `user`, `group` or `extra_groups`, `subprocess` forks
# ([`_posixsubprocess.c`](https://github.com/python/cpython/blob/v3.13.0/Modules/_posixsubprocess.c)). It then waits until
# the child has reached `exec`, which throws the copied tables away.
#
# `multiprocessing` with `fork` pays for the tables too, and for the end of a child that has them. `spawn` starts a new
# Python each time, while `forkserver` forks a second process, which has only
# [what importing your main module makes](../alternatives/exec-and-spawn.md#fork-server). Both are slow, and equally slow for
# every parent, as long as the large data is made later
# ([documentation](https://docs.python.org/3/library/multiprocessing.html#contexts-and-start-methods)).
#
# ### The exception: huge pages { #huge-pages }
#
# Where the kernel may use pages of 2 MB, one entry of the table stands for what else takes 512, and `fork()` is cheap again.
# The program asks for them by `MADV_HUGEPAGE` ([madvise(2)](https://man7.org/linux/man-pages/man2/madvise.2.html)). If the
# dotted line above followed the solid one, the machine that measured would have had them switched off.
#
# ## How it bites { #how-it-bites }
#
# Nothing fails. A server that forks to start a helper gets slower as its caches fill, and stands still during each
# start. A small test never shows it.
#
# Redis forks to save its data, and reports how long it was blocked: `latest_fork_usec` in the answer to `INFO`. Its manual
# lists 80 ms for 6.1 GB on a physical machine
# ([latency](https://github.com/redis/redis-doc/blob/7ea6ea86502c8696f42064e8462004f51248e847/docs/management/optimization/latency.md)).
# The same page asks you to switch huge pages off: after the fork, writing becomes the expensive part. That was so
# [until Linux 5.7](copy-on-write.md#huge-pages).
#
# In Python 3.12.0 `subprocess` never used `vfork()`, by a mistake in one comparison. Somebody noticed because starting
# ten thousand processes took almost five times as long
# ([gh-112334](https://github.com/python/cpython/issues/112334), repaired in 3.12.1).
#
# Where the kernel is strict about memory it has promised, a fork must be able to keep the promise for a second process of
# that size, even if `exec` follows at once ([vfork(2)](https://man7.org/linux/man-pages/man2/vfork.2.html), "Notes"):
#
# `OSError: [Errno 12] Cannot allocate memory`
#
# ## What to do { #what-to-do }
#
# - For a command, use `subprocess` without `preexec_fn`. Most of what it was used for has a parameter:
#   `start_new_session`, `process_group`, `umask`, `cwd`, `env`.
# - For Python code, start the workers first and load the data afterwards, or take `forkserver` (the default on Linux
#   since Python 3.14) and load nothing large at import.
# - Where a big process must fork, measure how long it stands still, as Redis does.
#
# ## In three lines { #in-three-lines }
#
# - `fork()` takes time for each page the parent has written to, whatever the child is going to do.
# - `posix_spawn()` and `subprocess` do not, unless `preexec_fn`, `user`, `group` or `extra_groups` force `subprocess` to
#   fork.
# - Fork early, while the parent is small, or do not fork at all.
#
# ## Sources { #sources }
#
# [fork(2)](https://man7.org/linux/man-pages/man2/fork.2.html), "Notes" ·
# [vfork(2)](https://man7.org/linux/man-pages/man2/vfork.2.html) ·
# [posix_spawn(3)](https://man7.org/linux/man-pages/man3/posix_spawn.3.html) ·
# [madvise(2)](https://man7.org/linux/man-pages/man2/madvise.2.html) ·
# [bpo-35823](https://github.com/python/cpython/issues/80004), `vfork()` in `subprocess` ·
# Baumann, Appavoo, Krieger, Roscoe: [A fork() in the road](https://doi.org/10.1145/3317550.3321435), HotOS 2019, whose
# Figure 1 is fork against spawn
