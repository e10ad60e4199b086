from preloaded import context, start_two

if __name__ == "__main__":
    context.set_forkserver_preload([])  # (1)!
    start_two()
