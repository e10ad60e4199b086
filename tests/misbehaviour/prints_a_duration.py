import time

begin = time.monotonic()
for _ in range(4_000_000):
    pass
taken = time.monotonic() - begin
fast = time.process_time()
print("quick" if taken < 1.2 * fast else "slow")
