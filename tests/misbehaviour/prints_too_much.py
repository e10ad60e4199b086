for _ in range(2 * 1024):
    print("x" * 1023)
