import tempfile

open("notes.txt", "w").close()
tempfile.mkstemp()
print("written")
