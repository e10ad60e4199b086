# ---
# title: "fork() is slow, or [Errno 12] Cannot allocate memory"
# description: Why os.fork() takes longer in a big process and fails with OSError [Errno 12], measured against subprocess, preexec_fn and multiprocessing; what to use.
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
# # fork() is slow, or [Errno 12] Cannot allocate memory { #cost }
#
# The more memory a process uses, the longer each `os.fork()` takes, and it can fail although memory is free. `subprocess`
# avoids both, because it usually starts a command without a fork. With `preexec_fn` it does fork.
#
# !!! abstract "In short"
#
#     - **You see** a process that blocks each time it starts a child, for longer and longer as its memory grows, or
#         `[Errno 12] Cannot allocate memory`.
#     - **Cause:** `fork()` copies the parent's page tables, the kernel's record of where its memory is. The kernel also
#         counts the parent's memory twice, and refuses the fork if that seems too much.
#     - **Fix:** [start commands with `subprocess`, but without `preexec_fn`](#fix), and fork
#         [Python workers early](#workers), while the parent is small. For Redis and bash,
#         [allow overcommit](#redis).
#
# ## See it happen { #see-it-happen }
#
# A parent starts a child that does nothing, in seven ways. The chart shows how long that took after the parent had written
# to more and more memory, up to 1 GiB:

# %%
from tools.figures import charts, fork_cost

record = charts.read("memory/fork_cost.figures.json")
fork_cost.chart(record)

# %% [markdown]
# In the upper half, `os.fork()` and `subprocess` with a `preexec_fn` rise with the memory of the parent, but
# `os.posix_spawn()` and a plain `subprocess` take the same short time for every parent. In the lower half, only the start
# method `fork` rises. `spawn` and `forkserver` are slow, but equally slow for every parent. These are the figures:

# %%
fork_cost.table(record)

# %% [markdown]
# ### Measure it on your machine { #figures }
#
# `python fork_cost.py 0 512` prints the milliseconds with 0 and with 512 MiB. Without sizes it prints whether each
# way takes more than four times as long with 512 MiB:
#
# ??? note "The program"
#
#     Each way to start a child is a generator. `yield` marks the moment at which the time is taken:
#
#     ```python title="memory/fork_cost.py"
#     --8<-- "memory/fork_cost.py:ways"
#     ```
#
#     1. `fork()` has returned in the parent, which could continue now.
#
#     `posix_spawn()` and `subprocess` run a command, `multiprocessing` runs a Python function:
#
#     ```python title="memory/fork_cost.py"
#     --8<-- "memory/fork_cost.py:others"
#     ```
#
#     1. `int()` stands for a function that does nothing.
#     2. After `join()`, because `start()` of `forkserver` and `spawn` returns long before the child can work.
#
#     The shortest of up to thirty times counts, because the longer ones include other work of the machine:
#
#     ```python title="memory/fork_cost.py"
#     --8<-- "memory/fork_cost.py:time"
#     ```
#
#     The parent writes to more and more of one mapping:
#
#     ```python title="memory/fork_cost.py"
#     --8<-- "memory/fork_cost.py:memory"
#     ```
#
#     1. One GiB of addresses in every measurement, which have no memory yet.
#     2. One byte in each page, which then has memory.
#
#     The main program:
#
#     ```python title="memory/fork_cost.py"
#     --8<-- "memory/fork_cost.py:main"
#     ```
#
#     1. Ends the helper processes of `forkserver` and `spawn`, which would otherwise outlive the program for a moment.
#
# ```console
# --8<-- "memory/fork_cost.out"
# ```
#
# The three that grow are those that fork the parent. On any machine, these ratios should meet the last column:

# %%
fork_cost.ratios(record)

