import string

print(*set(string.ascii_letters))
