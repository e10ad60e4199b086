# ---
# title: Why fork at all
# description: Two threads wait at the same time, but compute in turn. Two processes do both at once. Measured, with what has changed since Python 3.12.
# symptoms:
#   - 'Can''t pickle local object'
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: "1.3"
# ---

# %% [markdown]
# # Why fork at all { #why-fork }
#
# Two portions of work are given to two threads. If the work is waiting, both are done in the time of one. If it is
# computing, nothing is gained. Two processes gain in both cases.
#
# The program has both kinds in small steps.
#
# ```python title="alternatives/side_by_side.py"
# --8<-- "alternatives/side_by_side.py:steps"
# ```
#
# 1. Two modules that are otherwise imported, and measured, when first needed.
# 2. Waits 10 ms, as for a silent socket.
#
# Each step writes down when it began and when it ended.
#
# ```python title="alternatives/side_by_side.py"
# --8<-- "alternatives/side_by_side.py:record"
# ```
#
# 1. If it hangs, this ends the child, or with threads the whole program.
#
# `Thread` and `Process` are used alike:
#
# ```python title="alternatives/side_by_side.py"
# --8<-- "alternatives/side_by_side.py:two"
# ```
#
# 1. A CPU for each, if there are two. Without this line a busy machine may put both on the same.
#
# Put in order of time, do neighbouring steps overlap?
#
# ```python title="alternatives/side_by_side.py"
# --8<-- "alternatives/side_by_side.py:judge"
# ```
#
# 1. The start method is named, because the default [has changed](#start-methods).
# 2. A step that is interrupted overlaps, too. That is rare: steps are short.
#
# ```python title="alternatives/side_by_side.py"
# --8<-- "alternatives/side_by_side.py:main"
# ```
#
# 1. Other programs may take one of the two CPUs.
#
# ??? question "Predict: which of the six lines say `in turn`?"
#     Both `one by one`, and `threads` when they compute.
#
# ```console
# --8<-- "alternatives/side_by_side.out"
# ```
#
# This holds for the usual build of Python and at least two CPUs. With one CPU, even processes compute in turn. A
# [quota](https://docs.kernel.org/scheduler/sched-bwc.html) of one CPU changes no line, but takes the gain away.
#
# ## The figures { #figures }
#
# `python side_by_side.py milliseconds` measures each line once. The figures below, with place and date, are the least of
# many such runs.

# %%
from tools.figures import charts, side_by_side

record = charts.read("alternatives/side_by_side.figures.json")
side_by_side.chart(record)

# %%
side_by_side.table(record)

# %% [markdown]
# The milliseconds are those of one machine, but the ratios should hold on others. Figures that break one are not
# recorded, and every night they are measured anew. It takes a GIL and two CPUs.

# %%
side_by_side.ratios(record)

