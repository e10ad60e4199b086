# Needs beside it: metrics.py
# Needs beside it: preloaded.py

from preloaded import context, start_two

context.set_forkserver_preload([])  # (1)!

if __name__ == "__main__":
    start_two()
