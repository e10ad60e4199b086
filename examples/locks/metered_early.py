from metered import application, start

start()