# %% [markdown]
# ## Why { #why }
#
# In CPython a thread must hold the **global interpreter lock** (GIL) to execute Python code. It lets go while it waits
# for input or output, and some C code does while it compresses or hashes
# ([glossary](https://docs.python.org/3/glossary.html#term-global-interpreter-lock)). Who waits 5 ms for the lock asks
# the thread that computes to let go
# ([`sys.setswitchinterval`](https://docs.python.org/3/library/sys.html#sys.setswitchinterval)): both get on, one at a
# time.
#
# A forked child has a GIL of its own.
# [The essay](https://byroot.github.io/ruby/performance/2025/01/25/why-does-everyone-hate-fork.html) this site began with
# says of MRI, the usual Ruby, whose GVL is the same kind of lock: fork is "the only way to get true parallelism".
#
# ## No longer the only way { #no-longer-the-only-way }
#
# Each [Ractor](https://docs.ruby-lang.org/en/3.0/Ractor.html) has a GVL of its own, but "a lot, if not most" Ruby code
# [cannot run there](https://byroot.github.io/ruby/performance/2025/02/27/whats-the-deal-with-ractors.html). Python has
# three other ways:
#
# | | since | what you give up |
# |---|---|---|
# | processes by `forkserver` or `spawn` | 3.4 | what the parent has loaded: it is sent, or loaded again |
# | interpreters, each with [its own GIL](https://peps.python.org/pep-0684/) | 3.12 in C, 3.14 in Python | most sharing, and some extensions |
# | threads without a GIL | 3.13 as an experiment, 3.14 supported | the usual build, some speed and memory |
#
# **Interpreters.** Python 3.14 has
# [`concurrent.interpreters`](https://docs.python.org/3/library/concurrent.interpreters.html)
# ([PEP 734](https://peps.python.org/pep-0734/)) and
# [`InterpreterPoolExecutor`](https://docs.python.org/3/library/concurrent.futures.html#interpreterpoolexecutor). Most
# objects are copied by `pickle`, and not every package works there. Nor does `os.fork()`: it
# [raises `RuntimeError`](https://docs.python.org/3/library/os.html#os.fork).
#
# **Free threading.** A separate build has no GIL ([PEP 703](https://peps.python.org/pep-0703/), supported since
# [PEP 779](https://peps.python.org/pep-0779/)). One thread is on average 1 to 8 % slower there, and an extension that is
# not ready switches the GIL on again ([HOWTO](https://docs.python.org/3/howto/free-threading-python.html)). This page was
# not tried there.
#
# ## Start methods { #start-methods }
#
# `multiprocessing` and `ProcessPoolExecutor` start processes in one of three ways. The default
# [has changed twice](https://docs.python.org/3/library/multiprocessing.html#contexts-and-start-methods):
#
# | | up to 3.7 | 3.8 to 3.13 | since 3.14 |
# |---|---|---|---|
# | Linux, other POSIX systems | `fork` | `fork` | `forkserver` |
# | macOS | `fork` | `spawn` | `spawn` |
# | Windows | `spawn` | `spawn` | `spawn` |
#
# On macOS a `fork` without `exec` is [unsafe](https://docs.python.org/3/library/os.html#os.fork). And since 3.14.9 and
# 3.15.1 the default is `spawn` if no temporary directory can be written
# ([gh-155717](https://github.com/python/cpython/issues/155717)).
#
# With `fork`, a child has its function because it has all of the parent's memory. With the others it is sent by
# `pickle`, which refuses a `lambda` and what is defined inside a function. Tasks for a pool are always sent. With
# `forkserver` a child also inherits [what your imports have made](exec-and-spawn.md#fork-server). What each costs is
# [measured](../memory/cost.py).
#
# ## What fork still gives { #what-fork-still-gives }
#
# What was loaded before the fork is in the child at once, unsent and, until a process writes, in memory only once:
# [copy-on-write](../memory/copy-on-write.md), although in Python [reading is writing](../memory/reading-is-writing.md).
#
# ## How it bites { #how-it-bites }
#
# Nothing fails. The pool has many threads, and one CPU is busy. A tool for Bazel probably ran that way for long
# stretches; with processes it was about six times as fast in a test run ([a proposed
# change](https://github.com/hedronvision/bazel-compile-commands-extractor/pull/250)).
#
# Under Python 3.14 motionEye did not start: `Can't pickle local object`. A function
# [was defined inside another](https://github.com/motioneye-project/motioneye/issues/3256). Moved out, it started, but old
# videos stayed: the child that deletes them lacked the settings the parent had read. motionEye
# [names `fork` now](https://github.com/motioneye-project/motioneye/pull/3416).
#
# ## What to do { #what-to-do }
#
# - For waiting, take threads or `asyncio`.
# - For computing, take processes and name the start method: `multiprocessing.get_context("spawn")`. Prefer the
#   faster `forkserver` only if nothing you import starts a thread or opens a connection.
# - Take `fork` where children need much that is loaded already, and fork
#   [before the first thread](../locks/the-same-lock-in-python.md).
#
# ## In three lines { #in-three-lines }
#
# - With a GIL, threads wait at once and compute in turn; processes do both at once.
# - Interpreters, and builds without a GIL, compute at once too, each at a price: fork is no longer the only way.
# - What fork still gives: children share what is loaded, and keep to themselves what they write to memory.
#
# ## Sources { #sources }
#
# [What's new in Python 3.14](https://docs.python.org/3/whatsnew/3.14.html) ·
# [gh-84559](https://github.com/python/cpython/issues/84559), `forkserver` as the default ·
# [bpo-33725](https://github.com/python/cpython/issues/77906), `spawn` on macOS