# %% [markdown]
# ### The kernel refuses a fork { #refused }
#
# The next parent reserves more memory than the machine has, in one area, without writing to it. Under Linux's default
# setting it then tries `os.fork()` and a command with a `preexec_fn`:
#
# <div class="surprises" markdown>
#
# ```python title="memory/cannot_allocate.py"
# --8<-- "memory/cannot_allocate.py:parent"
# ```
#
# 1. Two thirds of all RAM and swap, because Linux refuses more than the whole in one call. The next line doubles it.
#
# </div>
#
# Each attempt prints the exit code or the error:
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
# Neither child would have used that memory.
#
# ## Why it happens { #why }
#
# `fork()` does not copy the parent's memory, but it copies the *page tables*, in which the kernel records where each page
# of the process is ([fork(2)](https://man7.org/linux/man-pages/man2/fork.2.html)). Each page to which the parent has
# written has an entry there, so a large parent has large tables. The kernel must also assume that parent and child will
# [copy every page by writing to it](copy-on-write.md#why), so it counts the parent's memory twice. How strictly it does
# so depends on a setting:
#
# | `vm.overcommit_memory` | a fork fails with `[Errno 12]` |
# |---|---|
# | 2, no overcommit | if all memory that processes have reserved, with this parent's counted again, exceeds `CommitLimit` |
# | 0, the default | if one area of the parent is larger than RAM and swap together; [before Linux 5.2](https://github.com/torvalds/linux/commit/8c7829b04c52), if not enough memory seemed to be free |
# | 1, always overcommit ([on Kubernetes nodes](https://github.com/kubernetes/kubernetes/pull/15087)) | never for this reason |
#
# `os.posix_spawn()` and `subprocess` copy no tables. As in [`vfork()`](https://man7.org/linux/man-pages/man2/vfork.2.html),
# the child runs in the parent's memory until it calls `exec`, and the calling thread waits for that. `subprocess` does so on
# Linux [since 3.10](https://github.com/python/cpython/issues/80004), but 3.12.0
# [always forked](https://github.com/python/cpython/issues/112334), and so do all versions
# [with](https://github.com/python/cpython/blob/v3.13.0/Modules/_posixsubprocess.c) `preexec_fn`, `user`, `group` or
# `extra_groups`.
#
# ### Huge pages make it fast { #huge-pages }
#
# A huge page of 2 MiB needs one entry instead of 512, so the dotted line of the chart, an `os.fork()` with
# [`MADV_HUGEPAGE`](https://man7.org/linux/man-pages/man2/madvise.2.html), hardly rises.
#
# ## Is it this? { #is-it-this }
#
# If a fork fails, you see one of these:
#
# | message | from |
# |---|---|
# | `OSError: [Errno 12] Cannot allocate memory` | `os.fork()`, `multiprocessing`, `subprocess` |
# | `fork: Cannot allocate memory` | bash |
# | `Can't save in background: fork: Cannot allocate memory` | Redis |
# | `WARNING Memory overcommit must be enabled!` | Redis, at its start |
#
# Look at the setting, and at the sum of what is reserved and its limit:
#
# ```sh
# sysctl vm.overcommit_memory
# grep -E 'CommitLimit|Committed_AS' /proc/meminfo
# ```
#
# If even a small process cannot fork although overcommit is allowed, PID 1 of its container
# [may have exited](https://man7.org/linux/man-pages/man7/pid_namespaces.7.html).
#
# If forks are slow, this command shows each fork of a process and how many seconds it took (`vfork()` and `CLONE_VFORK`
# copy no tables):
#
# ```sh
# sudo strace -f -T -e trace=clone,clone3,fork,vfork -p PID
# ```
#
# Redis reports the microseconds of its last fork as `latest_fork_usec` (`redis-cli info stats`).
#
# At edX, large processes could no longer start commands, until a small helper process, started early,
# [forked for them](https://github.com/openedx/codejail/pull/36).
#
# ## The fix { #fix }
#
# Start commands with `subprocess`. Replace `preexec_fn` with a parameter or a command:
#
# | `preexec_fn` calls | instead |
# |---|---|
# | `os.setsid()` | `start_new_session=True` |
# | `os.setpgid(0, 0)` | `process_group=0` |
# | `os.umask()`, `os.chdir()` | `umask=…`, `cwd=…` |
# | `resource.setrlimit()`, `os.nice()`, `os.setuid()` | the commands `prlimit`, `nice`, `setpriv` before yours |
#
# The parent that could not fork starts a command in this way:
#
# ```python title="memory/needs_no_fork.py"
# --8<-- "memory/needs_no_fork.py:3:"
# ```
#
# ```console
# --8<-- "memory/needs_no_fork.out"
# ```
#
# ### Python workers { #workers }
#
# Start the workers first and load the data afterwards. Or use `spawn` or `forkserver` (the default on Linux since Python
# 3.14), but then load nothing large at import, because a forkserver
# [has what your main module imports](../alternatives/exec-and-spawn.md#fork-server).
#
# ### Redis and bash { #redis }
#
# Redis forks to save its data, bash to start a command, so allow overcommit (permanently: in `/etc/sysctl.d/`):
#
# ```sh
# sudo sysctl vm.overcommit_memory=1
# ```
#
# ### What the fix does not cover { #limits }
#
# - With overcommit, processes can later write to more memory than there is. Then the kernel kills one of them.
# - A worker that replaces another one later is forked from a parent that may have grown by then.
# - Redis's warning of huge pages has [another fix](copy-on-write.md#huge-pages).
#
# ## Sources { #sources }
#
# [fork(2)](https://man7.org/linux/man-pages/man2/fork.2.html) ·
# [vfork(2)](https://man7.org/linux/man-pages/man2/vfork.2.html) ·
# [Overcommit Accounting](https://docs.kernel.org/mm/overcommit-accounting.html) ·
# [Redis on latency](https://github.com/redis/redis-doc/blob/7ea6ea86502c8696f42064e8462004f51248e847/docs/management/optimization/latency.md) ·
# [A fork() in the road](https://doi.org/10.1145/3317550.3321435)
